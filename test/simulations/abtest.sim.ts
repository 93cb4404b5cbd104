import { ABTest } from '../../src/abtest/index.ts';
import { ManualClock } from '../../src/core/index.ts';
import {
  accuracy,
  compareAnytime,
  comparePaired,
  defineMetric,
  type Metric,
  MetricSummary,
  type Outcome,
  PairedValues,
} from '../../src/metrics/index.ts';
import { createRng, normal, type Rng } from '../../src/random/index.ts';
import {
  averageEValues,
  type DifferenceStage,
  eventExcessLogEValue,
  mcnemarLogEValue,
  multinomialLogEValue,
  rateRatioLogEValue,
  stagedDifferenceSequence,
} from '../../src/stats/sequential/index.ts';
import { Moments } from '../../src/stats/summaries/index.ts';
import type { Simulation, SimulationResult } from './Simulation.ts';

const ALPHA = 0.05;
const LOG_LIMIT = Math.log(1 / ALPHA);
const BURN_IN = 100;

/** A share of runs with the rule that judges it: at most the limit, within three Monte Carlo standard errors. */
function atMost(name: string, hits: number, runs: number, limit: number, detail: string): SimulationResult {
  const share = hits / runs;
  const se = Math.sqrt((limit * (1 - limit)) / runs);
  return {
    measured: { [name]: share, standardError: se },
    passed: share <= limit + 3 * se,
    detail: `${detail}; ${hits} of ${runs} runs, rule <= ${limit} + 3 se`,
  };
}

const metric = (kind: 'mean' | 'rate'): Metric =>
  defineMetric({ name: kind, kind, direction: 'lower', value: () => 0 }) as Metric;

/** How an experiment without a difference is watched: at every single observation. */
interface Watched {
  readonly n: number;
  readonly shares: (i: number) => readonly number[];
  readonly draw: (rng: Rng, i: number) => number;
  readonly rate?: boolean;
  /** Another plan of shares begins a new stage. */
  readonly stageAt?: readonly number[];
}

/** Whether any challenger is ever called different, at a level split among them. */
function everRejects({ n, shares, draw, rate = false, stageAt = [] }: Watched, rng: Rng, level = ALPHA): boolean {
  const arms = shares(0).length;
  const stages: Moments[][] = [];
  const limit = Math.log(arms - 1) - Math.log(level);
  for (let i = 0; i < n; i += 1) {
    if (i === 0 || stageAt.includes(i)) stages.push(Array.from({ length: arms }, () => new Moments()));
    const plan = shares(i);
    const u = rng.next();
    let [arm, sum] = [0, plan[0]!];
    while (u >= sum && arm < arms - 1) sum += plan[++arm]!;
    stages.at(-1)![arm]!.push(draw(rng, i));
    for (let k = 1; k < arms; k += 1) {
      if (logEvidence(stages, k, rate, shares(0), level / (arms - 1)) >= limit) return true;
    }
  }
  return false;
}

/** The log e-value of the comparison that `compareAnytime` makes, without its interval. */
function logEvidence(
  stages: readonly Moments[][],
  k: number,
  rate: boolean,
  plan: readonly number[],
  level: number,
): number {
  const pairs = stages.map((stage): DifferenceStage => [stage[0]!, stage[k]!]);
  const n = [0, 1].map((side) => pairs.reduce((total, pair) => total + pair[side as 0 | 1].n, 0));
  const early = Math.min(...n) < BURN_IN;
  if (early && !rate) return 0;
  const spent = rate ? 0.75 * level : level;
  const means = early ? undefined : stagedDifferenceSequence(pairs.map(smoothed(rate)), { alpha: spent });
  const log = means?.status === 'ok' ? means.logEValue! : 0;
  if (!rate) return log;
  const count = (moments: Moments) => ({ successes: Math.round(moments.sum), trials: moments.n });
  const epochs = pairs.map(([a, b]) => ({
    first: count(b as Moments),
    second: count(a as Moments),
    share: plan[k]! / (plan[0]! + plan[k]!),
  }));
  return averageEValues([log, rateRatioLogEValue(epochs)], { weights: [0.75, 0.25] });
}

