import { CapPilots } from '../../src/abtest/CapPilots.ts';
import { ABTest } from '../../src/abtest/index.ts';
import { measureWeighted, weightedMetric } from '../../src/abtest/LabelWeights.ts';
import { ManualClock } from '../../src/core/index.ts';
import {
  accuracy,
  brier,
  compareAnytime,
  comparePaired,
  defineMetric,
  logLoss,
  type Measured,
  type Metric,
  MetricSummary,
  type Outcome,
  PairedValues,
} from '../../src/metrics/index.ts';
import { createRng, normal, type Rng } from '../../src/random/index.ts';
import type { Simulation, SimulationResult } from './Simulation.ts';

const ALPHA = 0.05;

/** A share of runs with the rule that judges it: at most the limit, within three Monte Carlo standard errors. */
function atMost(hits: number, runs: number, limit: number): { readonly share: number; readonly passed: boolean } {
  const se = Math.sqrt((limit * (1 - limit)) / runs);
  return { share: hits / runs, passed: hits / runs <= limit + 3 * se };
}

function judged(counts: Readonly<Record<string, number>>, runs: number, detail: string): SimulationResult {
  const shares = Object.entries(counts).map(([name, hits]) => [name, atMost(hits, runs, ALPHA)] as const);
  const se = Math.sqrt((ALPHA * (1 - ALPHA)) / runs);
  return {
    measured: Object.fromEntries(shares.map(([name, { share }]) => [name, share])),
    passed: shares.every(([, { passed }]) => passed),
    detail: `${detail}; ${runs} runs of each, se ${se.toFixed(4)}, rule <= ${ALPHA} + 3 se`,
  };
}

/** Whether a comparison of both sides ever rejects, looked at from the burn-in on, in steps of 2 %. */
function everRejects(n: number, push: (i: number) => void, rejects: () => boolean, from = 200): boolean {
  let next = from;
  for (let i = 1; i <= n; i += 1) {
    push(i);
    if (i < next) continue;
    if (rejects()) return true;
    next = Math.max(i + 1, Math.ceil(i * 1.02));
  }
  return false;
}

/** Fraud that is seen only where a payment was let through, judged by metrics of all payments. */
const LET_THROUGH = 0.1;
const fraudMetric = weightedMetric(accuracy() as Metric);

interface FraudWorld {
  /** Risks above it are blocked, and seen with a chance of one in ten. */
  readonly limit: number;
  /** What the model says of a fraud's chance; undefined: truths are weighted alone. */
  readonly model: ((risk: number) => number) | undefined;
  /** What the chance to be seen is taken for. */
  readonly propensity: number;
}

const chanceOf = (risk: number): number => (risk < 0.6 ? 0.05 : 0.9);

function payment(rng: Rng, { limit, model, propensity }: FraudWorld, into: MetricSummary): void {
  const risk = rng.next();
  const fraud = rng.next() < chanceOf(risk);
  const blocked = risk > limit;
  const seen = !blocked || rng.next() < LET_THROUGH;
  if (!seen && model === undefined) return;
  const p = model?.(risk);
  const expected = p === undefined ? p : [true, false].map((truth) => ({ truth, probability: truth ? p : 1 - p }));
  const outcome = { status: 'ok', prediction: blocked, truth: seen ? fraud : undefined } as unknown as Outcome;
  const value = measureWeighted(fraudMetric, outcome, { weight: blocked ? 1 / propensity : 1, expected });
  if (value !== undefined) into.push(value);
}

const worlds: Readonly<Record<string, Omit<FraudWorld, 'limit'>>> = {
  weighted: { model: undefined, propensity: LET_THROUGH },
  'augmented, right model': { model: chanceOf, propensity: LET_THROUGH },
  'augmented, wrong model': { model: (risk) => 1 - risk, propensity: LET_THROUGH },
  'augmented, wrong propensities, right model': { model: chanceOf, propensity: 0.3 },
};

