// Every number of the golden files of estimation, planning and model quality, as the library computes it.
import { cuped } from '../../src/stats/adjustment/index.ts';
import {
  betaBinomial,
  normalDecision,
  normalDifference,
  normalPosterior,
  probabilityBest,
} from '../../src/stats/bayes/index.ts';
import { bootstrapInterval } from '../../src/stats/bootstrap/index.ts';
import * as drift from '../../src/stats/drift/index.ts';
import { cohenD, cohenH, hedgesG } from '../../src/stats/effects/index.ts';
import * as intervals from '../../src/stats/intervals/index.ts';
import * as multiplicity from '../../src/stats/multiplicity/index.ts';
import * as power from '../../src/stats/power/index.ts';
import * as quality from '../../src/stats/quality/index.ts';
import { Covariance } from '../../src/stats/summaries/index.ts';
import type { IntervalResult } from '../../src/stats/types.ts';
import { type GoldenCase, type GoldenFile, readGolden, relativeError } from '../../test/support/goldenFile.ts';

/** A function over a golden file: how many numbers, and the worst of them. */
export interface MeasuredFunction {
  readonly name: string;
  readonly file: string;
  readonly values: number;
  readonly worst: number;
}

// biome-ignore lint/suspicious/noExplicitAny: golden files have a shape of their own each
type Case = GoldenCase<any, any>;
type Pair = readonly [got: unknown, want: unknown];
type Measure = (c: Case) => readonly Pair[];

const bounds = (result: IntervalResult): readonly number[] => (result.status === 'ok' ? result.interval : []);
const zip = (got: readonly unknown[], want: readonly unknown[] = []): readonly Pair[] =>
  got.map((value, i) => [value, want[i]]);
const one = (input: { x: number; n: number }) => ({ successes: input.x, trials: input.n });
const two = (input: Record<'x1' | 'n1' | 'x2' | 'n2', number>) =>
  [one({ x: input.x1, n: input.n1 }), one({ x: input.x2, n: input.n2 })] as const;
const side = (alternative: string) => (alternative === 'larger' ? 'greater' : 'two-sided') as 'greater' | 'two-sided';

const proportions: Readonly<Record<string, Measure>> = {
  wilsonInterval: ({ kind, input, expected }) =>
    kind === 'oneProportion' ? zip(bounds(intervals.wilsonInterval(one(input))), expected.ci95.wilson) : [],
  clopperPearsonInterval: ({ kind, input, expected }) =>
    kind === 'oneProportion'
      ? zip(bounds(intervals.clopperPearsonInterval(one(input))), expected.ci95.clopperPearson)
      : [],
  jeffreysInterval: ({ kind, input, expected }) =>
    kind === 'oneProportion' ? zip(bounds(intervals.jeffreysInterval(one(input))), expected.ci95.jeffreys) : [],
  newcombeInterval: ({ kind, input, expected }) =>
    kind === 'twoProportions'
      ? zip(bounds(intervals.newcombeInterval(...two(input))), expected.differenceCi95.newcombeWilson)
      : [],
  agrestiCaffoInterval: ({ kind, input, expected }) =>
    kind === 'twoProportions'
      ? zip(bounds(intervals.agrestiCaffoInterval(...two(input))), expected.differenceCi95.agrestiCaffo)
      : [],
  riskRatioInterval: ({ kind, input, expected }) =>
    kind === 'twoProportions' && expected.riskRatio
      ? zip(bounds(intervals.riskRatioInterval(...two(input))), expected.riskRatio.ciKatz95)
      : [],
  oddsRatioInterval: ({ kind, input, expected }) =>
    kind === 'twoProportions' && expected.oddsRatio
      ? zip(bounds(intervals.oddsRatioInterval(...two(input))), expected.oddsRatio.ciWoolf95)
      : [],
  cohenH: ({ kind, input, expected }) =>
    kind === 'twoProportions' ? [[cohenH(input.x1 / input.n1, input.x2 / input.n2), expected.cohenH]] : [],
};