/** As the library does: a rate without variation has that of one more case of either kind. */
function smoothed(rate: boolean) {
  const one = (m: DifferenceStage[0]): DifferenceStage[0] => {
    if (!rate || m.n < 2 || m.variance > 0) return m;
    const near = (m.n * m.mean + 1) / (m.n + 2);
    return { n: m.n, mean: m.mean, variance: near * (1 - near) };
  };
  return ([a, b]: DifferenceStage): DifferenceStage => [one(a), one(b)];
}

const even = () => [0.5, 0.5];
const bernoulli = (p: number) => (rng: Rng) => Number(rng.next() < p);
const lognormal = (sd: number) => (rng: Rng) => Math.exp(sd * normal(rng));

const watched: readonly (readonly [string, (n: number) => Watched])[] = [
  ['rate 0.002', (n) => ({ n, shares: even, draw: bernoulli(0.002), rate: true })],
  ['rate 0.01', (n) => ({ n, shares: even, draw: bernoulli(0.01), rate: true })],
  ['rate 0.1', (n) => ({ n, shares: even, draw: bernoulli(0.1), rate: true })],
  ['rate 0.5', (n) => ({ n, shares: even, draw: bernoulli(0.5), rate: true })],
  ['lognormal(1.5)', (n) => ({ n, shares: even, draw: lognormal(1.5) })],
  ['a 90/10 split, rate 0.1', (n) => ({ n, shares: () => [0.9, 0.1], draw: bernoulli(0.1), rate: true })],
  ['a 90/10 split, lognormal(1)', (n) => ({ n, shares: () => [0.9, 0.1], draw: lognormal(1) })],
  [
    'a ramp from 10 % to 50 % to 90 % while times change',
    (n) => ({
      n,
      shares: (i) => (i < n / 3 ? [0.9, 0.1] : i < (2 * n) / 3 ? [0.5, 0.5] : [0.1, 0.9]),
      stageAt: [Math.ceil(n / 3), Math.ceil((2 * n) / 3)],
      draw: (rng, i) => normal(rng) + (i < n / 3 ? 0 : i < (2 * n) / 3 ? 3 : -2),
    }),
  ],
  ['four variants', (n) => ({ n, shares: () => [0.25, 0.25, 0.25, 0.25], draw: (rng) => normal(rng) })],
];

const watching: readonly Simulation[] = watched.map(([name, make]) => ({
  name: `A/A watched at every observation: ${name}`,
  claim: 'equal models are called different in at most 5 % of tests, whoever looks after every observation',
  run: ({ full }) => {
    const [runs, n] = full ? [1000, 8000] : [120, 2000];
    const rng = createRng(`abtest/${name}`);
    let hits = 0;
    for (let run = 0; run < runs; run += 1) if (everRejects(make(n), rng.fork(run))) hits += 1;
    return atMost('falsePositives', hits, runs, ALPHA, `${n} requests`);
  },
}));

const paired: Simulation = {
  name: 'A/A watched at every observation: paired',
  claim: 'equal models on the same requests are called different in at most 5 % of tests',
  run: ({ full }) => {
    const [runs, n] = full ? [2000, 10_000] : [200, 2500];
    const rng = createRng('abtest/paired');
    let hits = 0;
    for (let run = 0; run < runs; run += 1) {
      let [onlyFirst, onlySecond] = [0, 0];
      const own = rng.fork(run);
      for (let pairs = 1; pairs <= n; pairs += 1) {
        const u = own.next();
        if (u < 0.025) onlyFirst += 1;
        else if (u < 0.05) onlySecond += 1;
        else continue;
        if (mcnemarLogEValue({ onlyFirst, onlySecond, pairs }) < LOG_LIMIT) continue;
        hits += 1;
        break;
      }
    }
    return atMost('falsePositives', hits, runs, ALPHA, `${n} requests, 5 % disagreement`);
  },
};