const watchedLabels: Simulation = {
  name: 'A/A watched: truths seen with a known chance, weighted and augmented',
  claim:
    'equal models are called different in at most 5 % of tests, also with a wrong model of the truth or wrong propensities',
  run: ({ full }) => {
    const [runs, n] = full ? [2000, 10_000] : [150, 2500];
    const counts: Record<string, number> = {};
    for (const [name, world] of Object.entries(worlds)) {
      const rng = createRng(`labels/${name}`);
      counts[name] = 0;
      for (let run = 0; run < runs; run += 1) {
        const own = rng.fork(run);
        const sides = [new MetricSummary(fraudMetric), new MetricSummary(fraudMetric)] as const;
        const push = (): void => payment(own, { ...world, limit: 0.5 }, sides[own.next() < 0.5 ? 0 : 1]);
        const rejects = (): boolean => {
          const found = compareAnytime([{ reference: sides[0], candidate: sides[1] }]);
          return found.status === 'ok' && found.pValue <= ALPHA;
        };
        if (everRejects(n, push, rejects)) counts[name]! += 1;
      }
    }
    return judged(counts, runs, `${n} payments, looks every 2 %`);
  },
};

const augmented: Simulation = {
  name: 'AIPW beside IPW: bias and variance',
  claim:
    'the augmented estimate is unbiased where the propensities or the model of the truth are right, and has a smaller variance than weighting where the model is right',
  run: ({ full }) => {
    const [runs, n] = full ? [20_000, 500] : [1500, 500];
    // Right below both, wrong between limit and 0.6, right above: of uniform risks.
    const truth = 0.5 * 0.95 + 0.1 * 0.05 + 0.4 * 0.9;
    const measured: Record<string, number> = {};
    const variances: Record<string, number> = {};
    let passed = true;
    for (const [name, world] of Object.entries({
      ...worlds,
      neither: { ...worlds['augmented, wrong model']!, propensity: 0.3 },
    })) {
      const rng = createRng('labels/bias');
      let [sum, squares] = [0, 0];
      for (let run = 0; run < runs; run += 1) {
        const own = rng.fork(run);
        const summary = new MetricSummary(fraudMetric);
        for (let i = 0; i < n; i += 1) payment(own, { ...world, limit: 0.5 }, summary);
        const off = summary.value! - truth;
        sum += off;
        squares += off * off;
      }
      const bias = sum / runs;
      const variance = (squares - runs * bias * bias) / (runs - 1);
      measured[`bias in se: ${name}`] = bias / Math.sqrt(variance / runs);
      variances[name] = variance;
      const fair = name !== 'neither';
      // A ratio of sums of n payments is biased by about a variance over its denominator: part of IPW, not of AIPW.
      const limit = name === 'weighted' ? 4 : 3;
      passed &&= fair
        ? Math.abs(measured[`bias in se: ${name}`]!) < limit
        : Math.abs(bias / Math.sqrt(variance / runs)) > 5;
    }
    const gain = variances.weighted! / variances['augmented, right model']!;
    const se = 2 / Math.sqrt(runs - 1);
    measured.varianceRatio = gain;
    return {
      measured,
      passed: passed && Math.log(gain) > 3 * se,
      detail: `${runs} runs of ${n} payments; |bias| < 3 se (4 for weighting), more than 5 se where both are wrong; log of the variance ratio > 3 se (${se.toFixed(3)})`,
    };
  },
};

const cut = defineMetric({
  name: 'amount',
  kind: 'mean',
  direction: 'higher',
  cap: { quantile: 0.99, pilot: 500 },
  value: () => 0,
}) as Metric;

/** A test of amounts whose cap is fixed by a pilot, or of amounts as they are. @returns whether it ever rejects */
function amountsReject(
  rng: Rng,
  {
    n,
    share,
    lift,
    capped,
  }: { readonly n: number; readonly share: number; readonly lift: number; readonly capped: boolean },
): boolean {
  const caps = new CapPilots([cut]);
  const sides = [new MetricSummary(cut), new MetricSummary(cut)] as const;
  const push = (): void => {
    const arm = rng.next() < share ? 1 : 0;
    const value = Math.exp(1.5 * normal(rng)) * (arm === 1 ? lift : 1);
    const cap = capped ? caps.capOf(0) : Number.POSITIVE_INFINITY;
    if (cap === undefined) caps.push(0, value);
    else sides[arm].push(Math.min(value, cap));
  };
  const rejects = (): boolean => {
    const found = compareAnytime([{ reference: sides[0], candidate: sides[1] }]);
    return found.status === 'ok' && found.pValue <= ALPHA;
  };
  return everRejects(n, push, rejects);
}

