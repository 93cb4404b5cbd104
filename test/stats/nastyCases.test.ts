import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/core/index.ts';
import {
  betaDistribution,
  binomialDistribution,
  chiSquaredDistribution,
  fDistribution,
  hypergeometricDistribution,
  normalDistribution,
  poissonDistribution,
  studentTDistribution,
} from '../../src/stats/distributions/index.ts';
import { expectClose } from '../support/golden.ts';

// The numbers of the cases are those of the audit that this library was built against; others live beside the tests
// and summaries that they concern.
describe('nasty case 1: upper tails as 1 - cdf', () => {
  it('keeps every digit where 1 - cdf is 0 or noise', () => {
    expectClose(normalDistribution.sf(10), 7.61985302416052e-24, 1e-14);
    expectClose(normalDistribution.sf(37), 5.725571222524577e-300, 1e-13);
    expectClose(chiSquaredDistribution.sf(1000, 2), Math.exp(-500), 1e-12);
    expectClose(studentTDistribution.sf(1e20, 2), 0.5e-40, 1e-13);
    expectClose(betaDistribution.sf(1 - 2 ** -40, 1, 3), 2 ** -120, 1e-13);
    expectClose(fDistribution.sf(1e30, 2, 4), (1 + 0.5e30) ** -2, 1e-13);
    expectClose(poissonDistribution.sf(99, 1), Math.exp(-1 - 363.73937555556347) * 1.009999, 1e-6);
  });

  it('has no two-sided p-value above 1', () => {
    for (const df of [1, 30, 1e5, 1e6, 1e7, 1e9]) {
      expect(studentTDistribution.twoSided(0, df)).toBe(1);
      expect(studentTDistribution.twoSided(1e-9, df)).toBeLessThanOrEqual(1);
      expect(studentTDistribution.cdf(0, df)).toBe(0.5);
    }
  });
});

describe('nasty case 2: large parameters', () => {
  it('is one half at the middle of symmetric beta distributions of any size', () => {
    for (const a of [1e5, 1e6, 1e7, 1e9]) {
      expectClose(betaDistribution.cdf(0.5, a, a), 0.5, 1e-15, `a = ${a}`);
      expectClose(betaDistribution.sf(0.5, a, a), 0.5, 1e-15, `a = ${a}`);
    }
  });

  it('does not lose small t to the rounding of df / (df + t^2)', () => {
    // P(|T| < t) is 2 t times the density at 0 for tiny t.
    for (const df of [1e3, 1e6, 1e9]) {
      const t = 1e-10;
      const inside = 2 * (studentTDistribution.cdf(t, df) - 0.5);
      expect(Math.abs(inside - 2 * t * studentTDistribution.pdf(0, df))).toBeLessThanOrEqual(2.3e-16);
      expectClose(studentTDistribution.isf(studentTDistribution.sf(0.125, df), df), 0.125, 1e-14, `df = ${df}`);
    }
  });

  it('answers quickly and rightly where fractions and series would take millions of steps', () => {
    expectClose(chiSquaredDistribution.cdf(1e8, 1e8), 0.5 + 1 / (3 * Math.sqrt(Math.PI * 1e8)), 1e-10);
    expectClose(poissonDistribution.cdf(200, 180), 0.9347937055432218, 1e-14);
  });

  it('answers at infinity instead of with NaN', () => {
    expect(chiSquaredDistribution.cdf(Number.POSITIVE_INFINITY, 3)).toBe(1);
    expect(chiSquaredDistribution.quantile(1, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(studentTDistribution.cdf(Number.NEGATIVE_INFINITY, 3)).toBe(0);
    expect(studentTDistribution.twoSided(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expectClose(studentTDistribution.sf(2, Number.POSITIVE_INFINITY), normalDistribution.sf(2), 1e-15);
    expect(studentTDistribution.twoSided(1e200, 0.01)).toBeGreaterThan(0.009);
  });
});

describe('nasty case 4: what is degenerate never becomes a p-value', () => {
  it('refuses the NaN of 0 / 0', () => {
    const nothing = 0 / 0;
    expect(() => studentTDistribution.twoSided(nothing, 10)).toThrow(InvalidOptionError);
    expect(() => studentTDistribution.twoSided(2, nothing)).toThrow(InvalidOptionError);
    expect(() => studentTDistribution.twoSided(2, 0)).toThrow(InvalidOptionError);
    expect(() => normalDistribution.sf(nothing)).toThrow(InvalidOptionError);
    expect(() => normalDistribution.sf(1, 0, 0)).toThrow(InvalidOptionError);
    expect(() => fDistribution.sf(nothing, 2, 10)).toThrow(InvalidOptionError);
    expect(() => chiSquaredDistribution.sf(1, 0)).toThrow(InvalidOptionError);
    expect(() => binomialDistribution.sf(1, 10, nothing)).toThrow(InvalidOptionError);
  });
});

describe('nasty case 7: factorials beyond the doubles', () => {
  it('has finite masses for any number of trials', () => {
    expectClose(binomialDistribution.pmf(1000, 2000, 0.5), 0.01783901114585432, 1e-13);
    expectClose(binomialDistribution.pmf(500_000, 1_000_000, 0.5), 0.0007978843613317501, 1e-13);
    expectClose(poissonDistribution.pmf(1e6, 1e6), 0.000398942247156244, 1e-13);
    expect(binomialDistribution.pmf(171, 100_000, 1e-3)).toBeGreaterThan(0);
  });

  it('has finite masses for tables of any size', () => {
    // The middle of a symmetric table: C(n, n/2)^2 / C(2n, n) with n = 1e6, by Stirling 2 / sqrt(π n) (1 - 3 / (8 n)).
    const want = (2 / Math.sqrt(Math.PI * 1e6)) * (1 - 3 / (8 * 1e6));
    expectClose(hypergeometricDistribution.pmf(500_000, 2_000_000, 1_000_000, 1_000_000), want, 1e-11);
    expectClose(hypergeometricDistribution.cdf(499_999, 2_000_000, 1_000_000, 1_000_000), (1 - want) / 2, 1e-11);
  });
});
