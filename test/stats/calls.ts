// Calls of everything in coronate/stats with good, thin and wrong arguments. Without vitest, so that a script can read it too.
import { createRng } from '../../src/random/index.ts';
import * as stats from '../../src/stats/index.ts';

/** What may stand at one place of a call: one good value, values that are too few or degenerate, values that are wrong. */
export interface Kind {
  readonly good: unknown;
  readonly thin?: readonly unknown[];
  readonly wrong?: readonly unknown[];
}

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const notNumbers = [nan, inf, -inf];

const choice = (good: string): Kind => ({ good, wrong: ['', 'Less', 3] });
const flag: Kind = { good: true };
const finite: Kind = { good: 0.5, thin: [0, -1e300, 1e300], wrong: notNumbers };
const positive = (good: number): Kind => ({ good, wrong: [...notNumbers, -1, 0] });
const nonNegative = (good: number): Kind => ({ good, wrong: [...notNumbers, -1] });
const integer = (good: number): Kind => ({ good, wrong: [...notNumbers, -1, 1.5] });
/** Strictly between 0 and 1: levels, alphas, powers. */
const level = (good = 0.9): Kind => ({ good, wrong: [...notNumbers, -0.1, 0, 1, 1.1] });
/** Within [0, 1]. */
const tolerated: Kind = { good: 0.01, thin: [0], wrong: [...notNumbers, -0.1, 1] };
export const share = (good = 0.5): Kind => ({ good, thin: [0, 1], wrong: [...notNumbers, -0.1, 1.1] });

const values = [3, 1.5, 4, 1, 5.25, 9, 2, 6.5, 5, 3.5];
const more = [2.5, 7, 1, 8.25, 2, 8, 1.75, 8.5, 4, 5.5];
const wrongSamples = [
  [nan, ...values.slice(1)],
  [inf, ...values.slice(1)],
  [...values.slice(1), -inf],
  ['1', ...values.slice(1)],
];
const thinSamples = [[], [2], [2, 2], values.map(() => 2), values.map(() => 1e308), values.map((x) => x * 1e-320)];
const ascending = [...values].sort((x, y) => x - y);
const sample: Kind = { good: values, thin: thinSamples, wrong: wrongSamples };
const otherSample: Kind = { good: more, thin: thinSamples, wrong: wrongSamples };
/** A sample that may not be empty. */
const filled = (kind: Kind): Kind => ({ ...kind, thin: thinSamples.slice(1), wrong: [...wrongSamples, []] });
/** The same length as its partner, always. */
const aligned = (good: readonly number[]): Kind => ({
  good,
  thin: [good.map(() => 2), good.map(() => -1e308), good.map((x) => x * 1e-320)],
  wrong: [...wrongSamples, [], [1], [...good, 1]],
});
const chances = values.map((_, i) => (i + 0.5) / 10);
const probabilities: Kind = {
  good: chances,
  thin: [chances.map(() => 0), chances.map(() => 1), chances.map(() => 0.5)],
  wrong: [...wrongSamples, chances.map(() => 1.1), chances.map(() => -0.1), [], [0.5]],
};
const labels: Kind = {
  good: [1, 0, 1, 1, 0, 1, 0, 0, 1, 0],
  thin: [values.map(() => 0), values.map(() => 1), values.map((_, i) => i % 2 === 0)],
  wrong: [values.map(() => 2), [...values.map(() => 0).slice(1), nan], values.map(() => 0.5), [], [1]],
};

const moments: Kind = {
  good: stats.sampleMoments(values),
  thin: [[], [2], [2, 2], [0, 0], [1e300, 1e300], [-1, 1], [1e200, -1e200, 3]].map((xs) =>
    new stats.Moments().pushAll(xs),
  ),
  wrong: [
    { n: -1, mean: 0, variance: 1 },
    { n: nan, mean: 0, variance: 1 },
    { n: inf, mean: 0, variance: 1 },
    { n: 5, mean: nan, variance: 1 },
    { n: 5, mean: inf, variance: 1 },
    { n: 5, mean: 0, variance: nan },
    { n: 5, mean: 0, variance: -1 },
    { n: 5, mean: 0, variance: inf },
  ],
};
const otherMoments: Kind = { ...moments, good: stats.sampleMoments(more) };
const pairsOf = (xs: readonly number[], ys: readonly number[]) =>
  new stats.Covariance().pushAll(xs.map((x, i) => [x, ys[i] ?? 0] as const));