const effects: Readonly<Record<string, Measure>> = {
  'cohenD, hedgesG': ({ input, expected, id }) => {
    const s = expected.summary ?? input.summary;
    if (expected.cohenD === undefined || id.startsWith('huge-offset')) return [];
    const [a, b] = [1, 2].map((k) => ({ n: s[`n${k}`], mean: s[`mean${k}`], variance: s[`variance${k}`] })) as [
      never,
      never,
    ];
    return [
      [cohenD(a, b), expected.cohenD],
      ...(expected.hedgesG === undefined ? [] : [[hedgesG(a, b), expected.hedgesG] as const]),
    ];
  },
};

const planning: Readonly<Record<string, Measure>> = {
  tTestPower: ({ kind, input: i, expected }) =>
    kind === 'achievedPowerT'
      ? [
          [
            power.tTestPower({
              effectSize: i.effectSize,
              n: [i.n1, i.n2],
              alpha: i.alpha,
              alternative: side(i.alternative),
            }),
            expected.power,
          ],
        ]
      : [],
  tTestSampleSize: ({ kind, input: { n1, n2, alternative, ...rest }, expected }) =>
    kind === 'sampleSizeT'
      ? [[power.tTestSampleSize({ ...rest, alternative: side(alternative) }).exact[0], expected.n1]]
      : [],
  tTestMinimumDetectableEffect: ({ kind, input: i, expected }) =>
    kind === 'mdeT'
      ? [
          [
            power.tTestMinimumDetectableEffect({
              n: [i.n1, i.n2],
              alpha: i.alpha,
              power: i.power,
              alternative: side(i.alternative),
            }),
            expected.effectSize,
          ],
        ]
      : [],
  pairedTTestSampleSize: ({ kind, input: { alternative, ...rest }, expected }) =>
    kind === 'sampleSizePairedT'
      ? [[power.pairedTTestSampleSize({ ...rest, alternative: side(alternative) }).exact, expected.n]]
      : [],
  proportionSampleSize: ({ kind, input: { p1, p2, alpha, power: target, ratio, alternative }, expected }) => {
    if (kind !== 'sampleSizeProportions') return [];
    const direction = alternative === 'two-sided' ? 'two-sided' : p1 > p2 ? 'greater' : 'less';
    return Object.entries({
      pooledNull: 'pooled-null',
      unpooled: 'unpooled',
      arcsine: 'arcsine',
      fleissContinuity: 'fleiss-continuity',
    } as const).map(([key, formula]) => [
      power.proportionSampleSize({ p1, p2, alpha, power: target, ratio, alternative: direction, formula }).exact[0],
      expected[key].n1,
    ]);
  },
  proportionPower: ({ kind, input: { p1, p2, n1, n2, alpha }, expected }) =>
    kind === 'achievedPowerProportions'
      ? [
          [power.proportionPower({ p1, p2, n: [n1, n2], alpha }), expected.pooledNullBothTails],
          [power.proportionPower({ p1, p2, n: [n1, n2], alpha, formula: 'arcsine' }), expected.arcsineBothTails],
        ]
      : [],
  proportionMinimumDetectableEffect: ({ kind, input: { p1, n1, n2, alpha, power: target }, expected }) => {
    if (kind !== 'mdeProportions') return [];
    const { up, down } = power.proportionMinimumDetectableEffect({ p1, n: [n1, n2], alpha, power: target });
    return [
      [up?.p2, expected.p2Up],
      [down?.p2, expected.p2Down],
    ];
  },
};

const { benjaminiHochberg: bh, benjaminiYekutieli: by, ...named } = multiplicity;
const corrections: Readonly<Record<string, Measure>> = Object.fromEntries(
  Object.entries({ ...named, bh, by }).map(([key, procedure]) => [
    { bh: 'benjaminiHochberg', by: 'benjaminiYekutieli' }[key as 'bh' | 'by'] ?? key,
    ({ input, expected }: Case) => zip(procedure(input.pValues).adjusted, expected[key].adjusted),
  ]),
);

