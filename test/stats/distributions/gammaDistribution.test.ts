import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/index.ts';
import { gammaDistribution } from '../../../src/stats/distributions/index.ts';
import { continuousContract, logUniform } from '../../contracts/continuousDistribution.contract.ts';
import { expectClose } from '../../support/golden.ts';

describe('gammaDistribution', () => {
  continuousContract(gammaDistribution, {
    parameters: fc.oneof(
      logUniform.map((shape) => [shape]),
      fc.tuple(logUniform, logUniform).map(([shape, scale]) => [shape, scale]),
    ),
    support: [0, Number.POSITIVE_INFINITY],
    refused: [[0], [-1], [Number.NaN], [Number.POSITIVE_INFINITY], [1, 0], [1, -2], [1, Number.NaN]],
    example: [2.5, 3],
  });

  it('is exponential for shape 1', () => {
    expectClose(gammaDistribution.sf(600, 1), Math.exp(-600), 1e-12);
    expectClose(gammaDistribution.sf(6, 1, 3), Math.exp(-2), 1e-15);
    expectClose(gammaDistribution.quantile(0.3, 1, 3), -3 * Math.log1p(-0.3), 1e-15);
  });

  it('has the density of its edge at 0', () => {
    expect(gammaDistribution.pdf(0, 0.5)).toBe(Number.POSITIVE_INFINITY);
    expect(gammaDistribution.pdf(0, 1, 4)).toBe(0.25);
    expect(gammaDistribution.pdf(0, 2)).toBe(0);
    expect(gammaDistribution.pdf(-1, 2)).toBe(0);
  });

  it('does not clip a quantile that is below every double: it is 0', () => {
    expect(gammaDistribution.quantile(1e-3, 1e-3)).toBe(0);
    expect(gammaDistribution.cdf(5e-324, 1e-3)).toBeGreaterThan(0.4);
  });

  it('refuses a scale that is none', () => {
    expect(() => gammaDistribution.quantile(0.5, 1, Number.POSITIVE_INFINITY)).toThrow(InvalidOptionError);
  });

  it('keeps what the smallest shapes say', () => {
    // By mpmath.
    expectClose(gammaDistribution.logCdf(1e-100, 0.4), -91.98379080558946, 1e-14);
    expectClose(gammaDistribution.isf(1e-8, 1e-10), 2.0886708921623105e-44, 1e-12);
    expect(gammaDistribution.pdf(Number.POSITIVE_INFINITY, 2, 3)).toBe(0);
    expectClose(gammaDistribution.logSf(1e12, 30), -999999999269.9574, 1e-15);
  });
});