const covariance: Kind = {
  good: pairsOf(values, more),
  thin: [
    pairsOf([], []),
    pairsOf([2], [3]),
    pairsOf([2, 2], [3, 3]),
    pairsOf([2, 2, 2], [1, 2, 3]),
    pairsOf([1, 2, 3], [0, 0, 0]),
  ],
};
const wrongProportions = [
  { successes: -1, trials: 10 },
  { successes: 11, trials: 10 },
  { successes: nan, trials: 10 },
  { successes: 1, trials: inf },
  { successes: 1, trials: -10 },
  { successes: 1, trials: nan },
];
const proportion = (successes: number, trials: number): Kind => ({
  good: { successes, trials },
  thin: [
    { successes: 0, trials: 0 },
    { successes: 0, trials: 1 },
    { successes: 1, trials: 1 },
    { successes: 0, trials: 1e6 },
    { successes: 1e6, trials: 1e6 },
  ],
  wrong: wrongProportions,
});
const a = proportion(12, 100);
const b = proportion(20, 110);
const table: Kind = {
  good: [
    [12, 5],
    [7, 20],
  ],
  thin: [
    [
      [0, 0],
      [0, 0],
    ],
    [
      [1, 0],
      [0, 0],
    ],
    [
      [5, 0],
      [0, 5],
    ],
    [
      [0, 5],
      [0, 5],
    ],
    [
      [1e6, 1e6],
      [1e6, 1e6],
    ],
  ],
  wrong: [
    [
      [-1, 5],
      [7, 20],
    ],
    [
      [nan, 5],
      [7, 20],
    ],
    [
      [inf, 5],
      [7, 20],
    ],
    [
      [-1.5, 5],
      [7, 20],
    ],
    [[1, 5], [7]],
    [],
    [[]],
  ],
};
const confusion: Kind = {
  good: { truePositives: 10, falsePositives: 3, trueNegatives: 20, falseNegatives: 4 },
  thin: [
    { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 },
    { truePositives: 1, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 },
    { truePositives: 0, falsePositives: 0, trueNegatives: 9, falseNegatives: 0 },
    { truePositives: 1e15, falsePositives: 1e15, trueNegatives: 1e15, falseNegatives: 1e15 },
  ],
  wrong: [
    { truePositives: -1, falsePositives: 3, trueNegatives: 20, falseNegatives: 4 },
    { truePositives: 1, falsePositives: nan, trueNegatives: 20, falseNegatives: 4 },
    { truePositives: 1, falsePositives: 3, trueNegatives: inf, falseNegatives: 4 },
  ],
};
const pValues: Kind = {
  good: [0.01, 0.04, 0.2, 0.9],
  thin: [[], [0.5], [0.5, 0.5], [0, 1, 1e-320]],
  wrong: [[nan], [-0.1, 0.5], [1.1], [inf], ['0.5']],
};
const logEValues: Kind = {
  good: [0.5, 3, -1],
  thin: [[0], [-inf, 2], [700, 800, 5000]],
  wrong: [[nan]],
};
const density: Kind = {
  good: [0.2, 0.3, 0.5],
  thin: [
    [1, 0, 0],
    [0.2, 0.3, 0.5],
  ],
  wrong: [[], [nan, 0.3, 0.5], [-0.1, 0.6, 0.5], [inf, 0.3, 0.5], [0, 0, 0], [0.5, 0.5]],
};
const information: Kind = {
  good: { estimate: 0.1, information: 50 },
  thin: [
    { estimate: 0, information: 0 },
    { estimate: 1e-300, information: 1e300 },
  ],
  wrong: [
    { estimate: nan, information: 5 },
    { estimate: 0, information: -5 },
    { estimate: 0, information: nan },
    { estimate: 0, information: inf },
  ],
};
const listOf = (kind: Kind, count = 2): Kind => {
  const good = Array.from({ length: count }, () => kind.good);
  const replace = (value: unknown) => [value, ...good.slice(1)];
  return { good, thin: [[], ...(kind.thin ?? []).map(replace)], wrong: (kind.wrong ?? []).map(replace) };
};
/** An options object: each field in turn, the others as they are. Fields that are `required` may not be left out. */
const options = (fields: Readonly<Record<string, Kind>>, required: readonly string[] = []): Kind => {
  const good = Object.fromEntries(required.map((name) => [name, fields[name]?.good]));
  const with_ = (key: 'thin' | 'wrong') =>
    Object.entries(fields).flatMap(([name, kind]) => (kind[key] ?? []).map((value) => ({ ...good, [name]: value })));
  const all = Object.entries(fields).map(([name, kind]) => ({ ...good, [name]: kind.good }));
  return { good, thin: [...all, ...with_('thin')], wrong: [...with_('wrong'), 3, null, [], { ...good, misspelt: 1 }] };
};

const alternative = choice('less');
const interval = options({ level: level(), alternative });
const location = options({ level: level(), alternative, nullValue: finite });
const sequence = { alpha: level(0.05), alternative, nullValue: finite };
const asymptotic = { ...sequence, horizon: positive(1000), burnIn: nonNegative(2) };
const twoSample = { ...asymptotic, standardError: choice('welch') };
const multiplicity = options({ alpha: level(0.05) });