const cappedAmounts: Simulation = {
  name: 'A/A watched: means capped at a quantile that a pilot fixes',
  claim: 'equal models are called different in at most 5 % of tests of lognormal(1.5) amounts, at 50/50 and at 90/10',
  run: ({ full }) => {
    const [runs, n] = full ? [2000, 10_000] : [200, 3000];
    const counts: Record<string, number> = {};
    for (const share of [0.5, 0.1]) {
      const rng = createRng(`caps/${share}`);
      const name = `challenger's share ${share}`;
      counts[name] = 0;
      for (let run = 0; run < runs; run += 1) {
        if (amountsReject(rng.fork(run), { n, share, lift: 1, capped: true })) counts[name]! += 1;
      }
    }
    return judged(counts, runs, `${n} amounts, 500 of them the pilot, looks every 2 %`);
  },
};

const cappedPower: Simulation = {
  name: 'power of means capped at a quantile that a pilot fixes',
  claim:
    'amounts of lognormal(1.5) that are 15 % higher are found more often with the cap than without, pilot included',
  run: ({ full }) => {
    const [runs, n] = full ? [2000, 10_000] : [200, 10_000];
    const rng = createRng('caps/power');
    const found = { capped: 0, plain: 0 };
    for (let run = 0; run < runs; run += 1) {
      const options = { n, share: 0.5, lift: 1.15 };
      if (amountsReject(rng.fork(run), { ...options, capped: true })) found.capped += 1;
      if (amountsReject(rng.fork(run), { ...options, capped: false })) found.plain += 1;
    }
    const [a, b] = [found.capped / runs, found.plain / runs];
    const se = Math.sqrt((a * (1 - a) + b * (1 - b)) / runs);
    return {
      measured: { capped: a, plain: b },
      passed: a - b > 3 * se,
      detail: `${n} amounts; ${runs} runs of each on the same data, difference > 3 se (${se.toFixed(4)})`,
    };
  },
};

/** Requests of users who come again: what a user's requests have in common is most of them. */
interface Crowd {
  readonly metric: Metric;
  readonly value: (own: number, rng: Rng) => Measured;
}

const of = (kind: Metric['kind'], more: object = {}): Metric =>
  defineMetric({ name: kind, kind, direction: 'lower', value: () => 0, ...more } as never) as Metric;
const crowds: Readonly<Record<string, Crowd>> = {
  mean: { metric: of('mean'), value: (own, rng) => own + 0.5 * normal(rng) },
  ratio: {
    metric: of('ratio'),
    value: (own, rng) => {
      const views = 1 + Math.floor(3 * rng.next());
      return [views * Math.exp(0.5 * own + 0.3 * normal(rng)), views];
    },
  },
  median: { metric: of('quantile', { quantile: 0.5 }), value: (own, rng) => Math.exp(own + 0.5 * normal(rng)) },
  p95: { metric: of('quantile', { quantile: 0.95 }), value: (own, rng) => Math.exp(own + 0.5 * normal(rng)) },
};

const clustered: Simulation = {
  name: 'A/A watched: users who come again',
  claim:
    'equal models are called different in at most 5 % of tests where 10 requests of a user depend on each other: means, ratios, quantiles, and means in paired mode',
  run: ({ full }) => {
    const [runs, n] = full ? [1500, 10_000] : [120, 3000];
    const counts: Record<string, number> = {};
    for (const [name, crowd] of Object.entries(crowds)) {
      const rng = createRng(`clustered/${name}`);
      counts[name] = 0;
      for (let run = 0; run < runs; run += 1) if (crowdRejects(rng.fork(run), n, crowd)) counts[name]! += 1;
    }
    const rng = createRng('clustered/paired');
    counts['mean, paired'] = 0;
    for (let run = 0; run < runs; run += 1) if (pairedCrowdRejects(rng.fork(run), n)) counts['mean, paired']! += 1;
    return judged(counts, runs, `${n} requests of ${n / 10} users, looks every 2 %`);
  },
};