const adjusted: Simulation = {
  name: 'A/A watched at every observation: with a covariate (CUPED)',
  claim: 'equal models are called different in at most 5 % of tests where a covariate explains half of the variance',
  run: ({ full }) => {
    const [runs, n] = full ? [600, 5000] : [80, 1200];
    const rng = createRng('abtest/cuped');
    const withCovariate = { ...metric('mean'), covariate: () => 0 } as Metric;
    let hits = 0;
    for (let run = 0; run < runs; run += 1) {
      const own = rng.fork(run);
      const sides = [new MetricSummary(withCovariate), new MetricSummary(withCovariate)] as const;
      for (let i = 0; i < n; i += 1) {
        const x = normal(own);
        sides[own.next() < 0.5 ? 0 : 1].push(x + normal(own) + 10, x);
        if (Math.min(sides[0].n, sides[1].n) < BURN_IN) continue;
        const found = compareAnytime([{ reference: sides[0], candidate: sides[1] }]);
        if (found.status !== 'ok' || found.pValue > ALPHA) continue;
        hits += 1;
        break;
      }
    }
    return atMost('falsePositives', hits, runs, ALPHA, `${n} requests`);
  },
};

const sampleRatio: Simulation = {
  name: 'sample ratio mismatch, looked at 60 times',
  claim: 'at most 0.1 % false alarms at alpha 0.001 over 60 looks, also across a ramp, and a 52/48 split is found',
  run: ({ full }) => {
    const [runs, n] = full ? [20_000, 30_000] : [3000, 30_000];
    const rng = createRng('abtest/srm');
    const limit = Math.log(1000);
    const block = n / 60;
    const ever = (run: string, truth: number): boolean => {
      const own = rng.fork(run);
      const epochs = [0.5, 0.2].map((share) => ({ counts: [0, 0], shares: [1 - share, share] }));
      for (let look = 0; look < 60; look += 1) {
        const epoch = epochs[look < 30 ? 0 : 1]!;
        const p = epoch.shares[1]! + (look < 30 ? truth - 0.5 : 0);
        // The number of one block, by its normal approximation: a block has 500 requests.
        const second = Math.round(block * p + Math.sqrt(block * p * (1 - p)) * normal(own));
        epoch.counts[1]! += Math.min(block, Math.max(0, second));
        epoch.counts[0]! += block - Math.min(block, Math.max(0, second));
        if (multinomialLogEValue(look < 30 ? [epochs[0]!] : epochs) >= limit) return true;
      }
      return false;
    };
    let [alarms, found] = [0, 0];
    const tries = Math.min(runs, 500);
    for (let run = 0; run < runs; run += 1) if (ever(`null ${run}`, 0.5)) alarms += 1;
    for (let run = 0; run < tries; run += 1) if (ever(`52 ${run}`, 0.48)) found += 1;
    const rule = atMost('falseAlarms', alarms, runs, 0.001, `${n} requests, a ramp half-way`);
    const power = found / tries;
    return {
      measured: { ...rule.measured, foundOf52to48: power },
      passed: rule.passed && power > 0.5,
      detail: `${rule.detail}; a 52/48 split is found in ${(100 * power).toFixed(1)} % of ${tries} runs within 15,000 requests`,
    };
  },
};

