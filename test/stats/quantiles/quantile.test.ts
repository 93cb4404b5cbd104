import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { quantile, quantileInterval } from '../../../src/stats/quantiles/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

interface Expected {
  readonly probabilities: readonly number[];
  readonly linear: readonly number[];
  readonly type6: readonly number[];
  readonly type8: readonly number[];
  readonly median: number;
  readonly iqr: number;
  readonly orderStatisticCi95?: readonly {
    readonly probability: number;
    readonly lowerRank: number;
    readonly upperRank: number;
    readonly coverage: number;
    readonly lower: number;
    readonly upper: number;
  }[];
}

describe('quantile and quantileInterval agree with NumPy, R and SciPy', () => {
  for (const { id, input, expected } of readGolden<GoldenFile<{ values: number[] }, Expected>>('quantile.json').cases) {
    it(id, () => {
      for (const [type, want] of [
        [7, expected.linear],
        [6, expected.type6],
        [8, expected.type8],
      ] as const) {
        expected.probabilities.forEach((p, i) => {
          expectClose(quantile(input.values, p, { type }), want[i]!, 1e-12, `type ${type} at ${p}`, 1);
        });
      }
      expect(quantile(input.values, 0.5)).toBe(expected.median + 0);
      for (const want of expected.orderStatisticCi95 ?? []) {
        const { ranks, coverage, interval } = ok(quantileInterval(input.values, want.probability));
        expect(ranks).toEqual([want.lowerRank, want.upperRank]);
        expectClose(coverage, want.coverage, 1e-12);
        expect(interval).toEqual([want.lower, want.upper]);
      }
    });
  }
});

const sample = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 40 });
const type = fc.constantFrom(6, 7, 8);
const p = fc.double({ min: 0, max: 1, noNaN: true });
const run = { seed: 42, numRuns: 200 };

describe('nasty case 9: quantiles', () => {
  it('rise with p, to the last bit, and stay within the sample', () => {
    fc.assert(
      fc.property(sample, type, p, p, (values, t, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((q) => quantile(values, q, { type: t as 7 }));
        expect(low!).toBeLessThanOrEqual(high!);
        expect(low!).toBeGreaterThanOrEqual(Math.min(...values));
        expect(high!).toBeLessThanOrEqual(Math.max(...values));
      }),
      run,
    );
  });

  it('of a constant are that constant, of one value that value, at 0 and 1 the extremes', () => {
    for (const t of [6, 7, 8] as const) {
      expect([0, 0.1, 1 / 3, 1].map((q) => quantile([0.1, 0.1, 0.1], q, { type: t }))).toEqual(Array(4).fill(0.1));
      expect(quantile([7], 0.3, { type: t })).toBe(7);
      expect([quantile([3, 1, 2], 0, { type: t }), quantile([3, 1, 2], 1, { type: t })]).toEqual([1, 3]);
    }
  });

  it('do not depend on the order in which the values come', () => {
    fc.assert(
      fc.property(sample, p, (values, q) => {
        expect(quantile([...values].reverse(), q)).toBe(quantile(values, q));
      }),
      run,
    );
  });

  it('of nothing are an error of the caller, not NaN', () => {
    expect(() => quantile([], 0.5)).toThrow(InvalidDataError);
    expect(() => quantile([1, Number.NaN], 0.5)).toThrow('values[1] must be a finite number');
    expect(() => quantile([1], 1.5)).toThrow(InvalidOptionError);
    expect(() => quantile([1], 0.5, { type: 5 as never })).toThrow('type must be the number 6, 7 or 8');
  });
});

describe('quantileInterval', () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);

  it('has open ends where no order statistic is far enough out, and says so', () => {
    const { interval, ranks, warnings } = ok(quantileInterval(values, 0.99));
    expect(interval[1]).toBe(Number.POSITIVE_INFINITY);
    expect(ranks[1]).toBe(101);
    expect(warnings).toHaveLength(1);
    // 370 observations are enough: 0.99^370 is below 0.025.
    const many = Array.from({ length: 370 }, (_, i) => i);
    expect(ok(quantileInterval(many, 0.99)).interval[1]).toBe(369);
    expect(ok(quantileInterval(many.slice(4), 0.99)).interval[1]).toBe(Number.POSITIVE_INFINITY);
  });

  it('reaches the extremes of the sample without a warning, and warns of one open end', () => {
    const six = ok(quantileInterval([6, 1, 5, 2, 4, 3], 0.5, { level: 0.9 }));
    expect(six).toMatchObject({ ranks: [1, 6], interval: [1, 6], warnings: [] });
    expectClose(six.coverage, 1 - 2 / 64, 1e-14);
    for (const q of [0.01, 0.99]) expect(ok(quantileInterval(values, q)).warnings).toHaveLength(1);
  });

  it('gives ranks and coverage of one-sided bounds as well, and warns on the bounded side only', () => {
    const above = ok(quantileInterval(values, 0.5, { alternative: 'greater' }));
    expect(above).toMatchObject({ ranks: [42, 101], warnings: [] });
    const below = ok(quantileInterval(values, 0.5, { alternative: 'less' }));
    expect(below).toMatchObject({ ranks: [0, 59], warnings: [] });
    expectClose(above.coverage, below.coverage, 1e-13);
    expect(ok(quantileInterval(values, 0.01, { alternative: 'greater' })).warnings).toHaveLength(1);
    expect(ok(quantileInterval(values, 0.01, { alternative: 'less' })).warnings).toEqual([]);
  });

  it('knows no -0', () => {
    expect(quantile([-0], 0.5)).toBe(0);
    const zeros = ok(quantileInterval([-0, -0, -0, -0, -0, -0, -0], 0.5));
    expect([zeros.estimate, ...zeros.interval]).toEqual([0, 0, 0]);
  });

  it('has one-sided bounds with all of the error on one side', () => {
    const upper = ok(quantileInterval(values, 0.5, { alternative: 'less' }));
    expect([upper.interval[0], upper.warnings]).toEqual([Number.NEGATIVE_INFINITY, []]);
    // P(Bin(100, 1/2) <= 57) = 0.933, P(Bin <= 58) = 0.956: rank 59.
    expect(upper.interval[1]).toBe(59);
    expect(ok(quantileInterval(values, 0.5, { alternative: 'greater' })).interval).toEqual([
      42,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it('covers with at least its level', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, q) => {
        for (const level of [0.5, 0.9, 0.99]) {
          const { coverage, interval, estimate } = ok(quantileInterval(values.slice(0, n), q, { level }));
          expect(coverage).toBeGreaterThanOrEqual(level - 1e-12);
          expect(interval[0]).toBeLessThanOrEqual(estimate);
          expect(interval[1]).toBeGreaterThanOrEqual(estimate);
        }
      }),
      run,
    );
  });

  it('is inconclusive without values and refuses wrong options', () => {
    expect(quantileInterval([], 0.5).status).toBe('inconclusive');
    expect(() => quantileInterval([1], 1)).toThrow(InvalidOptionError);
    expect(() => quantileInterval([1, Number.NaN], 0.5)).toThrow(InvalidDataError);
  });
});