/** The user of a request: of the next `n / 10`, in no order; whether the user has been here, and what is the user's own. */
function visits(rng: Rng, n: number): () => { user: number; repeated: boolean; own: number; other: number } {
  const users = Array.from({ length: n / 10 }, () => ({ own: normal(rng), other: normal(rng), seen: false }));
  return () => {
    const user = Math.floor(rng.next() * users.length);
    const found = users[user]!;
    const repeated = found.seen;
    found.seen = true;
    return { user, repeated, own: found.own, other: found.other };
  };
}

function crowdRejects(rng: Rng, n: number, { metric, value }: Crowd): boolean {
  const sides = [new MetricSummary(metric), new MetricSummary(metric)] as const;
  const visit = visits(rng, n);
  const push = (): void => {
    const { user, repeated, own } = visit();
    const cluster = Math.imul(user + 1, 0x9e3779b1) >>> 0;
    // Half of the users get the challenger, all the time.
    sides[user % 2 === 0 ? 0 : 1].push(value(own, rng), undefined, cluster >>> 8, repeated);
  };
  const rejects = (): boolean => {
    const found = compareAnytime([{ reference: sides[0], candidate: sides[1] }]);
    return found.status === 'ok' && found.pValue <= ALPHA;
  };
  return everRejects(n, push, rejects);
}

function pairedCrowdRejects(rng: Rng, n: number): boolean {
  const metric = of('mean', { range: [-10, 10] });
  const data = {
    reference: new MetricSummary(metric),
    candidate: new MetricSummary(metric),
    pairs: new PairedValues(metric),
  };
  const visit = visits(rng, n);
  const push = (): void => {
    const { user, repeated, own, other } = visit();
    const cluster = Math.imul(user + 1, 0x9e3779b1) >>> 8;
    data.pairs.push(own + 0.5 * normal(rng), other + 0.5 * normal(rng), cluster, repeated);
  };
  const rejects = (): boolean => {
    const found = comparePaired(data);
    return found.status === 'ok' && found.pValue <= ALPHA;
  };
  return everRejects(n, push, rejects);
}

const DAY = 86_400_000;
const spent = defineMetric({
  name: 'spent',
  kind: 'mean',
  role: 'goal',
  direction: 'higher',
  due: 'serve',
  value: ({ prediction }) => prediction as number,
}) as Metric;

/**
 * Users who come ten times: on each of eight days, of both devices alike, from one of two countries. Half of them leave after
 * four days, and others come in their place; the shares change in between.
 */
function returningUsers(rng: Rng, users: number): ABTest<Spender, Spender> {
  const clock = new ManualClock(0);
  const test = new ABTest({
    ...{ name: `returning ${rng.next()}`, seed: 1, clock, champion: spender, challenger: spender, metrics: [spent] },
    segments: {
      country: (_: number, { context }) => (context as Visit).country,
      device: (_: number, { context }) => (context as Visit).device,
    },
  });
  const crowd = Array.from({ length: 2 * users }, (_, user) => ({ user, own: normal(rng) }));
  for (let day = 0; day < 8; day += 1) {
    if (day === 6) test.ramp({ challenger: 0.4 });
    for (const { user, own } of crowd.slice(day < 4 ? 0 : users / 2, day < 4 ? users : (3 * users) / 2)) {
      const visit = { country: user % 2 === 0 ? 'at' : 'de', device: rng.next() < 0.5 ? 'phone' : 'desk' };
      test.predict(own + 0.5 * normal(rng), { unit: user, context: visit });
    }
    clock.advance(DAY);
  }
  return test;
}

interface Visit {
  readonly country: string;
  readonly device: string;
}

const spender = { predict: (x: number): number => x };
type Spender = typeof spender;