const ratioTolerance: Simulation = {
  name: 'sample ratio mismatch within the tolerance, looked at 60 times',
  claim:
    'where one variant lacks exactly as many units as are tolerated (1 %), at most 0.1 % of tests are invalid, though more than half know of the mismatch; 52/48 is invalid',
  run: ({ full }) => {
    const [runs, n] = full ? [20_000, 6_000_000] : [3000, 6_000_000];
    const rng = createRng('abtest/srm-tolerance');
    const limit = Math.log(1000);
    /** The first look, of 60, at which it is known, and at which it is too much. */
    const ends = (run: string, share: number, size: number): readonly [number, number] => {
      const own = rng.fork(run);
      const counts = [0, 0];
      let known = Number.POSITIVE_INFINITY;
      for (let look = 1; look <= 60; look += 1) {
        const block = size / 60;
        const second = Math.round(block * share + Math.sqrt(block * share * (1 - share)) * normal(own));
        counts[1]! += second;
        counts[0]! += block - second;
        const epochs = [{ counts, shares: [0.5, 0.5] }];
        if (multinomialLogEValue(epochs) < limit) continue;
        known = Math.min(known, look * block);
        if (multinomialLogEValue(epochs, { tolerance: 0.01 }) >= limit) return [known, look * block];
      }
      return [known, Number.POSITIVE_INFINITY];
    };
    let [invalid, warned] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const [known, broken] = ends(`edge ${run}`, 0.99 / 1.99, n);
      if (Number.isFinite(known)) warned += 1;
      if (Number.isFinite(broken)) invalid += 1;
    }
    const tries = Math.min(runs, 500);
    const found = Array.from({ length: tries }, (_, run) => ends(`52 ${run}`, 0.48, 60_000));
    const median = (i: 0 | 1): number => found.map((end) => end[i]).sort((a, b) => a - b)[tries >> 1]!;
    const rule = atMost('invalidAtTheEdge', invalid, runs, 0.001, `${n} units, 1 % of one variant lost`);
    return {
      measured: {
        ...rule.measured,
        warnedAtTheEdge: warned / runs,
        medianUntilWarned52: median(0),
        medianUntilInvalid52: median(1),
      },
      passed: rule.passed && warned > runs / 2 && median(1) <= 2 * median(0),
      detail: `${rule.detail}; warned of in ${((100 * warned) / runs).toFixed(1)} %; 52/48 is known after ${median(0)} units, invalid after ${median(1)} (medians of ${tries})`,
    };
  },
};

/** Requests until failures of the challenger reach a budget: each of them is looked at. Infinity where they never do. */
function requestsUntilKill(rng: Rng, { failures: [p, q], share, limit, n, allowance = 0 }: KillWorld): number {
  const counts = { first: 0, second: 0, quiet: 0, share };
  for (let request = 1; request <= n; request += 1) {
    if (rng.next() >= share) {
      if (rng.next() < p) counts.second += 1;
      else counts.quiet += 1;
    } else if (rng.next() < q) {
      counts.first += 1;
      if (eventExcessLogEValue([counts], { allowance }) >= limit) return request;
    }
  }
  return Number.POSITIVE_INFINITY;
}

interface KillWorld {
  /** How often champion and challenger fail. */
  readonly failures: readonly [number, number];
  /** The challenger's. */
  readonly share: number;
  readonly limit: number;
  readonly n: number;
  readonly allowance?: number;
}

const falseKills: Simulation = {
  name: 'kill switch: challengers that fail no more often than the champion',
  claim:
    'watched at every failure, at most the budget of them is killed: rates 0.01 and 0.2, 50/50 and 90/10, with and without a margin, for budgets of 0.001 (the default) and 0.05',
  run: ({ full }) => {
    const [runs, n] = full ? [20_000, 20_000] : [1500, 5000];
    const rng = createRng('abtest/false kills');
    const measured: Record<string, number> = {};
    const rules = [0.001, 0.05].map((budget) => {
      const limit = -Math.log(budget);
      const worlds: KillWorld[] = [
        { failures: [0.01, 0.01], share: 0.5, limit, n },
        { failures: [0.2, 0.2], share: 0.1, limit, n: n / 4 },
        { failures: [0.01, 0.01 + 0.02 * 0.99], share: 0.5, limit, n, allowance: 0.02 },
      ];
      const each = worlds.map((world, w) => {
        let kills = 0;
        for (let run = 0; run < runs; run += 1) {
          if (requestsUntilKill(rng.fork(`${budget}/${w}/${run}`), world) < Number.POSITIVE_INFINITY) kills += 1;
        }
        return atMost(`falseKills${budget}/${w}`, kills, runs, budget, `${world.n} requests`);
      });
      Object.assign(measured, ...each.map((rule) => rule.measured));
      return each;
    });
    const all = rules.flat();
    return { measured, passed: all.every(({ passed }) => passed), detail: all.map(({ detail }) => detail).join('; ') };
  },
};