const bayes: Readonly<Record<string, Measure>> = {
  betaBinomial: ({ kind, input: i, expected }) => {
    if (kind !== 'betaBinomial') return [];
    const prior = { a: i.priorAlpha, b: i.priorBeta };
    const r = betaBinomial(one({ x: i.successesA, n: i.trialsA }), one({ x: i.successesB, n: i.trialsB }), { prior });
    return [
      [r.probabilityBBeatsA, expected.probBBeatsA],
      [r.expectedLossChooseA, expected.expectedLossChooseA],
      [r.expectedLossChooseB, expected.expectedLossChooseB],
      ...zip(r.a.interval, expected.credible95A),
      ...zip(r.b.interval, expected.credible95B),
    ];
  },
  probabilityBest: ({ kind, input, expected }) =>
    kind === 'probabilityBest'
      ? zip(probabilityBest(input.arms.map(([a, b]: [number, number]) => ({ a, b }))), expected.probabilityBest)
      : [],
  'normalPosterior, normalDecision': ({ kind, input: i, expected }) => {
    if (kind !== 'normalKnownVariance') return [];
    const prior = { mean: i.priorMean, sd: i.priorSd };
    const [a, b] = ['A', 'B'].map((arm) =>
      normalPosterior(i[`mean${arm}`], i[`sd${arm}`] / Math.sqrt(i[`n${arm}`]), prior),
    );
    const decision = normalDecision(normalDifference(b!, a!));
    return [
      [decision.chanceToWin, expected.probBBeatsA],
      [decision.expectedLossChooseControl, expected.expectedLossChooseA],
      [decision.expectedLossChooseTreatment, expected.expectedLossChooseB],
    ];
  },
};

const adjusted: Readonly<Record<string, Measure>> = {
  cuped: ({ input, expected }) => {
    const arms = ['control', 'treatment'].map((arm) =>
      new Covariance().pushAll(input[arm].x.map((x: number, i: number) => [x, input[arm].y[i]])),
    );
    return (['pooled', 'within'] as const).flatMap((theta) => {
      const result = cuped(arms, { theta });
      const want = expected[theta === 'pooled' ? 'pooled' : 'withinGroup'];
      return [
        [result.theta, want.theta] as const,
        [result.arms[0]!.mean, want.adjustedMeanA] as const,
        [result.arms[1]!.mean, want.adjustedMeanB] as const,
        ...(want.adjustedVarianceA === 0 ? [] : [[result.arms[0]!.variance, want.adjustedVarianceA] as const]),
      ];
    });
  },
};

const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const bootstrapped: Readonly<Record<string, Measure>> = {
  bootstrapInterval: ({ input, expected }) => {
    if (input.statistic !== 'mean') return [];
    const indices = input.indices.map((text: string) => Array.from(text, (letter) => letter.charCodeAt(0) - 48));
    return (['percentile', 'basic', 'normal', 'bca'] as const).flatMap((method) =>
      zip(bounds(bootstrapInterval<number>(input.values, mean, { indices, method })), expected.ci95[method]),
    );
  },
};

const { rocAuc, averagePrecision, logLoss, brierScore } = quality;
const measures = { rocAuc, averagePrecision, logLoss, brierScore } as const;
const judged: Readonly<Record<string, Measure>> = {
  confusionScores: ({ kind, input: i, expected }) => {
    if (kind !== 'binaryCounts') return [];
    const counts = { truePositives: i.tp, falsePositives: i.fp, trueNegatives: i.tn, falseNegatives: i.fn };
    const s = quality.confusionScores(counts);
    return [
      [s.f1, expected.f1],
      [s.matthewsCorrelation, expected.mcc],
      [s.cohenKappa, expected.cohenKappa],
    ];
  },
  ...Object.fromEntries(
    (['rocAuc', 'averagePrecision', 'logLoss', 'brierScore'] as const).map((name) => [
      name,
      ({ kind, input, expected }: Case): readonly Pair[] => {
        const want = expected[name === 'brierScore' ? 'brier' : name];
        return kind === 'binaryScores' && want !== undefined
          ? [[measures[name](input.scores, input.labels), want]]
          : [];
      },
    ]),
  ),
};

