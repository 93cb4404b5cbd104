import { createClient } from 'redis';
import { ABTest } from '../../src/abtest/index.ts';
import { RedisHub } from '../../src/adapters/redis/index.ts';
import { ThompsonSampling } from '../../src/bandits/index.ts';
import { type AnyStrategy, ManualClock } from '../../src/core/index.ts';
import { defineMetric } from '../../src/metrics/index.ts';
import { createRng } from '../../src/random/index.ts';
import { type Hub, type Replica, share } from '../../src/sharing/index.ts';
import { hasRedis, startRedis } from '../support/redisServer.ts';
import type { Simulation, SimulationResult } from './Simulation.ts';

const RATES = [0.5, 0.45, 0.4, 0.4, 0.35];
const REQUESTS = 2000;
const REPLICAS = 4;
const LABELS = Array.from({ length: REPLICAS }, (_, i) => `r${i}`);

/** The replicas' sides of one shared strategy, each over a connection of its own. */
interface Meeting {
  readonly hubs: readonly Hub[];
  /** Forgets what was shared. */
  end(): Promise<void>;
}
type Meet = (name: string) => Meeting;

/** Runs with a Redis server of our own; without one nothing is measured, which no full-size report may hide. */
async function overRedis(full: boolean, run: (meet: Meet) => Promise<SimulationResult>): Promise<SimulationResult> {
  if (!hasRedis()) return { measured: {}, passed: !full, detail: 'SKIPPED: redis-server is not installed' };
  const server = await startRedis();
  const clients = await Promise.all(LABELS.map(() => createClient({ url: server.url }).connect()));
  try {
    return await run((name) => {
      const hubs = clients.map((client) => new RedisHub(client, { name }));
      return { hubs, end: () => hubs[0]!.remove() };
    });
  } finally {
    for (const client of clients) client.destroy();
    await server.end();
  }
}

/** Time stands still: rounds happen where the loop says so, and nowhere else. */
const clock = new ManualClock(0);

/**
 * A strategy in one process (`every` is 0), or in four that talk after so many requests of the service, in turn.
 * `talk` says whether the replica of that request did.
 */
async function team<S extends AnyStrategy>(
  create: () => S,
  every: number,
  { hubs }: Meeting,
): Promise<{ of(i: number): S; talk(i: number): Promise<boolean>; end(): Promise<void> }> {
  if (every === 0) {
    const only = create();
    return { of: () => only, talk: async () => false, end: async () => undefined };
  }
  const strategies = LABELS.map(create);
  const replicas: Replica[] = [];
  for (const [i, strategy] of strategies.entries()) {
    replicas.push(await share(strategy, hubs[i]!, { replica: LABELS[i]!, clock }));
  }
  const exchange = async (replica: Replica): Promise<void> => {
    if (!(await replica.exchange())) throw new Error('a round with Redis failed');
  };
  const own = every / REPLICAS;
  return {
    of: (i) => strategies[i % REPLICAS]!,
    talk: async (i) => {
      const due = Math.floor(i / REPLICAS) % own === own - 1;
      if (due) await exchange(replicas[i % REPLICAS]!);
      return due;
    },
    end: async () => {
      for (let round = 0; round < 2; round += 1) for (const replica of replicas) await exchange(replica);
      for (const replica of replicas) await replica.stop();
    },
  };
}

/** The regret of one run, and whether the best arm is named at its end. */
async function playBandit(seed: string, every: number, meeting: Meeting): Promise<{ regret: number; best: number }> {
  const arms = Object.fromEntries(
    RATES.map((rate, i) => [`arm${i}`, { predict: (luck: number) => Number(luck < rate) }]),
  );
  const create = () => new ThompsonSampling({ seed, clock, arms, reward: ({ prediction }) => Number(prediction) });
  const { of, talk, end } = await team(create, every, meeting);
  const traffic = createRng(seed);
  let regret = 0;
  for (let i = 0; i < REQUESTS; i += 1) {
    const { variant } = of(i).serve(traffic.next(), { truth: 1 });
    regret += RATES[0]! - RATES[Number(variant.slice(3))]!;
    await talk(i);
  }
  await end();
  return { regret, best: Number(of(0).bestArm() === 'arm0') };
}