const kills: Simulation = {
  name: 'kill switch: a challenger that fails in 3 % of its requests beside a champion that never does',
  claim:
    'killed within 900 requests in half of the tests at 50/50, and within 1,500 in 95 %; by the default budget of 0.001',
  run: ({ full }) => {
    const runs = full ? 4000 : 400;
    const rng = createRng('abtest/kills');
    const limit = Math.log(1000);
    const quantiles = (share: number, failures: readonly [number, number]): readonly [number, number] => {
      const world = { failures, share, limit, n: 100_000 };
      const ends = Array.from({ length: runs }, (_, run) =>
        requestsUntilKill(rng.fork(`${share}/${failures}/${run}`), world),
      );
      ends.sort((a, b) => a - b);
      return [ends[runs >> 1]!, ends[Math.floor(0.95 * runs)]!];
    };
    const [half, tenth, doubled] = [quantiles(0.5, [0, 0.03]), quantiles(0.1, [0, 0.03]), quantiles(0.5, [0.01, 0.03])];
    return {
      measured: {
        median: half[0],
        within95: half[1],
        medianAtATenth: tenth[0],
        medianThreefold: doubled[0],
      },
      passed: half[0] <= 900 && half[1] <= 1500,
      detail: `${runs} runs; at 90/10 half are killed within ${tenth[0]} requests; 3 % beside 1 %, at 50/50, within ${doubled[0]}`,
    };
  },
};

const pairing: Simulation = {
  name: 'paired against split: accuracy 0.90 and 0.91, 5 % disagreement',
  claim:
    'pairing needs at least five times fewer requests at 80 % power, fixed against fixed and anytime against anytime',
  run: ({ full }) => {
    const runs = full ? 2000 : 150;
    const rng = createRng('abtest/pairing');
    const base = { baseline: { rate: 0.9 }, effect: { absolute: 0.01 }, power: 0.8 } as const;
    const pair = { mode: 'paired', disagreement: 0.05 } as const;
    const splitFixed = ABTest.plan({ ...base, inference: 'fixed' }).requests;
    const splitAnytime = ABTest.plan(base).requests;
    const plans = {
      splitFixed,
      pairedFixed: ABTest.plan({ ...base, ...pair, inference: 'fixed' }).requests,
      splitAnytime,
      // A fifth, where the exact sequence must reach the power for which the split test needs all of them, or more.
      pairedAnytime: Math.floor(splitAnytime / 5),
    };
    const metricOf = accuracy() as Metric;
    const hits = { splitFixed: 0, pairedFixed: 0, splitAnytime: 0, pairedAnytime: 0 };
    for (let run = 0; run < runs; run += 1) {
      const own = rng.fork(run);
      for (const inference of ['Fixed', 'Anytime'] as const) {
        const split = splitRun(own, plans[`split${inference}`], inference, metricOf);
        const both = pairedRun(own, plans[`paired${inference}`], inference, metricOf);
        if (split) hits[`split${inference}`] += 1;
        if (both) hits[`paired${inference}`] += 1;
      }
    }
    const se = Math.sqrt(0.16 / runs);
    const ratio = plans.splitFixed / plans.pairedFixed;
    const [a, b, c, d] = Object.values(hits).map((count) => count / runs) as [number, number, number, number];
    return {
      measured: {
        ...plans,
        ratioFixed: ratio,
        powerSplitFixed: a,
        powerPairedFixed: b,
        powerSplitAnytime: c,
        powerPairedAnytime: d,
      },
      passed: ratio >= 5 && b >= 0.8 - 3 * se && d >= 0.8 - 3 * se && a <= 0.8 + 3 * se && c <= 0.8 + 3 * se,
      detail: `${runs} runs of each, se ${se.toFixed(3)}; the split tests must not have more power than planned, the paired ones not less`,
    };
  },
};