const sharedRng = createRng(1);
const rng = (): Kind => ({ good: sharedRng, wrong: [null, 3, {}] });
const proportionDesign = {
  alpha: level(0.05),
  power: level(0.8),
  p1: share(0.1),
  p2: share(0.15),
  formula: choice('unpooled'),
};
const sizes: Kind = {
  good: [50, 60],
  wrong: [[nan, 60], [50, inf], [-1, 60], [50, 0.5], [50], null],
};
const target = { alpha: level(0.05), power: level(0.8), alternative: choice('greater') };
const anytime = {
  alpha: level(0.05),
  effectSize: { good: 0.3, wrong: [nan, inf, 0] },
  shares: density2(),
  burnIn: nonNegative(5),
};
function density2(): Kind {
  return { good: [0.5, 0.5], wrong: [[0.5], [0.5, 0.6], [nan, 0.5], [-0.5, 1.5], [0, 1], [inf, 0.5]] };
}
const base = options({ base: { good: 2, wrong: [...notNumbers, 0, -1, 1] } });
const edges: Kind = {
  good: [0, 2, 4, 6],
  wrong: [
    [2, 1],
    [0, 0],
    [nan, 1],
  ],
};
const histogram = (xs: readonly number[]) => new stats.Histogram({ edges: [0, 2, 4, 6] }).pushAll(xs);
const histogramCounts: Kind = {
  good: histogram(values),
  thin: [histogram([]), histogram([1]), histogram([-1, 9])],
  wrong: [
    { edges: [0, 2, 4, 6], counts: [1, 2], below: 0, above: 0 },
    { edges: [0, 2, 4, 6], counts: [1, 2, -1], below: 0, above: 0 },
    { edges: [0, 2, 4, 6], counts: [1, 2, nan], below: 0, above: 0 },
    { edges: [0, 2, 4, 6], counts: [1, 2, 3], below: -1, above: 0 },
    { edges: [0, 2, 4, 6], counts: [1, 2, 3], below: 0, above: inf },
  ],
};
const belief: Kind = {
  good: { mean: 0.1, sd: 0.2 },
  thin: [{ mean: 0, sd: 1e-300 }],
  wrong: [
    { mean: nan, sd: 1 },
    { mean: 0, sd: -1 },
    { mean: 0, sd: nan },
    { mean: inf, sd: 1 },
  ],
};
const eventEpoch: Kind = {
  good: { first: 5, second: 1, share: 0.5, quiet: 94 },
  thin: [
    { first: 0, second: 0, share: 0.5 },
    { first: 1e6, second: 0, share: 0.5 },
    { first: 0, second: 1e6, share: 1e-9, quiet: 1e6 },
  ],
  wrong: [
    { first: -1, second: 1, share: 0.5 },
    { first: 1, second: nan, share: 0.5 },
    { first: 1, second: 1, share: 0.5, quiet: inf },
    { first: 1, second: 1, share: 0 },
    { first: 1, second: 1, share: 1 },
    { first: 1, second: 1, share: nan },
  ],
};
const epoch: Kind = {
  good: { counts: [40, 60], shares: [0.5, 0.5] },
  thin: [
    { counts: [0, 0], shares: [0.5, 0.5] },
    { counts: [1, 0], shares: [0.5, 0.5] },
    { counts: [1e6, 1e6], shares: [0.5, 0.5] },
  ],
  wrong: [
    { counts: [-1, 60], shares: [0.5, 0.5] },
    { counts: [nan, 60], shares: [0.5, 0.5] },
    { counts: [40, inf], shares: [0.5, 0.5] },
    { counts: [40, 60], shares: [0.5, 0.6] },
    { counts: [40, 60], shares: [-0.5, 1.5] },
    { counts: [40, 60], shares: [nan, 0.5] },
    { counts: [40, 60, 3], shares: [0.5, 0.5] },
  ],
};
const rateEpoch: Kind = {
  good: { first: a.good, second: b.good, share: 0.5 },
  thin: (a.thin ?? []).map((first) => ({ first, second: b.good })),
  wrong: [
    ...wrongProportions.map((first) => ({ first, second: b.good })),
    ...wrongProportions.map((second) => ({ first: a.good, second })),
    ...[nan, -0.1, 0, 1, 1.1, inf].map((value) => ({ first: a.good, second: b.good, share: value })),
  ],
};
const covariate: Kind = {
  good: { x: stats.sampleMoments(values), y: stats.sampleMoments(more), covariance: 0.3 },
  thin: [{ x: stats.sampleMoments([1, 1]), y: stats.sampleMoments([2, 2]), covariance: 0 }],
  wrong: [nan, inf].map((value) => ({ x: moments.good, y: otherMoments.good, covariance: value })),
};
const pairedCounts: Kind = {
  good: { onlyFirst: 5, onlySecond: 9, pairs: 100 },
  thin: [
    { onlyFirst: 0, onlySecond: 0, pairs: 0 },
    { onlyFirst: 0, onlySecond: 0, pairs: 50 },
    { onlyFirst: 1, onlySecond: 0, pairs: 1 },
  ],
  wrong: [
    { onlyFirst: -1, onlySecond: 9, pairs: 100 },
    { onlyFirst: nan, onlySecond: 9, pairs: 100 },
    { onlyFirst: 60, onlySecond: 60, pairs: 100 },
    { onlyFirst: 1, onlySecond: 2, pairs: inf },
  ],
};
const rows: Kind = {
  good: [
    [0.2, 0.3, 0.5],
    [0.6, 0.3, 0.1],
    [0.1, 0.8, 0.1],
  ],
  wrong: [
    [
      [nan, 0.5, 0.5],
      [0.6, 0.3, 0.1],
      [0.1, 0.8, 0.1],
    ],
    [
      [-0.5, 1, 0.5],
      [0.6, 0.3, 0.1],
      [0.1, 0.8, 0.1],
    ],
    [
      [0.5, 0.5],
      [0.6, 0.3, 0.1],
      [0.1, 0.8, 0.1],
    ],
    [
      [0.9, 0.9, 0.9],
      [0.6, 0.3, 0.1],
      [0.1, 0.8, 0.1],
    ],
    [[0.6, 0.3, 0.1]],
  ],
};
const classIndices: Kind = {
  good: [2, 0, 1],
  thin: [[0, 0, 0]],
  wrong: [
    [3, 0, 1],
    [-1, 0, 1],
    [0.5, 0, 1],
    [nan, 0, 1],
  ],
};
const groups: Kind = {
  ...listOf({ good: { estimate: 0.1, information: 50 }, ...(information.wrong && { wrong: information.wrong }) }, 3),
};
const timed = (entry: object, at: number) => ({ ...entry, at });
const periods: Kind = {
  good: [1, 2, 3, 4].map((at) => timed(information.good as object, at)),
  thin: [[], [timed(information.good as object, 1)], [1, 1, 1].map((at) => timed(information.good as object, at))],
  wrong: [nan, inf].map((at) => [1, 2, 3].map((day) => timed(information.good as object, day === 2 ? at : day))),
};
const strata = listOf({
  good: [moments.good, otherMoments.good],
  thin: (moments.thin ?? []).map((entry) => [entry, otherMoments.good]),
  wrong: (moments.wrong ?? []).map((entry) => [entry, otherMoments.good]),
});
const stratum: Kind = {
  good: [0.4, 0.6].map((value) => ({ share: value, moments: moments.good })),
  thin: (moments.thin ?? []).map((entry) => [0.4, 0.6].map((value) => ({ share: value, moments: entry }))),
  wrong: [
    ...(moments.wrong ?? []).map((entry) => [0.4, 0.6].map((value) => ({ share: value, moments: entry }))),
    ...[nan, -0.4, 0.7].map((value) => [value, 0.6].map((part) => ({ share: part, moments: moments.good }))),
  ],
};
const indexMean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const statistic: Kind = { good: indexMean, wrong: [null, 3] };
const bootstrap = options(
  {
    rng: rng(),
    level: level(),
    alternative,
    method: choice('percentile'),
    replicates: { good: 200, wrong: [...notNumbers, 0, 1.5, -1] },
  },
  ['rng', 'replicates'],
);
const calibrationBins: Kind = {
  good: new stats.CalibrationBins({ bins: 3 }).pushAll([
    [0.1, 0],
    [0.6, 1],
    [0.9, 1],
  ]),
  thin: [new stats.CalibrationBins({ bins: 3 }), new stats.CalibrationBins({ bins: 1 }).push(1, 0)],
};
const matrix: Kind = {
  good: new stats.ConfusionMatrix(['x', 'y']).pushAll([
    ['x', 'x'],
    ['y', 'x'],
    ['y', 'y'],
  ]),
  thin: [new stats.ConfusionMatrix(['x', 'y']), new stats.ConfusionMatrix(['x', 'y']).push('x', 'x')],
};
const scored: Kind = {
  good: { scores: chances, labels: labels.good },
  thin: [
    { scores: chances.map(() => 1), labels: labels.good },
    { scores: chances, labels: chances.map(() => 1) },
  ],
  wrong: [
    { scores: [nan, 1], labels: [1, 0] },
    { scores: [1], labels: [1, 0] },
    { scores: [1, 2], labels: [1, 2] },
  ],
};
const looks: Kind = { good: 3, wrong: [...notNumbers, 0, -1, 1.5] };
const sides: Kind = { good: 2, wrong: [0, 3, nan, '2'] };
const spending = { alpha: level(0.05) };
export const anyNumber: Kind = { good: 0.3, thin: [0, inf, -inf, 1e300, -1e300, 1e-320], wrong: [nan] };

