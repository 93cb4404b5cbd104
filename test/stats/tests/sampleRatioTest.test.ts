import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { sampleRatioTest } from '../../../src/stats/tests/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

interface Input {
  readonly observed: readonly number[];
  readonly weights: readonly number[];
}
interface Expected {
  readonly degenerate?: boolean;
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
  readonly expectedCounts: readonly number[];
  readonly mismatchAt001: boolean;
  readonly maxAbsStandardizedResidual: number;
}

describe('sampleRatioTest agrees with mpmath', () => {
  for (const { id, input, expected } of readGolden<GoldenFile<Input, Expected>>('srm.json').cases) {
    it(id, () => {
      const result = sampleRatioTest(input.observed, input.weights);
      if (expected.degenerate) {
        expect(result.status).toBe('inconclusive');
        return;
      }
      const { statistic, pValue, df, expected: counts, residuals, effectSize, warnings } = ok(result);
      expectClose(statistic, expected.statistic, 1e-9, 'statistic', 1e-10);
      expectClose(pValue, expected.p, 1e-9, 'p');
      expect(df).toBe(expected.df);
      expect(pValue < 0.001).toBe(expected.mismatchAt001);
      counts.forEach((count, i) => {
        expectClose(count, expected.expectedCounts[i]!, 1e-12);
      });
      const largest = Math.max(...residuals.map(Math.abs));
      expectClose(largest, expected.maxAbsStandardizedResidual, 1e-9, 'residual', 1e-6);
      const total = input.observed.reduce((a, b) => a + b);
      expectClose(effectSize.value, Math.sqrt(expected.statistic / total), 1e-9, 'w', 1e-9);
      expect(warnings.length > 0).toBe(Math.min(...expected.expectedCounts) < 5);
    });
  }
});

describe('sampleRatioTest', () => {
  const groups = fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 9 })), {
    minLength: 2,
    maxLength: 5,
  });

  it('takes weights in any unit and groups in any order; p within [0, 1], estimate within the interval', () => {
    fc.assert(
      fc.property(groups, fc.integer({ min: -9, max: 9 }), (list, power) => {
        const observed = list.map(([count]) => count);
        const weights = list.map(([, weight]) => weight);
        const { pValue, statistic, estimate, interval } = ok(sampleRatioTest(observed, weights));
        const other = ok(
          sampleRatioTest(
            [...observed].reverse(),
            [...weights].reverse().map((w) => w * 10 ** power),
          ),
        );
        expectClose(other.statistic, statistic, 1e-9, '', 1e-6);
        expectClose(other.pValue, pValue, 1e-7);
        expect(pValue).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeLessThanOrEqual(1);
        expect(interval[0]).toBeLessThanOrEqual(estimate);
        expect(interval[1]).toBeGreaterThanOrEqual(estimate);
      }),
      { seed: 42, numRuns: 60 },
    );
  });

  it('points at the group that is off', () => {
    const { residuals } = ok(sampleRatioTest([1000, 1000, 800], [1, 1, 1]));
    expect(residuals.indexOf(Math.min(...residuals))).toBe(2);
  });

  it('refuses impossible counts and weights', () => {
    expect(() => sampleRatioTest([1], [1])).toThrow(InvalidDataError);
    expect(() => sampleRatioTest([1, -1], [1, 1])).toThrow('observed[1] must be a finite count at least 0');
    expect(() => sampleRatioTest([1, 1], [1])).toThrow(InvalidOptionError);
    expect(() => sampleRatioTest([1, 1], [1, 0])).toThrow('weights[1] must be a finite number greater than 0');
  });

  it('warns where any expected count is below 5, not where it is 5', () => {
    const warnings = (observed: readonly number[], weights: readonly number[]) =>
      ok(sampleRatioTest(observed, weights)).warnings.length;
    expect(warnings([5, 5], [1, 1])).toBe(0);
    expect(warnings([3, 40], [1, 10])).toBe(1);
    expect(warnings([4, 4], [1, 1])).toBe(1);
  });
});