const returning: Simulation = {
  name: 'A/A at one look: users who come again, by segment, day and whole',
  claim:
    'equal models are called different in 5 % of tests of users who come every day: within segments and days, in whole over a ramp, between segments, and over time',
  run: ({ full }) => {
    const [runs, users] = full ? [3000, 240] : [200, 240];
    const rng = createRng('returning');
    const rejected: Record<string, number> = {};
    const note = (name: string, found: { readonly status: string; readonly pValue?: number }): void => {
      rejected[name] = (rejected[name] ?? 0) + (found.status === 'ok' && found.pValue! <= ALPHA ? 1 : 0);
    };
    for (let run = 0; run < runs; run += 1) {
      const test = returningUsers(rng.fork(run), users);
      const method = 'welch';
      note('whole', test.statisticalTest('spent', { method }));
      note('one country', test.segments('country', 'spent', { method }).groups[0]!.comparison);
      note('one device', test.segments('device', 'spent', { method }).groups[0]!.comparison);
      note('the first day', test.trend('spent', { method }).periods[0]!.comparison);
      note('countries differ', test.segments('country', 'spent').heterogeneity);
      note('devices differ', test.segments('device', 'spent').heterogeneity);
      note('trend', test.trend('spent').trend);
    }
    return judged(rejected, runs, `${users} users on each of eight days, looked at once`);
  },
};

/** Scores of a probability that was clipped. */
const scores: Readonly<Record<string, Metric>> = {
  brier: brier() as Metric,
  'logLoss, epsilon 0.01': logLoss({ epsilon: 0.01 }) as Metric,
  'logLoss, epsilon 0.001': logLoss({ epsilon: 0.001 }) as Metric,
  'logLoss, as it is': logLoss() as Metric,
};

/** Two models on the same requests; the challenger's probabilities are shrunk towards the base rate by a factor. */
function scoresReject(rng: Rng, metric: Metric, n: number, [first, second]: readonly [number, number]): boolean {
  const data = {
    reference: new MetricSummary(metric),
    candidate: new MetricSummary(metric),
    pairs: new PairedValues(metric),
  };
  const score = (prediction: number, truth: boolean): Measured =>
    metric.value({ status: 'ok', prediction, truth } as Outcome) as number;
  const said = (logit: number, scale: number): number => 1 / (1 + Math.exp(-scale * (logit + 0.7 * normal(rng))));
  const push = (): void => {
    // Rare and confident: most chances are far below a half.
    const logit = -2.5 + 2 * normal(rng);
    const truth = rng.next() < 1 / (1 + Math.exp(-logit));
    data.pairs.push(score(said(logit, first), truth), score(said(logit, second), truth));
  };
  const rejects = (): boolean => {
    const found = comparePaired(data);
    return found.status === 'ok' && found.pValue <= ALPHA;
  };
  return everRejects(n, push, rejects, 10);
}

const properScores: Simulation = {
  name: 'A/A and power watched: proper scores of two models on the same requests',
  claim:
    'equally good models are called different in at most 5 % of paired tests by Brier score and log loss, clipped or not; a bolder one is found by log loss, by exact bets as by the asymptotic sequence',
  run: ({ full }) => {
    const [runs, n] = full ? [1000, 2500] : [50, 1200];
    const counts: Record<string, number> = {};
    const power: Record<string, number> = {};
    for (const [name, metric] of Object.entries(scores)) {
      const rng = createRng(`scores/${name}`);
      counts[name] = 0;
      let found = 0;
      for (let run = 0; run < runs; run += 1) {
        if (scoresReject(rng.fork(`aa ${run}`), metric, n, [1, 1])) counts[name]! += 1;
        if (scoresReject(rng.fork(`ab ${run}`), metric, n, [1, 2])) found += 1;
      }
      power[`power: ${name}`] = found / runs;
    }
    const level = judged(counts, runs, `${n} requests, looks every 2 % from the 10th on`);
    const found = Object.entries(power).every(([name, share]) => share > 0.5 || name.includes('brier'));
    return { ...level, measured: { ...level.measured, ...power }, passed: level.passed && found };
  },
};

/** Operating characteristics of what metrics of an A/B test can do. */
export const simulations: readonly Simulation[] = [
  watchedLabels,
  augmented,
  cappedAmounts,
  cappedPower,
  clustered,
  returning,
  properScores,
];
