import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { normal, type Rng } from '../../src/random/index.ts';
import { type PromotionCriteria, ShadowRunner } from '../../src/shadow/index.ts';
import { resolveCriteria } from '../../src/shadow/promotion/PromotionCriteria.ts';
import { ShadowStudy } from '../../src/shadow/ShadowStudy.ts';
import { checkRates, rateOf } from './rates.ts';
import type { Simulation, SimulationResult } from './Simulation.ts';

const DAY = 86_400_000;
const DAYS = 14;

/** One labelled request, as a study reads it. */
interface Case {
  readonly primary: boolean;
  readonly candidate: boolean;
  readonly truth: boolean;
  /** (primary, candidate); left out where no curve is judged. */
  readonly scores?: readonly [number, number];
  readonly group?: string;
}

interface Scenario {
  readonly criteria: PromotionCriteria;
  readonly perDay: number;
  draw(rng: Rng): Case;
}

interface Ending {
  readonly decision: 'promote' | 'hold' | 'reject' | 'expired';
  /** Labelled requests at the deciding look. */
  readonly labelled: number;
}

/** A shadow run of two weeks, looked at every evening; the first promotion or rejection ends it. */
function watch(rng: Rng, { criteria, perDay, draw }: Scenario): Ending {
  const context = { metrics: [], classification: true, regression: false, noise: false, subgroup: true };
  const study = new ShadowStudy({
    shadows: ['next'],
    metrics: [],
    criteria: resolveCriteria({ minSamples: perDay, minDurationMs: 0, ...criteria }, context),
    classification: true,
    regression: false,
    sampleSize: 10_000,
    worst: 0,
    stream: (label) => rng.fork(label),
  });
  const { counts } = study.evidence('next')!.tally;
  let labelled = 0;
  for (let day = 1; day <= DAYS; day += 1) {
    for (let i = 0; i < perDay; i += 1) {
      const { primary, candidate, truth, scores, group } = draw(rng);
      const subgroups: Record<string, string> = group === undefined ? {} : { group };
      const read = (positive: boolean, score: number | undefined) =>
        score === undefined ? { positive } : { positive, score };
      const [first, second] = [read(primary, scores?.[0]), read(candidate, scores?.[1])];
      const request = { requestId: null, servedAt: day * DAY, shadow: 'next', subgroups } as const;
      counts.offered += 1;
      study.observe({
        kind: 'comparison',
        ...request,
        sampleRate: 1,
        comparison: primary === candidate ? 'agreed' : 'disagreed',
        distance: null,
        primary: { status: 'ok', latencyMs: 1, ...first },
        candidate: { status: 'ok', latencyMs: 1, ...second },
      });
      study.observe({ kind: 'truth', ...request, truth: { positive: truth }, primary: first, candidate: second });
      labelled += 1;
    }
    const now = (day + 1) * DAY;
    const state = { now, until: now, expired: false, truthsWaiting: false, lostRecords: 0 };
    const { decision } = study.promotion('next', state);
    if (decision === 'promote' || decision === 'reject') return { decision, labelled };
  }
  return { decision: 'hold', labelled };
}

/** Answers of a detector with these rates. */
function detector(rng: Rng, prevalence: number, recall: number, falsePositives: number): Case {
  const truth = rng.next() < prevalence;
  const candidate = rng.next() < (truth ? recall : falsePositives);
  return { truth, candidate, primary: truth };
}

/** Two readers who are right together, and apart on `only` shares of the requests. */
function readers(rng: Rng, onlyPrimary: number, onlyCandidate: number): Case {
  const truth = rng.next() < 0.5;
  const u = rng.next();
  const right: readonly [boolean, boolean] =
    u < onlyPrimary ? [true, false] : u < onlyPrimary + onlyCandidate ? [false, true] : [true, true];
  return { truth, primary: right[0] === truth, candidate: right[1] === truth };
}

/** Scores of equal or shifted normal laws: the area under the curve is Phi(shift / sqrt 2). */
function scored(rng: Rng, shift: number, lag: number): Case {
  const truth = rng.next() < 0.5;
  const common = 0.8 * normal(rng);
  const score = (gap: number): number => common + 0.6 * normal(rng) + (truth ? gap : 0);
  const scores = [score(shift), score(shift - lag)] as const;
  return { truth, scores, primary: scores[0] > shift / 2, candidate: scores[1] > shift / 2 };
}

