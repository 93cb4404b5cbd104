import { createClient } from 'redis';
import { ABTest } from '../../src/abtest/index.ts';
import { RedisHub } from '../../src/adapters/redis/index.ts';
import { ThompsonSampling } from '../../src/bandits/index.ts';
import { absoluteError } from '../../src/metrics/index.ts';
import { share } from '../../src/sharing/index.ts';
import type { ScaleCommand, ScaleReply, ScaleTask } from './scaleTypes.ts';

/** One replica of bench/scale: a strategy, alone or shared at the default interval, that serves as it is told. */
const { port, kind, name, shared, lateMs } = JSON.parse(process.argv[2]!) as ScaleTask;
const arms = { a: { predict: (x: number) => x }, b: { predict: (x: number) => -x }, c: { predict: () => 0 } };
const strategy =
  kind === 'bandit'
    ? new ThompsonSampling({ name, arms, reward: ({ variant }) => Number(variant === 'a'), seed: 1 })
    : new ABTest({ name, champion: arms.a, challenger: arms.b, metrics: [absoluteError({ role: 'goal' })], seed: 1 });
const client = createClient({ url: `redis://127.0.0.1:${port}` });
client.on('error', () => undefined);
// Both are connected: what a connection costs by itself is not the sharing.
await client.connect();
if (shared) await share(strategy, new RedisHub(client, { name }));

let decisions = 0;
/** Decisions whose truth comes with them. */
const serve = (calls: number): void => {
  for (let i = 0; i < calls; i += 1) strategy.predict(i, { truth: 1 });
  decisions += calls;
};

/** Decisions whose truth is yet to come, oldest first. */
let waiting: { readonly requestId: string; readonly due: number }[] = [];
const serveLate = (calls: number, now: number): void => {
  for (let i = 0; i < calls; i += 1) waiting.push({ requestId: strategy.serve(i).requestId, due: now + lateMs });
  decisions += calls;
};
const recordDue = (now: number): void => {
  const first = waiting.findIndex(({ due }) => due > now);
  const due = first < 0 ? waiting.length : first;
  for (let i = 0; i < due; i += 1) strategy.record(waiting[i]!.requestId, 1);
  if (due > 0) waiting = waiting.slice(due);
};

let perSecond = 0;
/** Decisions at a pace, a few at a time, from now on. */
function start(): void {
  let last = performance.now();
  let owed = 0;
  setInterval(() => {
    const now = performance.now();
    // A machine that stood still is not made up for: a second's worth at once would be no pace.
    owed += Math.min(perSecond, (perSecond * (now - last)) / 1000);
    last = now;
    const calls = Math.floor(owed);
    owed -= calls;
    if (lateMs === 0) serve(calls);
    else serveLate(calls, now);
    recordDue(now);
  }, 5);
}

const reply = (): void => {
  const { user, system } = process.cpuUsage();
  process.send!({ decisions, cpuUs: user + system } satisfies ScaleReply);
};
process.on('message', async (command: ScaleCommand) => {
  if (command.type === 'pace') {
    if (perSecond === 0) start();
    perSecond = command.perSecond;
  }
  for (let left = command.type === 'serve' ? command.calls : 0; left > 0; left -= 1000) {
    serve(Math.min(1000, left));
    // A service comes up for air between requests: timers and sockets have their turn.
    await new Promise((resolve) => void setImmediate(resolve));
  }
  reply();
});
process.on('disconnect', () => process.exit());
reply();
