import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fDistribution, studentTDistribution } from '../../../src/stats/distributions/index.ts';
import { continuousContract, logUniform } from '../../contracts/continuousDistribution.contract.ts';
import { expectClose } from '../../support/golden.ts';

describe('fDistribution', () => {
  continuousContract(fDistribution, {
    parameters: fc.tuple(logUniform, logUniform),
    support: [0, Number.POSITIVE_INFINITY],
    refused: [
      [0, 1],
      [1.1e15, 1],
      [1, 1.1e15],
      [1, 0],
      [-1, 1],
      [1, -1],
      [Number.NaN, 1],
      [1, Number.NaN],
    ],
    example: [4, 9.5],
  });

  it('is the square of t for one degree of freedom in the numerator', () => {
    for (const df of [0.3, 1, 30, 1e6]) {
      for (const t of [0.1, 1, 2.5, 20]) {
        expectClose(fDistribution.sf(t * t, 1, df), studentTDistribution.twoSided(t, df), 3e-13, `${t}, ${df}`);
      }
    }
  });

  it('turns over when its degrees of freedom are exchanged', () => {
    fc.assert(
      fc.property(fc.constantFrom(0.125, 0.5, 2, 8, 1024), logUniform, logUniform, (f, df1, df2) => {
        const [got, want] = [fDistribution.cdf(f, df1, df2), fDistribution.sf(1 / f, df2, df1)];
        if (want > 1e-300) expectClose(got, want, 1e-12, `${f}, ${df1}, ${df2}`);
      }),
      { seed: 42 },
    );
  });

  it('keeps its tails for ratios beyond the doubles', () => {
    expectClose(fDistribution.sf(1e308, 1e3, 1e-3), 0.7, 0.1);
    expectClose(fDistribution.cdf(1e-308, 1e-3, 1e3), 0.7, 0.1);
    expect(fDistribution.sf(1e308, 1e3, 1e-3) + fDistribution.cdf(1e308, 1e3, 1e-3)).toBeCloseTo(1, 15);
  });

  it('has the density of its edge at 0', () => {
    expect(fDistribution.pdf(0, 1, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(fDistribution.pdf(0, 2, 5)).toBe(1);
    expect(fDistribution.pdf(0, 3, 5)).toBe(0);
    expect(fDistribution.pdf(-1, 3, 5)).toBe(0);
  });

  it('has densities and logarithms for ratios beyond the doubles', () => {
    // By mpmath.
    expectClose(fDistribution.pdf(1e290, 1e10, 1e-10), 4.999999827277138e-301, 1e-14);
    expectClose(fDistribution.pdf(1e-300, 1e-10, 1e10), 4.9999998215206755e289, 1e-14);
    expectClose(fDistribution.pdf(1e-306, 1e-10, 1e10), 4.999999818066798e295, 1e-14);
    expectClose(fDistribution.cdf(1e-306, 1e-10, 1e10), 0.9999999636133596, 1e-15);
    expectClose(fDistribution.logSf(1e-306, 1e-10, 1e10), Math.log(3.638664038e-8), 1e-10);
    expectClose(fDistribution.logSf(1e-300, 1e-12, 1), -21.74520484359133, 1e-14);
    expectClose(fDistribution.logCdf(1e-300, 1e-12, 1), -3.5989642168763063e-10, 1e-12);
    expect(fDistribution.pdf(Number.POSITIVE_INFINITY, 3, 5)).toBe(0);
    // The logit overflows before the quantile does.
    const far = fDistribution.isf(0.03, 1e13, 0.01);
    expect(far).toBeLessThan(1e305);
    expectClose(fDistribution.sf(far, 1e13, 0.01), 0.03, 1e-12);
  });
});