const atLimit: readonly (readonly [string, Scenario])[] = [
  [
    'precision',
    {
      perDay: 700,
      criteria: { precision: { above: 0.95 } },
      // Of 4.75 % true and 0.25 % false alarms, 95 % are true.
      draw: (rng) => detector(rng, 0.05, 0.95, 0.0025 / 0.95),
    },
  ],
  [
    'false positives',
    {
      perDay: 700,
      criteria: { falsePositiveRate: { below: 0.01 } },
      draw: (rng) => detector(rng, 0.05, 1, 0.01),
    },
  ],
  [
    'non-inferior accuracy',
    {
      perDay: 500,
      criteria: { nonInferiority: { accuracy: 0.02 } },
      draw: (rng) => readers(rng, 0.06, 0.04),
    },
  ],
  [
    'a gap between groups',
    {
      perDay: 700,
      criteria: { subgroups: [{ metric: 'accuracy', minEach: 100, maxGap: 0.05 }] },
      draw: (rng) => {
        const group = rng.next() < 0.3 ? 'a' : 'b';
        const truth = rng.next() < 0.5;
        return { truth, primary: truth, candidate: rng.next() < (group === 'a' ? 0.9 : 0.95) === truth, group };
      },
    },
  ],
  [
    'an area under the curve',
    {
      perDay: 150,
      criteria: { rocAuc: { above: 0.76025 } },
      // Phi(1 / sqrt 2) = 0.760250.
      draw: (rng) => scored(rng, 1, 0),
    },
  ],
];

function falsePromotions(name: string, scenario: Scenario, runs: number): SimulationResult {
  const rate = rateOf(runs, `shadow at the limit, ${name}`, (rng) => watch(rng, scenario).decision === 'promote');
  return checkRates(runs, [{ name: 'promoted', rate, rule: 'at most', target: 0.05 }]);
}

/** Finds 90 % with a precision of 99 % and 0.05 % false alarms, where 95 % and 1 % are asked. */
const good: Scenario = {
  perDay: 1000,
  criteria: { minSamples: 5000, precision: { above: 0.95 }, falsePositiveRate: { below: 0.01 } },
  draw: (rng) => detector(rng, 0.05, 0.9, 0.0005),
};
const bad: Scenario = { ...good, draw: (rng) => detector(rng, 0.05, 0.9, 0.0065) };

function outcome(scenario: Scenario, wanted: Ending['decision'], runs: number): SimulationResult {
  const labels: number[] = [];
  const wrong = wanted === 'promote' ? 'reject' : 'promote';
  let mistakes = 0;
  const rate = rateOf(runs, `shadow, clearly ${wanted}`, (rng) => {
    const { decision, labelled } = watch(rng, scenario);
    if (decision === wrong) mistakes += 1;
    if (decision === wanted) labels.push(labelled);
    return decision === wanted;
  });
  labels.sort((a, b) => a - b);
  const result = checkRates(runs, [{ name: wanted, rate, rule: 'at least', target: 0.95 }]);
  const quantile = (p: number): number => labels[Math.floor(p * (labels.length - 1))] ?? Number.NaN;
  const measured = {
    ...result.measured,
    [wrong]: mistakes / runs,
    medianLabelled: quantile(0.5),
    p90Labelled: quantile(0.9),
  };
  return { ...result, measured };
}

/** Heap in use after a collection, in MiB. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** Shadows that throw, reject, hang, change their input, answer nonsense and lie about being promises. */
function hostile(): Record<string, { predict(row: number[]): unknown }> {
  let calls = 0;
  return {
    throws: {
      predict: () => {
        throw calls++ % 2 === 0 ? undefined : new Error('no');
      },
    },
    rejects: { predict: () => Promise.reject(Object.create(null)) },
    hangs: { predict: () => new Promise(() => undefined) },
    changes: {
      predict: (row) => {
        row.fill(-1);
        return row.splice(0).length;
      },
    },
    nonsense: { predict: (row) => [undefined, Number.NaN, null, row, 1n][calls++ % 5] },
    pretends: {
      predict: () => ({
        // biome-ignore lint/suspicious/noThenProperty: a thenable that breaks its word is the point
        then: (done: (value: unknown) => void) => {
          done(1);
          throw new Error('twice');
        },
      }),
    },
  };
}

