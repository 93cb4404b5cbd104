import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  pearsonCorrelation,
  pearsonTest,
  regressionIntervals,
  regressionScores,
  rootMeanSquare,
  rootMeanSquareInterval,
  rSquaredInterval,
  spearmanCorrelation,
  spearmanTest,
} from '../../../src/stats/quality/index.ts';
import { Moments } from '../../../src/stats/summaries/index.ts';
import type { IntervalEstimate, IntervalResult, TestEstimate, TestResult } from '../../../src/stats/types.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

function ok(result: TestResult): TestEstimate;
function ok(result: IntervalResult): IntervalEstimate;
function ok(result: IntervalResult): IntervalEstimate {
  if (result.status !== 'ok') throw new Error(result.reason);
  return result;
}
type Values = Record<string, number | null>;
const golden = readGolden<GoldenFile<{ actual: number[]; predicted: number[] }, Values>>('regression.json');
const names = {
  n: 'n',
  meanError: 'meanError',
  meanAbsoluteError: 'mae',
  medianAbsoluteError: 'medianAbsoluteError',
  maxError: 'maxError',
  meanSquaredError: 'mse',
  rootMeanSquaredError: 'rmse',
  rSquared: 'r2',
  explainedVariance: 'explainedVariance',
  meanAbsolutePercentageError: 'mape',
  symmetricMeanAbsolutePercentageError: 'smape',
  pearson: 'pearson',
  spearman: 'spearman',
} as const;

describe('golden/regression.json', () => {
  for (const { id, input, expected, tolerance } of golden.cases) {
    it(id, () => {
      const scores = regressionScores(input.actual, input.predicted);
      expect(Object.keys(scores)).toEqual(Object.keys(names));
      for (const [name, key] of Object.entries(names)) {
        const [got, want] = [scores[name as keyof typeof names], expected[key]!];
        if (want === null) expect(got, name).toBeUndefined();
        else {
          const allowed = 1e-14 + (tolerance?.rel ?? 1e-11) * Math.abs(want);
          expect(Math.abs(got! - want), `${name}: ${got} for ${want}`).toBeLessThanOrEqual(allowed);
        }
      }
    });
  }
});

interface Tested {
  r?: number;
  t?: number;
  pTwoSided?: number;
  fisherCi95?: [number, number];
  degenerate?: boolean;
}
const correlations =
  readGolden<GoldenFile<{ x: number[]; y: number[] }, { n: number; pearson: Tested; spearman: Tested }>>(
    'correlation.json',
  );

describe('golden/correlation.json', () => {
  for (const { id, input, expected } of correlations.cases) {
    it.each([
      ['pearson', pearsonTest, pearsonCorrelation],
      ['spearman', spearmanTest, spearmanCorrelation],
    ] as const)(`${id}: %s`, (name, test, correlation) => {
      const want = expected[name];
      const result = test(input.x, input.y);
      if (want.degenerate || input.x.length < 3) {
        expect(result.status).toBe('inconclusive');
        if (want.degenerate) expect(correlation(input.x, input.y)).toBeUndefined();
        else expectClose(correlation(input.x, input.y)!, want.r!, 1e-15);
        return;
      }
      const { estimate, statistic, pValue, interval, df } = ok(result);
      expectClose(estimate, want.r!, 1e-10, 'r');
      expectClose(correlation(input.x, input.y)!, want.r!, 1e-10, 'r');
      expect(df).toBe(expected.n - 2);
      if (want.t !== undefined) expectClose(statistic, want.t, 1e-10, 't');
      // A perfect correlation in exact arithmetic may miss 1 by rounding: then p is not 0, but nothing else either.
      if (want.pTwoSided === 0) expect(pValue).toBeLessThan(1e-40);
      else expectClose(pValue, want.pTwoSided!, 1e-9, 'p');
      if (name === 'pearson' && want.fisherCi95 !== undefined) {
        interval.forEach((end, i) => {
          expectClose(end, want.fisherCi95![i]!, 1e-10, 'interval');
        });
      }
    });
  }
});

const pair = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }));
const pairs = fc.array(pair, { minLength: 4, maxLength: 40 });
const property = (check: (x: number[], y: number[]) => void) =>
  fc.assert(
    fc.property(pairs, (data) =>
      check(
        data.map((p) => p[0]),
        data.map((p) => p[1]),
      ),
    ),
    { seed: 42, numRuns: 200 },
  );