interface Series {
  readonly regrets: readonly number[];
  readonly best: number;
}

async function play(meet: Meet, runs: number, every: number): Promise<Series> {
  const regrets: number[] = [];
  let best = 0;
  for (let run = 0; run < runs; run += 1) {
    const meeting = meet(`regret/${every}/${run}`);
    const one = await playBandit(`sharing/${run}`, every, meeting);
    await meeting.end();
    regrets.push(one.regret);
    best += one.best / runs;
  }
  return { regrets, best };
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly sd: number; readonly se: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return { mean, sd, se: sd / Math.sqrt(values.length) };
}

/** Requests between two looks at a test, and between two rounds of a replica. */
const LOOK = 100;

/** Never talking before the end. */
const NEVER = 2 * REQUESTS;

/** What counts as noise: this share of the standard deviation of one run of one process. */
const NOISE = 0.25;

async function regretOverIntervals(full: boolean, meet: Meet): Promise<SimulationResult> {
  const runs = full ? 300 : 20;
  const intervals = full ? [20, 40, 100, 200, 400, 1000, NEVER] : [100, 400, NEVER];
  const one = await play(meet, runs, 0);
  const base = momentsOf(one.regrets);
  const band = NOISE * base.sd;
  const measured: Record<string, number> = { 'one process': base.mean, 'one process, best named': one.best };
  const parts: string[] = [];
  const within: Record<number, boolean> = {};
  const beyond: Record<number, boolean> = {};
  let named = true;
  for (const every of intervals) {
    const { regrets, best } = await play(meet, runs, every);
    const { mean } = momentsOf(regrets);
    // On the same traffic, run by run.
    const more = momentsOf(regrets.map((regret, run) => regret - one.regrets[run]!));
    const label = every === NEVER ? 'never' : `every ${every}`;
    measured[label] = mean;
    measured[`${label}, best named`] = best;
    parts.push(`${label}: ${more.mean.toFixed(1)} ± ${more.se.toFixed(1)}`);
    within[every] = more.mean - 3 * more.se < band;
    beyond[every] = more.mean - 3 * more.se > band;
    const se = Math.sqrt((best * (1 - best) + one.best * (1 - one.best)) / runs);
    if (every === 100) named = best - one.best >= -3 * se;
  }
  const detail = `${runs} runs of ${REQUESTS} requests over redis-server; more regret than one process (${base.mean.toFixed(1)} ± ${base.se.toFixed(1)}, one run's SD ${base.sd.toFixed(1)}) ± SE: ${parts.join('; ')}; rule: at 100 at most ${NOISE} SD more and the best arm named as often, within 3 SE; never talking breaks that rule by more than 3 SE`;
  return { measured, passed: within[100]! && named && beyond[NEVER]!, detail };
}

/** Which requests a replica knows: its own, and of the others what they had told when it last heard. */
class Heard {
  readonly #known: (i: number) => void;
  readonly #untold: number[][] = LABELS.map(() => []);
  #told: number[] = [];

  constructor(known: (i: number) => void) {
    this.#known = known;
  }

  served(i: number): void {
    if (i % REPLICAS === 0) this.#known(i);
    else this.#untold[i % REPLICAS]!.push(i);
  }

