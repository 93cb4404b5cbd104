import { appendFileSync, closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { RedisHub } from '../../../src/adapters/redis/index.ts';
import type { AnyStrategy } from '../../../src/core/index.ts';
import { ABTest, CanaryDeployment, createRng, defineMetric, ThompsonSampling } from '../../../src/index.ts';
import { type Hub, type Replica, type Round, type RoundResult, share } from '../../../src/sharing/index.ts';
import { addTo, type ChaosCommand, type ChaosReply, type LedgerLine, type Tallies } from '../chaosTypes.ts';

/** One process that serves a bandit, an A/B test and a canary, shares them, and writes down what it was acknowledged. */
const [port, folder, label, seed, everyMs] = process.argv.slice(2) as [string, string, string, string, string];
const rng = createRng(`${seed}/${label}/${process.pid}`);
const ledger = openSync(join(folder, `${label}.${process.pid}.ledger`), 'a');
const progress = openSync(join(folder, `${label}.${process.pid}.progress`), 'w');

const write = (line: LedgerLine): void => {
  writeSync(ledger, `${JSON.stringify(line)}\n`);
  fsyncSync(ledger);
};

/** A driver that is gone hears nothing; that is no error of this process. */
const tell = (reply: ChaosReply): void => void process.send!(reply, undefined, undefined, () => undefined);

/** What user code saw learnt in this process, by strategy and variant: independent of anything that the library counts. */
const learnt: Record<string, Tallies> = { bandit: {}, ab: {}, canary: {} };
const note = (strategy: string, variant: string, value: number): number => {
  addTo(learnt[strategy]!, { [variant]: { n: 1, sum: value } });
  return value;
};
const minus = (now: Tallies, before: Tallies): Tallies =>
  Object.fromEntries(
    Object.entries(now).map(([key, { n, sum }]) => [
      key,
      { n: n - (before[key]?.n ?? 0), sum: sum - (before[key]?.sum ?? 0) },
    ]),
  );

/** The hub as this process sees it, over a network that doubles and delays; every flush is noted when it is made. */
class ChaoticHub implements Hub {
  readonly name: string;
  readonly #hub: RedisHub;
  readonly #key: string;
  readonly made: Map<string, Tallies> = new Map();
  #before: Tallies = {};

  constructor(key: string, hub: RedisHub) {
    this.name = hub.name;
    this.#key = key;
    this.#hub = hub;
  }
  join: Hub['join'] = (...args) => this.#hub.join(...args);
  leave: Hub['leave'] = (...args) => this.#hub.leave(...args);
  propose: Hub['propose'] = (...args) => this.#hub.propose(...args);
  watch: NonNullable<Hub['watch']> = (listener) => this.#hub.watch(listener);

  async exchange(round: Round, call: { signal?: AbortSignal } = {}): Promise<RoundResult> {
    if (round.flush !== undefined && !this.made.has(`${round.replica}/${round.flush.id}`)) {
      const now = structuredClone(learnt[this.#key]!);
      const tallies = minus(now, this.#before);
      this.#before = now;
      this.made.set(`${round.replica}/${round.flush.id}`, tallies);
      write({ type: 'sent', strategy: this.#key, replica: round.replica, flush: round.flush.id, tallies });
    }
    const copy = structuredClone(round);
    const dice = rng.next();
    const quietly = (): void => void this.#hub.exchange(copy).catch(() => undefined);
    if (dice < 0.15) quietly();
    if (dice > 0.85) setTimeout(quietly, 300 * rng.next());
    const result = await this.#hub.exchange(round, call);
    if (dice > 0.45 && dice < 0.55) throw new Error('the answer was lost');
    return result;
  }
}

const odd = Number(label.slice(-1)) % 2 === 1;
const quiet = (): void => undefined;
const nodeRedis = async () => {
  const client = createClient({ url: `redis://127.0.0.1:${port}`, socket: { reconnectStrategy: 100 } });
  client.on('error', quiet);
  return client.connect();
};
const ioRedis = (): Redis => {
  const client = new Redis({ port: Number(port), maxRetriesPerRequest: null, retryStrategy: () => 100 });
  client.on('error', quiet);
  return client;
};
const client = odd ? ioRedis() : await nodeRedis();
const subscriber = odd ? ioRedis() : await nodeRedis();

const model = (quality: number) => ({ predict: (x: number) => (x < quality ? 1 : 0) });
const bandit = new ThompsonSampling({
  name: 'bandit',
  seed,
  arms: { a: model(0.5), b: model(0.6), c: model(0.4) },
  reward: ({ variant, truth }) => note('bandit', variant, Number(truth)),
});
const score = (strategy: string) =>
  defineMetric({
    name: 'score',
    kind: 'mean',
    direction: 'higher',
    role: 'goal',
    due: 'truth',
    value: ({ variant, truth }) => note(strategy, variant, Number(truth)),
  });
const ab = new ABTest({
  name: 'ab',
  seed,
  champion: model(0.5),
  challenger: { model: model(0.5), trafficShare: 0.3 },
  metrics: [score('ab')],
});
const canary = new CanaryDeployment({
  name: 'canary',
  seed,
  baseline: model(0.5),
  canary: model(0.5),
  stages: [10, 50, 100],
  metrics: [score('canary')],
});

const strategies: Record<string, AnyStrategy> = { bandit, ab, canary } as never;
const replicas: Record<string, Replica> = {};
for (const [key, strategy] of Object.entries(strategies)) {
  const hub = new ChaoticHub(key, new RedisHub(client as never, { name: key, subscriber: subscriber as never }));
  const options = { replica: label, everyMs: Number(everyMs), timeoutMs: 1000, foldAt: 20, graceMs: 600_000 };
  const replica = await share(strategy, hub, options);
  replica.on('flushed', ({ flush }) => {
    const { replica: life } = replica.status;
    const tallies = hub.made.get(`${life}/${flush}`) ?? {};
    write({ type: 'acknowledged', strategy: key, replica: life, flush, tallies });
  });
  replicas[key] = replica;
}

let served = 0;
let serving = true;
const truthOf = (key: string): number => (key === 'bandit' ? Number(rng.next() < 0.5) : Math.floor(rng.next() * 4));
function serveSome(): void {
  for (let i = 0; i < 10; i += 1) {
    for (const [key, strategy] of Object.entries(strategies)) {
      const x = rng.next();
      const late = rng.next() < 0.05;
      const truth = truthOf(key);
      const call = strategy as unknown as { serve(x: number, request: object): { requestId: string } };
      const { requestId } = call.serve(x, late ? {} : { truth });
      // Its truth comes to any of the processes, some of them to two at once.
      if (late) tell({ type: 'truth', strategy: key, requestId, truth });
      served += 1;
    }
  }
  writeSync(progress, JSON.stringify({ served, learnt }).padEnd(400, ' '), 0);
}
const timer = setInterval(() => {
  try {
    if (serving) serveSome();
  } catch (error) {
    appendFileSync(join(folder, 'failures'), `${label}: ${String(error)}\n`);
  }
}, 10);

const heldByBandit = (): Tallies =>
  Object.fromEntries(bandit.statistics().map(({ arm, pulls, totalReward }) => [arm, { n: pulls, sum: totalReward }]));

type Moments = { readonly moments: { readonly n: number; readonly sum: number } };
/** Over all epochs and stages: what the strategies themselves tell is of those that are compared. */
const addMoments = (into: Tallies, variant: string, { moments: { n, sum } }: Moments): void => {
  addTo(into, { [variant]: { n, sum } });
};
function heldByTest(): Tallies {
  const held: Tallies = {};
  const { strata } = (
    ab.snapshot().state as never as {
      own: { observed: { total: { epochs: { strata: { summaries: Moments[][] }[] } } } };
    }
  ).own.observed.total.epochs;
  for (const { summaries } of strata) {
    summaries.forEach((row, v) => void addMoments(held, ab.variants[v]!, row[0]!));
  }
  return held;
}
function heldByCanary(): Tallies {
  const held: Tallies = {};
  const saved = canary.snapshot().state as never as {
    own: { engine: { evidence: { canary: Moments; baseline: Moments }[][] } };
  };
  for (const stages of saved.own.engine.evidence) {
    for (const stage of stages) for (const arm of ['canary', 'baseline'] as const) addMoments(held, arm, stage[arm]);
  }
  return held;
}

/** Good rounds in a row, however many bad ones come before: the network loses answers, and a busy machine is late. */
async function rounds(replica: Replica, good: number): Promise<void> {
  for (let left = good, tries = 0; left > 0 && tries < 100; tries += 1)
    left = (await replica.exchange()) ? left - 1 : good;
}

const phase = (): string => JSON.stringify([canary.phase.phase, 'stage' in canary.phase ? canary.phase.stage : null]);
process.on('message', (command: ChaosCommand) => {
  void (async () => {
    if (command.type === 'record') strategies[command.strategy]!.record(command.requestId, command.truth);
    if (command.type === 'ramp') {
      ab.ramp({ challenger: command.share });
      await rounds(replicas.ab!, 1);
      tell({ type: 'ramped' });
    }
    if (command.type === 'rollback') {
      tell({ type: 'rolled-back', at: Date.now() });
      canary.rollback('by hand');
    }
    if (command.type === 'pause') serving = false;
    if (command.type === 'settle') {
      // What is in flight is told again until its answer comes, and what others told is read.
      for (const replica of Object.values(replicas)) await rounds(replica, 3);
      tell({ type: 'settled' });
    }
    if (command.type === 'report') {
      const totals = {
        held: { bandit: heldByBandit(), ab: heldByTest(), canary: heldByCanary() },
        shares: ab.shares,
        phase: phase(),
      };
      const status = Object.fromEntries(Object.entries(replicas).map(([key, replica]) => [key, replica.status]));
      tell({ type: 'report', totals, status, served });
    }
    if (command.type === 'stop') {
      clearInterval(timer);
      for (const replica of Object.values(replicas)) await replica.stop();
      closeSync(ledger);
      process.exit(0);
    }
  })();
});
process.on('disconnect', () => process.exit(1));
canary.on('transition', ({ to }) => {
  if (to.phase === 'rolled-back') tell({ type: 'saw-rollback', at: Date.now() });
});
tell({ type: 'ready' });
