// Four replicas of a service share a bandit and a canary through Redis: what one learns all know, a truth finds its
// outcome wherever it comes, and a rollback in one is a rollback in all.
import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { RedisHub } from 'coronate/adapters/redis';
import { ThompsonSampling } from 'coronate/bandits';
import { CanaryDeployment } from 'coronate/canary';
import { closeness } from 'coronate/metrics';
import { createRng } from 'coronate/random';
import { type Hub, MemoryHub, share } from 'coronate/sharing';
import { createClient } from 'redis';
import { trainForest } from './lib/forest.ts';
import { trainLinear } from './lib/linear.ts';
import { heading, paragraph, percent, table, target } from './lib/print.ts';
import { freshWafers, loadWafers } from './lib/wafer.ts';

const { train } = loadWafers();
const linear = trainLinear(train.rows, train.yields);
const forest = await trainForest(train.rows, train.yields, { trees: 20, maxDepth: 8 });
const mean = train.yields.reduce((sum, y) => sum + y, 0) / train.yields.length;
const constant = { predict: () => mean };
const wafers = freshWafers(createRng(5), 2000);

/** A Redis server of our own on a free port of this machine, if there is one to start. */
async function startRedis() {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });
  const server = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  });
  return { url: `redis://127.0.0.1:${port}`, end: () => server.kill() };
}

const redis = await startRedis();
const connections: { destroy(): void }[] = [];
const memory = new Map<string, MemoryHub>();
/** A hub as one replica has it: with Redis, on connections of its own. */
async function connect(name: string): Promise<Hub> {
  if (redis === undefined) {
    memory.set(name, memory.get(name) ?? new MemoryHub());
    return memory.get(name)!;
  }
  const open = async () => {
    const client = createClient({ url: redis.url, socket: { reconnectStrategy: 50 } });
    client.on('error', () => undefined);
    connections.push(client);
    return client.connect();
  };
  return new RedisHub(await open(), { name, subscriber: await open() });
}

/** Four bandits, told apart or sharing every 100 requests of theirs. */
async function serve(name: string, shared: boolean) {
  const team = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (replica) => {
      const options = { name, arms: { linear, forest, constant }, reward: closeness({ scale: 10 }), seed: 42, replica };
      const bandit = new ThompsonSampling(options);
      return {
        bandit,
        sharing: shared ? await share(bandit, await connect(name), { replica, everyMs: 60_000 }) : undefined,
      };
    }),
  );
  const ids: { id: string; truth: number }[] = [];
  for (const [i, row] of wafers.rows.entries()) {
    const { bandit, sharing } = team[i % 4]!;
    const { requestId } = bandit.serve(row, { id: `${name}-${i}` });
    // A ninth of the truths come to another replica than the one that served.
    if (i % 9 === 8) ids.push({ id: requestId, truth: wafers.yields[i]! });
    else bandit.record(requestId, wafers.yields[i]!);
    if (sharing !== undefined && Math.floor(i / 4) % 100 === 99) await sharing.exchange();
  }
  for (let i = 0; i < 2; i += 1) for (const { sharing } of team) await sharing?.exchange();
  for (const [i, { id, truth }] of ids.entries()) team[(i + 1) % 4]!.bandit.record(id, truth);
  for (let i = 0; i < 3; i += 1) for (const { sharing } of team) await sharing?.exchange();
  for (const { sharing } of team) await sharing?.stop();
  return team.map(({ bandit }) => bandit.statistics());
}

if (redis === undefined) {
  paragraph('!!! redis-server is not installed: this runs IN MEMORY, in one process, and shows the calls alone.');
}
const shared = await serve('shared', true);
const apart = await serve('apart', false);
heading('What each of four replicas knows after 2,000 requests');
const pulls = (statistics: (typeof shared)[number]): number => statistics.reduce((sum, { pulls: n }) => sum + n, 0);
const lead = (statistics: (typeof shared)[number]): number =>
  Math.max(...statistics.map(({ selectionRate }) => selectionRate));
table(
  ['replica', 'rewards, shared', 'best arm gets', 'rewards, apart', 'best arm gets'],
  ['a', 'b', 'c', 'd'].map((name, i) => [
    name,
    pulls(shared[i]!),
    percent(lead(shared[i]!)),
    pulls(apart[i]!),
    percent(lead(apart[i]!)),
  ]),
);

/** Milliseconds until the other three have what one of them did. */
async function rollBack(): Promise<readonly number[]> {
  const team = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (replica) => {
      const canary = new CanaryDeployment({
        name: 'rollout',
        baseline: linear,
        canary: forest,
        stages: [10, 50, 100],
        seed: 42,
      });
      return { canary, sharing: await share(canary, await connect('rollout'), { replica }) };
    }),
  );
  for (const { sharing } of team) await sharing.exchange();
  const began = performance.now();
  const heard = team.slice(1).map(
    ({ canary }) =>
      new Promise<number>((resolve) => {
        canary.on('transition', ({ to }) => {
          if (to.phase === 'rolled-back') resolve(performance.now() - began);
        });
      }),
  );
  team[0]!.canary.rollback('seen by a person');
  const took = await Promise.all(heard);
  for (const { sharing } of team) await sharing.stop();
  return took;
}

const took = await rollBack();
heading('Target against measured');
const worst = Math.max(...took);
const met = [
  target(
    'every replica has every reward once',
    '2000 each',
    shared.map(pulls).join(' '),
    shared.every((one) => pulls(one) === 2000),
  ),
  target(
    'alone, each has a part of its own',
    '< 500 each',
    apart.map(pulls).join(' '),
    apart.every((one) => pulls(one) < 500),
  ),
  target('a rollback reaches all', '< 1 s', `${worst.toFixed(0)} ms`, worst < 1000),
];
for (const connection of connections) connection.destroy();
redis?.end();
if (met.includes(false)) process.exitCode = 1;