async function million(requests: number): Promise<SimulationResult> {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', listener);
  const primary = { predict: (row: number[]) => row[0]! * 2 + row[1]! };
  const runner = new ShadowRunner({
    primary,
    shadows: hostile(),
    classification: {},
    noise: { rate: 0.1 },
    subgroup: ([x = 0]: number[]) => ({ parity: x % 2 === 0 ? 'even' : 'odd' }),
    queue: { capacity: 64, concurrency: 16 },
    shadowTimeoutMs: 5,
    cpuShare: 0.3,
    sampleRate: 0.5,
    truth: { capacity: 1000 },
    // What is kept by design fills up early, so that whatever grows after that is a leak.
    sampleSize: 200,
    auditCapacity: 100,
    log: { capacity: 512 },
    seed: 1,
    sinks: [{ name: 'broken', write: () => Promise.reject(new Error('down')) }],
  });
  const row = [0, 0];
  let changed = 0;
  let before = 0;
  for (let i = 0; i < requests; i += 1) {
    [row[0], row[1]] = [i, i % 7];
    const request = i % 5 === 0 ? { id: `r${i}` } : undefined;
    if (runner.predict(row, request) !== 2 * i + (i % 7)) changed += 1;
    if (row.length !== 2 || row[0] !== i) changed += 1;
    if (i % 10 === 0) runner.record(`r${i}`, i % 2);
    if (i % 500 === 499) await new Promise((resolve) => setTimeout(resolve, 1));
    if (i === Math.floor(requests / 2)) before = heap();
  }
  const { pending } = await runner.drain({ deadlineMs: 20_000 });
  const grown = heap() - before;
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', listener);
  const all = runner.report().comparisons;
  const missing = all.reduce((sum, { offered, compared, incomparable, dropped, waiting }) => {
    const gone = Object.values(dropped).reduce((a, b) => a + b, 0);
    return sum + Math.abs(offered - compared - incomparable - gone - waiting);
  }, 0);
  const [first] = all as [(typeof all)[0]];
  const ran = first.compared + first.incomparable;
  const { requests: came, sampledOut } = runner.traffic;
  const measured = {
    requests: came,
    changed,
    unhandled: unhandled.length,
    offered: first.offered,
    missing,
    pending,
  };
  const adds = missing === 0 && first.offered === came - sampledOut && came === requests;
  const passed = adds && changed === 0 && unhandled.length === 0 && pending === 0 && grown < 8 && ran > 1000;
  // How many ran, and how much the heap grew, is never twice the same: it stands there where something is wrong.
  const seen = passed ? '' : `; ${ran} ran, ${grown.toFixed(1)} MiB grown`;
  return {
    measured,
    passed,
    detail: `six hostile shadows, a broken sink, half of the requests sampled; heap grown less than 8 MiB${seen}`,
  };
}

/** What promotions promise under daily looks for two weeks, and what the serving path promises under hostile shadows. */
export const simulations: readonly Simulation[] = [
  {
    name: 'shadow, a million requests behind hostile shadows',
    claim: 'no answer changes, no rejection goes unhandled, memory stays flat, drops add up exactly',
    run: () => million(1_000_000),
  },
  ...atLimit.map(
    ([name, scenario]): Simulation => ({
      name: `shadow promotion exactly at the limit: ${name}`,
      claim: 'at most 5 % are promoted, looked at every day for two weeks',
      run: ({ full }) => falsePromotions(name, scenario, full ? 500 : 100),
    }),
  ),
  {
    name: 'shadow promotion of a clearly good model',
    claim:
      'at least 95 % are promoted within two weeks: precision 98.9 % against 95 %, 0.05 % false positives against 1 %',
    run: ({ full }) => outcome(good, 'promote', full ? 300 : 60),
  },
  {
    name: 'shadow rejection of a clearly bad model',
    claim: 'at least 95 % are rejected within two weeks: precision 87.9 % against 95 %',
    run: ({ full }) => outcome(bad, 'reject', full ? 300 : 60),
  },
];
