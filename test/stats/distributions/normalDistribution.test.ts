import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalDistribution } from '../../../src/stats/distributions/index.ts';
import { continuousContract } from '../../contracts/continuousDistribution.contract.ts';

describe('normalDistribution', () => {
  continuousContract(normalDistribution, {
    parameters: fc.constantFrom<number[]>([], [0, 2], [0, 1e-9], [0, 1e9]),
    support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    refused: [
      [0, 0],
      [0, -1],
      [0, Number.NaN],
      [0, Number.POSITIVE_INFINITY],
      [Number.NaN, 1],
      [Number.POSITIVE_INFINITY, 1],
    ],
    example: [3, 2],
  });

  it('is symmetric', () => {
    const z = fc.double({ min: -37, max: 37, noNaN: true });
    fc.assert(
      fc.property(z, (x) => {
        expect(normalDistribution.sf(x)).toBe(normalDistribution.cdf(-x));
        expect(normalDistribution.pdf(x)).toBe(normalDistribution.pdf(-x));
        expect(normalDistribution.logSf(x)).toBe(normalDistribution.logCdf(-x));
      }),
      { seed: 42 },
    );
    expect(normalDistribution.isf(0.01)).toBe(-normalDistribution.quantile(0.01));
  });

  it('shifts and scales', () => {
    expect(normalDistribution.cdf(7, 3, 2)).toBe(normalDistribution.cdf(2));
    expect(normalDistribution.sf(7, 3, 2)).toBe(normalDistribution.sf(2));
    expect(normalDistribution.pdf(7, 3, 2)).toBe(normalDistribution.pdf(2) / 2);
    expect(normalDistribution.quantile(0.25, 3, 2)).toBe(3 + 2 * normalDistribution.quantile(0.25));
    expect(normalDistribution.isf(0.25, 3, 2)).toBe(3 - 2 * normalDistribution.quantile(0.25));
    expect(normalDistribution.logCdf(7, 3, 2)).toBe(normalDistribution.logCdf(2));
  });

  it('keeps its logarithms where the tail itself is 0', () => {
    expect(normalDistribution.sf(100)).toBe(0);
    expect(normalDistribution.logSf(100)).toBeCloseTo(-5005.5242086942, 9);
    expect(normalDistribution.logCdf(100)).toBe(-0);
  });

  it('answers as its documentation says', () => {
    expect(normalDistribution.sf(10)).toBeCloseTo(7.61985302416053e-24, 37);
    expect(normalDistribution.quantile(0.975)).toBeCloseTo(1.959963984540054, 15);
  });
});