/** Plans of rates, with the number of requests between two looks: looking less often can only cost power. */
const plannedRates = [
  { rate: 0.9, effect: 0.01, every: 250 },
  { rate: 0.5, effect: 0.05, every: 25 },
  { rate: 0.05, effect: 0.02, every: 25 },
  { rate: 0.01, effect: 0.01, every: 25 },
] as const;
const plannedPairs = [
  { effect: 0.01, disagreement: 0.05 },
  { effect: 0.03, disagreement: 0.05 },
  { effect: 0.02, disagreement: 0.2 },
] as const;

const planned: Simulation = {
  name: 'power of anytime plans of rates, split and paired',
  claim:
    'a test of the planned size finds the planned effect with the planned power of 80 %, and with no more than 87 %',
  run: ({ full }) => {
    const runs = full ? 2000 : 150;
    const rng = createRng('abtest/planned');
    const measured: Record<string, number> = {};
    for (const { rate, effect, every } of plannedRates) {
      const { requests, horizon } = ABTest.plan({ baseline: { rate }, effect: { absolute: effect } });
      let hits = 0;
      for (let run = 0; run < runs; run += 1) {
        if (plannedSplit(rng.fork(`${rate}/${run}`), rate, rate + effect, { requests, horizon, every })) hits += 1;
      }
      measured[`${rate} to ${rate + effect}, ${requests} requests`] = hits / runs;
    }
    for (const { effect, disagreement } of plannedPairs) {
      const options = { baseline: { rate: 0.9 }, effect: { absolute: effect }, mode: 'paired', disagreement } as const;
      const { requests } = ABTest.plan(options);
      let hits = 0;
      for (let run = 0; run < runs; run += 1) {
        if (plannedPaired(rng.fork(`${effect}/${run}`), effect, disagreement, requests)) hits += 1;
      }
      measured[`paired, effect ${effect}, disagreement ${disagreement}, ${requests} requests`] = hits / runs;
    }
    const se = Math.sqrt(0.16 / runs);
    const [least, most] = [Math.min(...Object.values(measured)), Math.max(...Object.values(measured))];
    return {
      measured,
      passed: least >= 0.8 - 3 * se && most <= 0.87 + 3 * se,
      detail: `${runs} runs of each, se ${se.toFixed(3)}, rule 0.8 - 3 se to 0.87 + 3 se`,
    };
  },
};

/** Whether a split test, watched up to its planned end, finds the better challenger. */
function plannedSplit(
  rng: Rng,
  champion: number,
  challenger: number,
  { requests, horizon, every }: { readonly requests: number; readonly horizon: number; readonly every: number },
): boolean {
  const of = accuracy() as Metric;
  const [reference, candidate] = [new MetricSummary(of), new MetricSummary(of)];
  const strata = [{ reference, candidate, share: 0.5 }];
  for (let i = 1; i <= requests; i += 1) {
    if (i % 2 === 0) candidate.push(Number(rng.next() < challenger));
    else reference.push(Number(rng.next() < champion));
    if ((i % every === 0 || i === requests) && significant(compareAnytime(strata, { horizon }))) return true;
  }
  return false;
}

/** The same for a paired one, of which the discordant requests are all that counts. */
function plannedPaired(rng: Rng, effect: number, disagreement: number, requests: number): boolean {
  const better = (disagreement + effect) / 2;
  let [onlyFirst, onlySecond] = [0, 0];
  for (let pairs = 1; pairs <= requests; pairs += 1) {
    const u = rng.next();
    if (u >= disagreement) continue;
    if (u < better) onlyFirst += 1;
    else onlySecond += 1;
    if (onlyFirst > onlySecond && mcnemarLogEValue({ onlyFirst, onlySecond, pairs }) >= LOG_LIMIT) return true;
  }
  return false;
}

const significant = (found: ReturnType<typeof compareAnytime>): boolean =>
  found.status === 'ok' && found.pValue <= ALPHA && found.estimate > 0;