/** Every function of coronate/stats with the kinds of its arguments. */
export const functions: Readonly<Record<string, readonly Kind[]>> = {
  agrestiCaffoInterval: [a, b, interval],
  anytimePower: [
    options({ ...anytime, alternative, total: nonNegative(400), horizon: positive(1000) }, ['effectSize', 'total']),
  ],
  anytimeSampleSize: [options({ ...anytime, ...target, horizon: positive(1000) }, ['effectSize'])],
  asymptoticDifferenceSequence: [moments, otherMoments, options(twoSample)],
  asymptoticMeanSequence: [moments, options(asymptotic)],
  averageEValues: [
    logEValues,
    options({ weights: { good: [0.2, 0.3, 0.5], wrong: [[1], [nan, 0.5, 0.5], [-0.5, 1, 0.5]] } }),
  ],
  augmentedValue: [
    finite,
    { good: 2, thin: [undefined, 0], wrong: notNumbers },
    { good: 0.25, thin: [1, 1e-300], wrong: [...notNumbers, 0, -1, 1.5] },
  ],
  averagePrecision: [aligned(values), labels],
  benjaminiHochberg: [pValues, multiplicity],
  benjaminiYekutieli: [pValues, multiplicity],
  betaBinomial: [
    a,
    b,
    options({
      level: level(),
      prior: {
        good: { a: 2, b: 2 },
        wrong: [
          { a: 0, b: 1 },
          { a: nan, b: 1 },
          { a: 1, b: inf },
          { a: 1, b: -1 },
        ],
      },
    }),
  ],
  betaMixtureEProcess: [
    a,
    options({
      ...sequence,
      nullValue: share(0.1),
      prior: {
        good: { a: 2, b: 2 },
        wrong: [
          { a: 0, b: 1 },
          { a: nan, b: 1 },
        ],
      },
    }),
  ],
  betaMixtureLogEValue: [a, options({ ...sequence, nullValue: share(0.1) })],
  bonferroni: [pValues, multiplicity],
  bootstrapInterval: [{ good: values, thin: [[], [1], [2, 2, 2]] }, statistic, bootstrap],
  brierScore: [probabilities, labels],
  calibration: [calibrationBins, options({ level: level(), alternative, validity: choice('anytime') })],
  chiSquaredTest: [table, options({ level: level(), correction: flag, statistic: choice('pearson') })],
  classicalBoundaries: [options({ alpha: level(0.05), looks, shape: choice('pocock'), sides }, ['looks', 'shape'])],
  clopperPearsonInterval: [a, interval],
  clusteredVariance: [covariance],
  cohenD: [moments, otherMoments],
  cohenH: [share(), share()],
  combineInformation: [listOf(information)],
  confusionRates: [confusion, interval],
  confusionScores: [confusion],
  countInBins: [sample, edges],
  cuped: [listOf(covariance), options({ theta: choice('within') })],
  designEffect: [moments, otherMoments],
  differenceInterval: [moments, otherMoments, interval],
  driftReport: [sample, otherSample, options({ bins: looks, edges, floor: positive(0.001) })],
  eBenjaminiHochberg: [logEValues, multiplicity],
  eValueToPValue: [{ good: 3, thin: [0, inf, -inf, 1e300], wrong: [nan] }],
  effectTrendTest: [periods, options({ level: level() })],
  equalBins: [finite, { good: 3, wrong: [...notNumbers, 0.5] }, looks],
  erf: [anyNumber],
  erfc: [anyNumber],
  erfcx: [anyNumber],
  exceedanceEProcess: [
    a,
    options({ alpha: level(0.05), alternative: choice('less'), horizon: positive(1000), quantile: level(0.9) }, [
      'quantile',
    ]),
  ],
  exceedanceLogEValue: [
    a,
    options({ alpha: level(0.05), alternative: choice('less'), horizon: positive(1000), quantile: level(0.9) }, [
      'quantile',
    ]),
  ],
  fBeta: [confusion, positive(2)],
  fBetaInterval: [confusion, positive(2), interval],
  fiellerInterval: [moments, otherMoments, options({ level: level(), covariance: finite })],
  fisherTest: [{ ...table, thin: (table.thin ?? []).slice(0, 4) }, options({ level: level(), alternative })],
  glassDelta: [moments, otherMoments],
  groupSequentialBoundaries: [
    options(
      {
        alpha: level(0.05),
        informationFractions: { good: [0.5, 1], wrong: [[], [0.5, 0.4], [0, 1], [0.5, 1.5], [nan, 1], [-0.5, 1]] },
        sides,
        spending: choice('pocock'),
      },
      ['informationFractions'],
    ),
  ],
  hedgesCorrection: [positive(8)],
  hedgesG: [moments, otherMoments],
  hellingerDistance: [density, density],
  heterogeneityTest: [groups, options({ level: level() })],
  histogramDriftReport: [histogramCounts, histogramCounts, options({ floor: positive(0.001) })],
  hochberg: [pValues, multiplicity],
  holm: [pValues, multiplicity],
  holmSidak: [pValues, multiplicity],
  hommel: [pValues, multiplicity],
  hwangShihDeCaniSpending: [options({ ...spending, gamma: finite })],
  incompleteBeta: [positive(2), positive(3), share(0.3)],
  incompleteGamma: [positive(2), { good: 3, thin: [0, inf, 1e300], wrong: [nan, -1] }],
  independentRocAucTest: [scored, scored, interval],
  informationSequence: [information, options({ ...sequence, rho: positive(10) }, ['rho'])],
  jeffreysInterval: [a, interval],
  jensenShannonDistance: [density, density, base],
  jensenShannonDivergence: [density, density, base],
  kendallCorrelation: [aligned(values), aligned(more)],
  kendallTest: [aligned(values), aligned(more), interval],
  klDivergence: [density, density, base],
  kolmogorovSmirnovTest: [sample, otherSample, options({ level: level(), alternative, method: choice('exact') })],
  logBeta: [positive(2), positive(3)],
  logGamma: [{ good: 3, thin: [0, inf, 1e-320, 1e300], wrong: [nan, -1, -inf] }],
  logLoss: [probabilities, labels, options({ clip: nonNegative(0.001) })],
  logLosses: [probabilities, labels, options({ clip: nonNegative(0.001) })],
  logRatioInformation: [moments, otherMoments, options({ exponent: positive(2), standardError: choice('welch') })],
  logRatioInterval: [moments, otherMoments, interval],
  logRatioSequence: [moments, otherMoments, options({ ...twoSample, exponent: positive(2) })],
  mannWhitneyTest: [
    sample,
    otherSample,
    options({ level: level(), alternative, continuity: flag, method: choice('exact') }),
  ],
  mcnemarEProcess: [pairedCounts, options(sequence)],
  mcnemarLogEValue: [pairedCounts, options(sequence)],
  mcnemarTest: [table, options({ level: level(), alternative, method: choice('mid-p') })],
  meanInterval: [moments, interval],
  multiclassLogLoss: [rows, classIndices, options({ clip: nonNegative(0.001) })],
  multiclassScores: [matrix, interval],
  eventExcessLogEValue: [listOf(eventEpoch), options({ nullValue: positive(1), allowance: tolerated })],
  multinomialEProcess: [
    listOf(epoch),
    options({ alpha: level(0.05), concentration: positive(100), tolerance: tolerated }),
  ],
  multinomialLogEValue: [
    listOf(epoch),
    options({ alpha: level(0.05), concentration: positive(100), tolerance: tolerated }),
  ],
  multiplyEValues: [logEValues],
  newcombeInterval: [a, b, interval],
  normalDecision: [belief, options({ level: level() })],
  normalDifference: [belief, belief],
  normalMixtureBoundary: [
    nonNegative(50),
    options({ alpha: level(0.05), alternative, rho: positive(10) }, ['alpha', 'rho']),
  ],
  normalMixtureLogEValue: [finite, nonNegative(50), options({ alternative, rho: positive(10) }, ['rho'])],
  normalMixtureRho: [
    options({ alpha: level(0.05), alternative, form: choice('exact'), horizon: positive(1000) }, ['horizon']),
  ],
  normalMixtureTest: [options({ alpha: level(0.05), alternative, rho: positive(10) }, ['alpha', 'rho'])],
  normalPosterior: [finite, positive(0.5), belief],
  obrienFlemingSpending: [options({ ...spending, sides })],
  oddsRatio: [a, b],
  oddsRatioInterval: [a, b, interval],
  oneSampleTTest: [moments, location],
  oneVersusRestAuc: [rows, classIndices],
  pValueToLogEValue: [{ good: 0.3, thin: [0, 1, 1e-320], wrong: [nan, -0.1, 1.1, inf] }],
  pairedDifferenceSequence: [moments, options(asymptotic)],
  pairedLogRatioInformation: [covariance, options({ exponent: positive(2) })],
  pairedRocAucTest: [aligned(values), aligned(more), labels, interval],
  pairedTTest: [aligned(values), aligned(more), location],
  pairedTTestMinimumDetectableEffect: [options({ ...target, n: integer(30) }, ['n'])],
  pairedTTestPower: [
    options({ alpha: level(0.05), alternative, effectSize: finite, n: integer(30) }, ['n', 'effectSize']),
  ],
  pairedTTestSampleSize: [options({ ...target, effectSize: { good: 0.4, wrong: [nan, inf, 0] } }, ['effectSize'])],
  pearsonCorrelation: [aligned(values), aligned(more)],
  pearsonTest: [aligned(values), aligned(more), interval],
  pocockSpending: [options(spending)],
  populationStabilityIndex: [density, density, options({ floor: positive(0.001) })],
  postStratify: [stratum],
  powerSpending: [options({ ...spending, power: positive(2) })],
  probabilityBest: [
    {
      good: [
        { a: 3, b: 5 },
        { a: 4, b: 4 },
      ],
      thin: [[], [{ a: 1, b: 1 }]],
      wrong: [
        [{ a: 0, b: 1 }],
        [
          { a: nan, b: 1 },
          { a: 1, b: 1 },
        ],
        [
          { a: 1, b: inf },
          { a: 1, b: 1 },
        ],
      ],
    },
  ],
  proportionMinimumDetectableEffect: [
    options({ alpha: level(0.05), power: level(0.8), n: sizes, oneSided: flag, p1: level(0.1) }, ['n', 'p1']),
  ],
  proportionPower: [options({ ...proportionDesign, alternative, bothTails: flag, n: sizes }, ['n', 'p1', 'p2'])],
  proportionSampleSize: [options({ ...proportionDesign, ...target, ratio: positive(2) }, ['p1', 'p2'])],
  proportionZTest: [
    a,
    b,
    options({ level: level(), alternative, nullValue: { good: 0.01, wrong: [nan, inf, 1.5] }, pooled: flag }),
  ],
  quantile: [filled(sample), share(), options({ type: { good: 6, wrong: [5, nan, '7'] } })],
  quantileBins: [filled(sample), looks],
  quantileCaps: [filled(sample), options({ lower: share(0.1), upper: share(0.9) })],
  quantileDifferenceSequence: [
    { ...sample, good: ascending },
    { ...otherSample, good: ascending.map((x) => x + 1) },
    options({ ...sequence, horizon: positive(1000), quantile: level(0.9) }),
  ],
  quantileInterval: [sample, level(0.5), interval],
  quantileSequence: [
    { ...sample, good: ascending },
    options({ ...sequence, horizon: positive(1000), quantile: level(0.9) }),
  ],
  rSquaredInterval: [aligned(values), aligned(more), interval],
  rateRatioLogEValue: [listOf(rateEpoch), options({ ...sequence, concentration: positive(100) })],
  rateRatioSequence: [listOf(rateEpoch), options({ ...sequence, concentration: positive(100) })],
  ratioMetric: [covariance],
  regressionAdjustedSequence: [covariate, covariate, options(twoSample)],
  regressionIntervals: [aligned(values), aligned(more), interval],
  regressionScores: [aligned(values), aligned(more)],
  relativeDifference: [moments, otherMoments, interval],
  relativeRisk: [a, b],
  riskDifference: [a, b],
  riskRatioInterval: [a, b, interval],
  rocAuc: [aligned(values), labels],
  rocAucInterval: [aligned(values), labels, interval],
  rootMeanSquare: [moments],
  rootMeanSquareInterval: [moments, interval],
  sampleMoments: [sample],
  sampleRatioTest: [
    {
      good: [40, 60],
      thin: [
        [0, 0],
        [1, 0],
        [1e15, 1e15],
      ],
      wrong: [[-1, 60], [nan, 60], [40, inf], [40], []],
    },
    { good: [1, 1], wrong: [[1], [nan, 1], [-1, 2], [0, 1], [inf, 1]] },
    options({ level: level() }),
  ],
  sidak: [pValues, multiplicity],
  spearmanCorrelation: [aligned(values), aligned(more)],
  spearmanTest: [aligned(values), aligned(more), interval],
  stagedDifferenceSequence: [strata, options({ ...twoSample, stageBurnIn: nonNegative(2) })],
  stagedLogRatioSequence: [
    strata,
    options({
      ...sequence,
      burnIn: nonNegative(2),
      exponent: positive(2),
      rho: positive(10),
      stageBurnIn: nonNegative(2),
      standardError: choice('welch'),
    }),
  ],
  stitchedBoundary: [
    nonNegative(50),
    options({ alpha: level(0.05), scale: finite, start: positive(1) }, ['alpha', 'start']),
  ],
  stratifiedDifferenceTest: [strata, location],
  studentTest: [moments, otherMoments, location],
  tTestMinimumDetectableEffect: [options({ ...target, n: sizes }, ['n'])],
  tTestPower: [options({ alpha: level(0.05), alternative, effectSize: finite, n: sizes }, ['n', 'effectSize'])],
  tTestSampleSize: [
    options({ ...target, effectSize: { good: 0.4, wrong: [nan, inf, 0] }, ratio: positive(2) }, ['effectSize']),
  ],
  totalVariation: [density, density],
  twoSampleBootstrapInterval: [
    { good: values, thin: [[], [1], [2, 2, 2]] },
    { good: more, thin: [[], [1]] },
    { good: (x: number[], y: number[]) => indexMean(x) - indexMean(y), wrong: [null, 3] },
    bootstrap,
  ],
  wassersteinDistance: [filled(sample), filled(otherSample)],
  welchTest: [moments, otherMoments, location],
  wilcoxonTest: [
    aligned(values),
    aligned(more),
    options({ level: level(), alternative, continuity: flag, method: choice('asymptotic'), zeros: choice('pratt') }),
  ],
  wilsonInterval: [a, options({ level: level(), alternative, continuity: flag })],
  winsorize: [
    sample,
    options({ lower: { good: 1, thin: [-inf], wrong: [nan, 5] }, upper: { good: 4, thin: [inf], wrong: [nan] } }, [
      'upper',
    ]),
  ],
};