describe('correlations', () => {
  it('lie within [-1, 1], are symmetric, and do not depend on unit or origin, from 1e-9 to 1e9', () => {
    property((x, y) => {
      for (const correlation of [pearsonCorrelation, spearmanCorrelation]) {
        const r = correlation(x, y);
        if (r === undefined) continue;
        expect(Math.abs(r)).toBeLessThanOrEqual(1);
        expect(correlation(y, x)).toBeCloseTo(r, 12);
        for (const s of [1e-9, 1e9])
          expect(
            correlation(
              x.map((v) => v * s),
              y.map((v) => v * s + 5 * s),
            ),
          ).toBeCloseTo(r, 10);
        expect(
          correlation(
            x.map((v) => -v),
            y,
          ),
        ).toBeCloseTo(-r, 12);
      }
    });
  });
  it('have one-sided p-values that sum to 1, and intervals that hold them', () => {
    property((x, y) => {
      for (const test of [pearsonTest, spearmanTest]) {
        const both = test(x, y);
        if (both.status !== 'ok' || both.warnings.length > 0) continue;
        const [less, greater] = (['less', 'greater'] as const).map((alternative) =>
          ok(test(x, y, { alternative })),
        ) as [TestEstimate, TestEstimate];
        expect(less.pValue + greater.pValue).toBeCloseTo(1, 10);
        expect(both.pValue).toBeCloseTo(Math.min(1, 2 * Math.min(less.pValue, greater.pValue)), 10);
        expect(both.interval[0]).toBeLessThanOrEqual(both.estimate);
        expect(both.interval[1]).toBeGreaterThanOrEqual(both.estimate);
        expect([less.interval[0], greater.interval[1]]).toEqual([-1, 1]);
      }
    });
  });
  it('of constants, nasty case 4, do not exist, also where the mean of equal numbers is rounded', () => {
    const constant = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
    const rising = [1, 2, 3, 4, 5, 6];
    expect(pearsonCorrelation(constant, rising)).toBeUndefined();
    expect(spearmanTest(rising, constant)).toMatchObject({
      status: 'inconclusive',
      reason: 'one of the variables does not vary',
    });
  });
  it('are exactly 1 and -1 along a line, and exactly 0 where all products cancel', () => {
    property((x) => {
      if (new Set(x).size === 1) return;
      const along = (slope: number) =>
        pearsonCorrelation(
          x,
          x.map((v) => slope * v),
        );
      expect([along(2), along(-2)]).toEqual([1, -1]);
    });
    for (const [x, y] of [
      [
        [-2, -1, 0, 1, 2],
        [2, -1, -2, -1, 2],
      ],
      [
        [-3, -1, 1, 3],
        [1, -1, -1, 1],
      ],
    ] as const) {
      expect(pearsonCorrelation(x, y)).toBeCloseTo(0, 30);
    }
  });
  it('perfect ones say so', () => {
    const { estimate, interval, pValue, warnings } = ok(pearsonTest([1, 2, 3, 4, 5], [-2, -4, -6, -8, -10]));
    expect([estimate, ...interval, pValue]).toEqual([-1, -1, -1, 0]);
    expect(warnings).toHaveLength(1);
  });
  it('of three pairs have an interval from -1 to 1', () => {
    expect(ok(pearsonTest([1, 2, 3], [1, 3, 2])).interval).toEqual([-1, 1]);
  });
  it('give tied values the mean of their ranks', () => {
    expectClose(spearmanCorrelation([1, 2, 2, 3], [1, 2, 3, 4])!, 0.9486832980505138, 1e-14);
  });
});

describe('regressionScores', () => {
  it('scale with the unit of the target, from 1e-9 to 1e9', () => {
    property((x, y) => {
      const base = regressionScores(x, y);
      for (const s of [1e-9, 1e9]) {
        const scaled = regressionScores(
          x.map((v) => v * s),
          y.map((v) => v * s),
        );
        for (const name of ['meanError', 'meanAbsoluteError', 'rootMeanSquaredError', 'maxError'] as const) {
          expectClose(scaled[name]! / s, base[name]!, 1e-9, name, 1e-3);
        }
        for (const name of [
          'rSquared',
          'meanAbsolutePercentageError',
          'symmetricMeanAbsolutePercentageError',
        ] as const) {
          if (base[name] === undefined) expect(scaled[name]).toBeUndefined();
          else expectClose(scaled[name]!, base[name], 1e-9, name, 1e-3);
        }
      }
    });
  });
  it('keep their inequalities: |bias| <= MAE <= RMSE <= max', () => {
    property((x, y) => {
      const { meanError, meanAbsoluteError, rootMeanSquaredError, maxError } = regressionScores(x, y);
      expect(Math.abs(meanError!)).toBeLessThanOrEqual(meanAbsoluteError! + 1e-12);
      expect(meanAbsoluteError!).toBeLessThanOrEqual(rootMeanSquaredError! + 1e-12);
      expect(rootMeanSquaredError!).toBeLessThanOrEqual(maxError! + 1e-12);
    });
  });
  it('say nothing of nothing', () => {
    const { n, ...scores } = regressionScores([], []);
    expect(n).toBe(0);
    expect(Object.values(scores)).toEqual(new Array(12).fill(undefined));
  });
  it('R² of a constant target does not exist, also where its mean is rounded', () => {
    expect(regressionScores([0.1, 0.1, 0.1], [1, 2, 3]).rSquared).toBeUndefined();
    expect(rSquaredInterval([0.1, 0.1, 0.1], [1, 2, 3])).toMatchObject({ reason: 'the target does not vary' });
  });
});