function splitRun(rng: Rng, n: number, inference: 'Fixed' | 'Anytime', of: Metric): boolean {
  const [reference, candidate] = [new MetricSummary(of), new MetricSummary(of)];
  for (let i = 1; i <= n; i += 1) {
    if (i % 2 === 0) candidate.push(Number(rng.next() < 0.91));
    else reference.push(Number(rng.next() < 0.9));
    if (
      inference === 'Anytime' &&
      i % 2000 === 0 &&
      significant(compareAnytime([{ reference, candidate }], { horizon: n }))
    )
      return true;
  }
  const { n: a, moments: x } = reference;
  const { n: b, moments: y } = candidate;
  const z = (y.mean - x.mean) / Math.sqrt(x.variance / a + y.variance / b);
  return inference === 'Fixed' ? z > 1.959964 : significant(compareAnytime([{ reference, candidate }], { horizon: n }));
}

function pairedRun(rng: Rng, n: number, inference: 'Fixed' | 'Anytime', of: Metric): boolean {
  const data = { reference: new MetricSummary(of), candidate: new MetricSummary(of), pairs: new PairedValues(of) };
  for (let i = 1; i <= n; i += 1) {
    const u = rng.next();
    // Right: both 0.88, only the challenger 0.03, only the champion 0.02.
    const values = [Number(u < 0.88 || (u >= 0.91 && u < 0.93)), Number(u < 0.91)] as const;
    data.reference.push(values[0]);
    data.candidate.push(values[1]);
    data.pairs.push(values[0], values[1]);
    if (inference === 'Anytime' && i % 200 === 0 && significant(comparePaired(data))) return true;
  }
  return significant(comparePaired(data, { method: inference === 'Fixed' ? 'fixed' : 'anytime' }));
}

const whole: Simulation = {
  name: 'A/A of the whole test: serve, record, decide',
  claim: 'a test of equal models, asked for a decision every 25 requests, promotes in at most 2.5 % of runs',
  run: ({ full }) => {
    const [runs, requests] = full ? [1000, 4000] : [80, 1200];
    const model = { predict: (x: number) => x };
    const { aa, falsePositiveRate } = ABTest.simulate({
      test: {
        champion: model,
        challenger: model,
        metrics: [
          defineMetric({
            name: 'error',
            kind: 'mean',
            direction: 'lower',
            role: 'goal',
            value: ({ truth }: Outcome): number => Number(truth),
          }),
        ],
        burnIn: BURN_IN,
      },
      world: (rng) => ({ input: 0, truth: Math.abs(normal(rng)) }),
      requests,
      runs,
      every: 25,
      seed: 'whole',
    });
    return atMost(
      'promoted',
      Math.round(falsePositiveRate * runs),
      runs,
      0.025,
      `${requests} requests; ${(100 * aa.shares.REJECT).toFixed(1)} % rejected`,
    );
  },
};

const errors: Simulation = {
  name: '0 errors of 1000 beside 30 of 1000',
  claim: 'detected at every look that sees them, with an interval that holds the difference',
  run: () => {
    const clock = new ManualClock(0);
    const champion = { predict: () => 1 };
    const challenger = { predict: (x: number) => (x < 30 ? Number.NaN : 1) };
    const test = new ABTest({ champion, challenger, clock, seed: 1, assignment: { forced: new Map() } });
    let [a, b] = [0, 0];
    while (a < 1000 || b < 1000) {
      const { variant } = test.serve(b);
      if (variant === 'champion') a += 1;
      else b += 1;
    }
    const found = test.statisticalTest('errorRate');
    if (found.status !== 'ok') return { measured: {}, passed: false, detail: found.reason };
    const [low, high] = found.interval;
    return {
      measured: { pValue: found.pValue, estimate: found.estimate, low, high },
      passed: found.pValue < 1e-5 && low < -0.03 && high < 0 && high > -0.03,
      detail: `${found.method}, improvement ${found.estimate.toFixed(4)} [${low.toFixed(4)}, ${high.toFixed(4)}]`,
    };
  },
};

/** Operating characteristics of A/B tests. */
export const simulations: readonly Simulation[] = [
  ...watching,
  paired,
  adjusted,
  sampleRatio,
  ratioTolerance,
  falseKills,
  kills,
  pairing,
  planned,
  whole,
  errors,
];
