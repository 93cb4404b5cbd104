import { createClient } from 'redis';
import { RedisHub } from '../../../src/adapters/redis/index.ts';
import { absoluteError } from '../../../src/metrics/index.ts';
import { Rollout, type StepVerdict } from '../../../src/rollout/index.ts';
import { share } from '../../../src/sharing/index.ts';
import type { RolloutCommand, RolloutReply } from './rolloutTypes.ts';

/** One process of several that share a rollout through Redis. It does what it is told, and says what it knows. */
const [port, label] = process.argv.slice(2) as [string, string];
const connect = () => createClient({ url: `redis://127.0.0.1:${port}` }).connect();
const hold = (): StepVerdict => ({ verdict: 'hold', reasons: [] });
const rollout = new Rollout({
  name: 'shared',
  seed: 1,
  current: { predict: (x: number) => x },
  candidate: { predict: (x: number) => x + ((x * 7919) % 13) / 100 },
  metrics: [absoluteError({ role: 'goal' })],
  shadow: { cpuShare: 1, criteria: hold },
  abTest: { criteria: hold },
  canary: { stages: [50, 100] },
  production: { requireApproval: true },
});
const hub = new RedisHub(await connect(), { name: 'rollout', subscriber: await connect() });
const replica = await share(rollout, hub, { replica: label, everyMs: 50 });

/** What all replicas must agree on, to the last count. */
function evidence(): Record<string, unknown> {
  const { phase, status, shadow, abTest, canary } = rollout;
  const compared = shadow?.compare('candidate');
  const round = (value: number | undefined): number | undefined =>
    value === undefined ? undefined : Number(value.toPrecision(10));
  const summary = abTest?.summary();
  const metrics = summary?.variants.flatMap((variant) => variant.metrics) ?? [];
  const errors = metrics.filter(({ metric }) => metric === 'absoluteError');
  return {
    phase,
    requests: status.requests,
    attempt: status.attempt,
    shadow: compared && { compared: compared.compared, agreed: compared.agreed },
    abTest: summary && {
      requests: summary.requests,
      truths: errors.reduce((sum, { n }) => sum + n, 0),
      errors: errors.map(({ value }) => round(value)),
    },
    canary: canary && {
      phase: canary.phase,
      metrics: [canary.checkHealth().metrics, canary.checkHealth().baselineMetrics].map((metrics) =>
        Object.values(metrics).map((value) => round(value as number)),
      ),
    },
  };
}

const tell = (reply: RolloutReply): void => void process.send!(reply, undefined, undefined, () => undefined);

process.on('message', async (command: RolloutCommand) => {
  if (command.type === 'serve') {
    const ids: string[] = [];
    for (let i = 0; i < command.times; i += 1) {
      const { requestId } = await rollout.serve(command.from + i);
      ids.push(requestId);
    }
    await rollout.drain({ deadlineMs: 2000 });
    tell({ type: 'served', ids });
  } else if (command.type === 'record') {
    tell({ type: 'recorded', results: command.truths.map(([id, truth]) => rollout.record(id, truth)) });
  } else if (command.type === 'act') {
    rollout[command.act]({ actor: label });
    tell({ type: 'acted' });
  } else {
    await replica.exchange();
    const { truths, refused } = replica.status;
    tell({ type: 'report', evidence: evidence(), asked: truths.asked, refused, story: rollout.toText() });
  }
});
process.once('disconnect', () => process.exit(0));
tell({ type: 'ready' });