/** Infinite degrees of freedom make a t-distribution a normal one. */
const df: Kind = { good: 5, thin: [inf], wrong: [nan, -1, 0, -inf] };

/** Every distribution with its parameters. */
export const distributions: Readonly<Record<string, readonly Kind[]>> = {
  betaDistribution: [positive(2), positive(3)],
  binomialDistribution: [integer(10), share(0.3)],
  chiSquaredDistribution: [positive(3)],
  fDistribution: [positive(3), positive(8)],
  gammaDistribution: [positive(2), positive(3)],
  hypergeometricDistribution: [
    { good: 20, wrong: [nan, -1, 1.5, 3] },
    { good: 8, wrong: [nan, -1, 1.5, 21] },
    { good: 6, wrong: [nan, -1, 1.5, 21] },
  ],
  kolmogorovDistribution: [],
  noncentralTDistribution: [df, finite],
  normalDistribution: [finite, positive(2)],
  poissonDistribution: [{ good: 3, wrong: [nan, -1, inf] }],
  studentTDistribution: [df],
};

/** Every class: how it is made, and what a push of rubbish looks like. */
export const classes: Readonly<
  Record<string, { readonly input: readonly Kind[]; readonly rubbish: readonly (readonly unknown[])[] }>
> = {
  AssignedDifferenceSequence: {
    input: [
      options(
        {
          anchor: finite,
          bins: looks,
          factor: positive(2),
          range: {
            good: [0, 2],
            wrong: [
              [1, 0],
              [0, 0],
              [nan, 1],
              [0, inf],
            ],
          },
          share: level(0.5),
        },
        ['share'],
      ),
    ],
    rubbish: [
      [true, nan],
      [false, inf],
    ],
  },
  BettingSequence: {
    input: [
      options({
        bins: looks,
        range: {
          good: [0, 2],
          wrong: [
            [1, 0],
            [0, 0],
            [nan, 1],
            [0, inf],
          ],
        },
      }),
    ],
    rubbish: [[nan], [inf], [1.5], [-0.5]],
  },
  CalibrationBins: {
    input: [options({ bins: looks })],
    rubbish: [
      [nan, 1],
      [1.1, 0],
      [-0.1, 0],
      [0.5, 2],
      [0.5, nan],
    ],
  },
  ClusterMoments: {
    input: [options({ places: looks })],
    rubbish: [
      [1, nan],
      [1, inf],
    ],
  },
  ConfusionMatrix: {
    input: [{ good: ['x', 'y'], wrong: [[], ['x', 'x'], 'xy', null] }],
    rubbish: [
      ['z', 'x'],
      ['x', nan],
    ],
  },
  ConfusionTable: {
    input: [],
    rubbish: [
      [2, 1],
      [1, nan],
      ['1', 0],
    ],
  },
  Counts: {
    input: [options({ limit: looks, categories: { good: ['x'], wrong: [3] } })],
    rubbish: [[nan], [null], [undefined], [{}]],
  },
  Covariance: {
    input: [],
    rubbish: [
      [nan, 1],
      [1, inf],
    ],
  },
  DiscountedMoments: {
    input: [options({ discount: { good: 0.9, wrong: [...notNumbers, -0.1, 0, 1.1] } }, ['discount'])],
    rubbish: [[nan], [inf], ['1']],
  },
  HedgedCapital: {
    input: [
      options(
        {
          alpha: level(0.05),
          alternative,
          nullValue: { good: 0.5, wrong: [nan, -0.1, 1.1, inf] },
          range: {
            good: [0, 2],
            wrong: [
              [1, 0],
              [0, 0],
              [nan, 1],
              [0, inf],
            ],
          },
          truncation: { good: 0.4, wrong: [nan, -1, 0, 1.5] },
        },
        ['nullValue'],
      ),
    ],
    rubbish: [[nan], [inf], [3]],
  },
  Histogram: { input: [options({ edges }, ['edges'])], rubbish: [[nan], ['1']] },
  Moments: { input: [], rubbish: [[nan], [inf], [-inf], ['1'], [null]] },
  QuantileSketch: {
    input: [options({ k: { good: 16, wrong: [...notNumbers, 0, 1.5, -4] } })],
    rubbish: [[nan], [inf], ['1']],
  },
  Reservoir: { input: [options({ capacity: looks, rng: rng() }, ['capacity', 'rng'])], rubbish: [[nan], [inf], ['1']] },
  RunningSequence: { input: [], rubbish: [] },
  WeightedMoments: { input: [], rubbish: [[nan], [1, nan], [1, -1], [inf, 1], [1, inf]] },
};

/** One call: its arguments, and whether it has to be refused. */
export interface Call {
  readonly args: readonly unknown[];
  readonly kind: 'good' | 'thin' | 'wrong';
}

/** Generators move on as they are used: every call gets one of its own. */
function renewed(value: unknown): unknown {
  const used = typeof value === 'object' && value !== null && 'rng' in value && value.rng === sharedRng;
  return used ? { ...value, rng: createRng(1) } : value;
}

/** The call with good arguments, then calls with one argument at a time replaced by each of its thin and wrong values. */
export function callsOf(kinds: readonly Kind[]): readonly Call[] {
  const good = kinds.map((kind) => kind.good);
  const replaced = kinds.flatMap(({ thin = [], wrong = [] }, place) => [
    ...thin.map((value): Call => ({ args: good.with(place, value), kind: 'thin' })),
    ...wrong.map((value): Call => ({ args: good.with(place, value), kind: 'wrong' })),
  ]);
  const calls: readonly Call[] = [{ args: good, kind: 'good' }, ...replaced];
  return calls.map(({ args, kind }) => ({ args: args.map(renewed), kind }));
}