  /** The replica of request `i` has told, and heard. */
  exchanged(i: number): void {
    if (i % REPLICAS === 0) {
      for (const other of this.#told) this.#known(other);
      this.#told = [];
    } else {
      this.#told.push(...this.#untold[i % REPLICAS]!.splice(0));
    }
  }
}

interface Verdict {
  /** The requests until the first decision, or all. */
  readonly at: number;
  readonly last: string;
  /** The looks at which the replica said what one process does not that knows the same requests. */
  readonly strange: number;
}

/** When a test of two rates is decided, and how, looked at after every 100 requests. */
async function playTest(seed: string, every: number, meeting: Meeting): Promise<Verdict> {
  const score = defineMetric({
    name: 'score',
    kind: 'rate',
    direction: 'higher',
    role: 'goal',
    due: 'serve',
    value: ({ prediction }) => Boolean(prediction),
  });
  const champion = { predict: (luck: number) => luck < 0.4 };
  const challenger = { model: { predict: (luck: number) => luck < 0.55 }, trafficShare: 0.5 };
  const create = () => new ABTest({ name: 'rates', seed, clock, champion, challenger, metrics: [score] });
  const { of, talk, end } = await team(create, every, meeting);
  const draws = createRng(seed);
  const traffic = Array.from({ length: REQUESTS }, () => draws.next());
  const serve = (test: ReturnType<typeof create>, i: number) => test.serve(traffic[i]!, { unit: `${seed}/${i}` });
  const twin = create();
  const heard = new Heard((i) => serve(twin, i));
  let at: number | undefined;
  let strange = 0;
  for (let i = 0; i < REQUESTS; i += 1) {
    serve(of(i), i);
    heard.served(i);
    if (await talk(i)) heard.exchanged(i);
    if ((i + 1) % LOOK !== 0) continue;
    // The first replica: it told and heard before the three others of this interval told theirs.
    const { decision } = of(0).decide();
    if (every > 0 && decision !== twin.decide().decision) strange += 1;
    if (decision !== 'CONTINUE') at ??= i + 1;
  }
  await end();
  return { at: at ?? REQUESTS, last: of(0).decide().decision, strange };
}

async function decisionsOverRedis(full: boolean, meet: Meet): Promise<SimulationResult> {
  const runs = full ? 200 : 8;
  let same = 0;
  let strange = 0;
  let promoted = 0;
  const delays: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const meeting = meet(`test/${run}`);
    const one = await playTest(`test/${run}`, 0, meeting);
    const four = await playTest(`test/${run}`, LOOK, meeting);
    await meeting.end();
    same += Number(one.last === four.last);
    strange += four.strange;
    promoted += Number(one.last === 'PROMOTE');
    delays.push(four.at - one.at);
  }
  const { mean, se } = momentsOf(delays);
  const longest = Math.max(...delays);
  const late = delays.filter((delay) => delay > 2 * LOOK).length / runs;
  const measured = {
    'looks that differ': strange,
    agree: same / runs,
    promoted: promoted / runs,
    delay: mean,
    'later than 200': late,
    'longest delay': longest,
  };
  // Where nothing were ever decided, agreement would say nothing.
  const told = promoted > runs / 2;
  const detail = `${runs} runs of ${REQUESTS} requests over redis-server, rates 0.40 and 0.55, units hashed as in one process; delay in requests ± SE ${mean.toFixed(0)} ± ${se.toFixed(0)}; rule: no look differs, all agree at the end, the delay is at most ${LOOK} requests within 3 SE, and more than half promote`;
  return { measured, passed: strange === 0 && same === runs && mean - 3 * se <= LOOK && told, detail };
}

/** Regret and decisions of replicas that share through Redis, over how often they do. */
export const simulations: readonly Simulation[] = [
  {
    name: 'sharing/regret over flush intervals',
    claim:
      'four replicas that share through Redis every 100 requests regret no more than one process on the same traffic, within noise',
    run: ({ full }) => overRedis(full, (meet) => regretOverIntervals(full, meet)),
  },
  {
    name: 'sharing/decisions of a shared A/B test',
    claim:
      'four replicas that share through Redis every 100 requests say at every look what one process says that has seen the requests they have heard of, and on the same traffic decide on average at most one interval later than one process that has seen all',
    run: ({ full }) => overRedis(full, (meet) => decisionsOverRedis(full, meet)),
  },
];