describe('intervals of regression scores', () => {
  it('hold their estimates, which are the scores', () => {
    property((x, y) => {
      const intervals = regressionIntervals(x, y);
      const scores = regressionScores(x, y);
      for (const [name, result] of Object.entries(intervals)) {
        if (result.status !== 'ok') continue;
        expectClose(result.estimate, scores[name as keyof typeof intervals]!, 1e-10, name, 1);
        expect(result.interval[0]).toBeLessThanOrEqual(result.estimate);
        expect(result.interval[1]).toBeGreaterThanOrEqual(result.estimate);
      }
    });
  });
  it('grow with the level, and have their one-sided bounds', () => {
    const [x, y] = [
      [3, 1, 4, 1, 5, 9, 2, 6],
      [2, 1, 5, 2, 4, 8, 3, 7],
    ];
    const narrow = regressionIntervals(x, y, { level: 0.9 });
    const wide = regressionIntervals(x, y, { level: 0.99 });
    const greater = regressionIntervals(x, y, { level: 0.95, alternative: 'greater' });
    for (const name of Object.keys(narrow) as (keyof typeof narrow)[]) {
      const [a, b, c] = [
        ok(narrow[name] as IntervalResult),
        ok(wide[name] as IntervalResult),
        ok(greater[name] as IntervalResult),
      ];
      expect(b.interval[0]).toBeLessThan(a.interval[0]);
      expect(b.interval[1]).toBeGreaterThan(a.interval[1]);
      expectClose(c.interval[0], a.interval[0], 1e-12, name);
    }
  });
  it('of the root mean square: by hand', () => {
    // t(0.975, 3) = 3.182446305284263; se = sqrt(8 / 4) / (2 * 4)
    const { estimate, interval, standardError } = ok(rootMeanSquareInterval({ n: 4, mean: 4, variance: 8 }));
    expect(estimate).toBe(2);
    expectClose(standardError!, Math.SQRT2 / 8, 1e-15);
    expectClose(interval[0], 2 * Math.exp((-3.182446305284263 * Math.SQRT2) / 8), 1e-13);
    expectClose(interval[1], 2 * Math.exp((3.182446305284263 * Math.SQRT2) / 8), 1e-13);
    expect(ok(rootMeanSquareInterval({ n: 4, mean: 4, variance: 8 }, { alternative: 'less' })).interval[0]).toBe(0);
  });
  it('R² moves with its two parts: the standard error is that of the log ratio by the delta method', () => {
    property((x, y) => {
      const result = rSquaredInterval(x, y);
      if (result.status !== 'ok') return;
      const mean = x.reduce((a, b) => a + b, 0) / x.length;
      const errors = x.map((v, i) => (v - y[i]!) ** 2);
      const spread = x.map((v) => (v - mean) ** 2);
      const [me, ms] = [errors, spread].map((v) => v.reduce((a, b) => a + b, 0) / v.length) as [number, number];
      const share = new Moments().pushAll(errors.map((e, i) => e / me - spread[i]! / ms));
      expectClose(result.standardError!, Math.sqrt(share.variance / x.length), 1e-10, 'se', 1e-3);
      expectClose((1 - result.interval[0]) * (1 - result.interval[1]), (1 - result.estimate) ** 2, 1e-9);
    });
  });
  it('root mean square as moments', () => {
    expect(rootMeanSquare({ n: 50, mean: 4, variance: 8 })).toEqual({ n: 50, mean: 2, variance: 0.5 });
    expect(rootMeanSquare({ n: 0, mean: Number.NaN, variance: Number.NaN })).toBeUndefined();
    expect(rootMeanSquare({ n: 9, mean: 0, variance: 0 })).toEqual({ n: 9, mean: 0, variance: 0 });
    expect(() => rootMeanSquare({ n: 2, mean: -1, variance: 1 })).toThrow('squares.mean must be at least 0, got -1');
  });
  it('are inconclusive where the data are too few or do not vary', () => {
    const one = regressionIntervals([7.8], [7.08]);
    for (const result of Object.values(one)) expect(result.status).toBe('inconclusive');
    const perfect = regressionIntervals([1, 2, 3, 4], [1, 2, 3, 4]);
    expect(perfect.rSquared).toMatchObject({ reason: 'every prediction is exact' });
    expect(perfect.rootMeanSquaredError).toMatchObject({ reason: 'the squares do not vary' });
    expect(perfect.meanAbsoluteError).toMatchObject({ reason: 'the values do not vary' });
    const zero = regressionIntervals([0, 2, 3, 4], [1, 2, 3, 5]);
    expect(zero.meanAbsolutePercentageError).toMatchObject({
      reason: 'an actual value is 0',
      method: 'student-t',
      n: [4],
    });
  });
  it('refuse what are no pairs', () => {
    for (const use of [regressionScores, regressionIntervals, rSquaredInterval]) {
      expect(() => use([1, 2], [1])).toThrow('predicted.length must be 2, the length of actual, got 1');
      expect(() => use([1, Number.NaN], [1, 2])).toThrow('actual[1] must be a finite number, got NaN');
    }
    expect(() => pearsonTest([1], [Number.POSITIVE_INFINITY])).toThrow('y[0] must be a finite number');
    expect(() => spearmanCorrelation([1, 2], [1])).toThrow('y.length must be 2, the length of x, got 1');
  });
});
