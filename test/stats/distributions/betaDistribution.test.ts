import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaDistribution } from '../../../src/stats/distributions/index.ts';
import { continuousContract, logUniform } from '../../contracts/continuousDistribution.contract.ts';
import { expectClose } from '../../support/golden.ts';

describe('betaDistribution', () => {
  continuousContract(betaDistribution, {
    parameters: fc.tuple(logUniform, logUniform),
    support: [0, 1],
    refused: [
      [0, 1],
      [1.1e15, 1],
      [1, 1.1e15],
      [1, 0],
      [-1, 1],
      [1, -1],
      [Number.NaN, 1],
      [1, Number.NaN],
      [Number.POSITIVE_INFINITY, 1],
      [1, Number.POSITIVE_INFINITY],
    ],
    example: [2.5, 3],
  });

  it('is reflected when its shapes are exchanged', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1023 }), logUniform, logUniform, (k, a, b) => {
        const x = k / 1024;
        expectClose(betaDistribution.cdf(x, a, b), betaDistribution.sf(1 - x, b, a), 1e-14);
        expectClose(betaDistribution.pdf(x, a, b), betaDistribution.pdf(1 - x, b, a), 1e-14);
      }),
      { seed: 42 },
    );
  });

  it('is uniform for shapes 1 and a power where one of them is 1', () => {
    for (const x of [1e-200, 0.2, 0.5, 0.93]) {
      expectClose(betaDistribution.cdf(x, 1, 1), x, 1e-13);
      expectClose(betaDistribution.pdf(x, 1, 1), 1, 1e-13);
      expectClose(betaDistribution.cdf(x, 0.7, 1), x ** 0.7, 1e-13);
      expectClose(betaDistribution.quantile(x, 1, 1), x, 1e-13);
    }
  });

  it('has the density of its edges', () => {
    expect(betaDistribution.pdf(0, 0.5, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(betaDistribution.pdf(0, 1, 3)).toBe(3);
    expect(betaDistribution.pdf(0, 2, 3)).toBe(0);
    expect(betaDistribution.pdf(1, 3, 0.5)).toBe(Number.POSITIVE_INFINITY);
    expect(betaDistribution.pdf(1, 3, 1)).toBe(3);
    expect(betaDistribution.pdf(1, 3, 2)).toBe(0);
    expect([betaDistribution.pdf(-0.1, 2, 2), betaDistribution.pdf(1.1, 2, 2)]).toEqual([0, 0]);
  });

  it('survives shapes for which most of the mass is at the ends', () => {
    expectClose(betaDistribution.cdf(0.5, 1e-3, 1e-3), 0.5, 1e-14);
    expectClose(betaDistribution.sf(1e-100, 1e-3, 1e3), 0.2, 0.1);
    expect(betaDistribution.quantile(0.1, 1e-3, 1e-3)).toBe(0);
  });

  it('keeps the logarithm of an upper tail that is small at every point', () => {
    // ln(1 - 0.3^1e-12), by mpmath.
    expectClose(betaDistribution.logSf(0.3, 1e-12, 1), -27.445394357066785, 1e-14);
    expectClose(betaDistribution.logCdf(0.7, 1, 1e-12), -27.445394357066785, 1e-13);
  });

  it('has densities down to the smallest number', () => {
    // By mpmath.
    expectClose(betaDistribution.pdf(5e-324, 0.5, 1), 2.2494568972715982e161, 1e-12);
    expectClose(betaDistribution.pdf(5e-324, 0.5, 2), 3.3741853459073973e161, 1e-12);
    expectClose(betaDistribution.cdf(5e-324, 0.5, 1), Math.sqrt(5e-324), 1e-12);
    expectClose(betaDistribution.cdf(3e-323, 0.7, 1), 3e-323 ** 0.7, 1e-12);
    // The series of x takes over from its power.
    for (const [a, b] of [
      [0.3, 7],
      [0.9, 0.2],
      [4, 1e15],
    ] as const) {
      const [below, above] = [1e-40 * (1 - 1e-9), 1e-40 * (1 + 1e-9)];
      const { pdf, cdf } = betaDistribution;
      expectClose(pdf(above, a, b) / pdf(below, a, b), 1 + 2e-9 * (a - 1), 1e-12);
      expectClose(cdf(above, a, b) / cdf(below, a, b), 1 + 2e-9 * a, 1e-12);
    }
  });
});