const regression: Readonly<Record<string, Measure>> = {
  regressionScores: ({ input, expected }) => {
    const s = quality.regressionScores(input.actual, input.predicted);
    return [
      [s.meanAbsoluteError, expected.mae],
      [s.rootMeanSquaredError, expected.rmse],
      [s.rSquared, expected.r2],
      [s.meanAbsolutePercentageError, expected.mape],
      [s.pearson, expected.pearson],
      [s.spearman, expected.spearman],
    ];
  },
};

const correlation: Readonly<Record<string, Measure>> = Object.fromEntries(
  (['pearson', 'spearman'] as const).map((name) => [
    `${name}Test`,
    ({ input, expected }: Case): readonly Pair[] => {
      const result = (name === 'pearson' ? quality.pearsonTest : quality.spearmanTest)(input.x, input.y);
      if (result.status !== 'ok' || !(expected[name].pTwoSided > 0)) return [];
      return [
        [result.estimate, expected[name].r],
        [result.pValue, expected[name].pTwoSided],
      ];
    },
  ]),
);

const nats = { base: Math.E };
const drifted: Readonly<Record<string, Measure>> = {
  'klDivergence, jensenShannonDistance, hellingerDistance, totalVariation': ({ kind, input: { p, q }, expected }) =>
    kind === 'distributions'
      ? [
          [drift.klDivergence(p, q, nats), expected.klPQ],
          [drift.jensenShannonDistance(p, q, nats), expected.jsDistanceNats],
          [drift.jensenShannonDistance(p, q), expected.jsDistanceBits],
          [drift.hellingerDistance(p, q), expected.hellinger],
          [drift.totalVariation(p, q), expected.totalVariation],
        ]
      : [],
  driftReport: ({ kind, input, expected }) => {
    if (kind !== 'samples') return [];
    const report = drift.driftReport(input.reference, input.current);
    if (report.status !== 'ok') return [[undefined, 1]];
    return [
      [report.populationStabilityIndex, expected.psi],
      [report.wassersteinDistance, expected.wasserstein1],
      [report.kolmogorovSmirnov.statistic, expected.ksStatistic],
    ];
  },
};

const files: readonly (readonly [file: string, measures: Readonly<Record<string, Measure>>])[] = [
  ['proportions.json', proportions],
  ['welch.json', effects],
  ['power.json', planning],
  ['multiple.json', corrections],
  ['bayes.json', bayes],
  ['cuped.json', adjusted],
  ['bootstrap.json', bootstrapped],
  ['classification.json', judged],
  ['regression.json', regression],
  ['correlation.json', correlation],
  ['drift.json', drifted],
];

/**
 * The worst relative error of each function over its golden file. Cases that carry a tolerance of their own (their input
 * has lost digits) are left out; what is undefined in the file must be undefined here, or the error is infinite.
 */
export function measureEstimation(): readonly MeasuredFunction[] {
  return files.flatMap(([file, measures]) => {
    const cases = readGolden<GoldenFile>(file).cases.filter(({ tolerance }) => tolerance === undefined);
    return Object.entries(measures).map(([name, measure]) => {
      const errors = cases.flatMap((c) => measure(c)).map(([got, want]) => errorOf(got, want));
      return { name, file, values: errors.length, worst: Math.max(...errors) };
    });
  });
}

function errorOf(got: unknown, want: unknown): number {
  if (want === null || want === undefined) return got === undefined ? 0 : Number.POSITIVE_INFINITY;
  return typeof got === 'number' ? relativeError(got, want as number) : Number.POSITIVE_INFINITY;
}
