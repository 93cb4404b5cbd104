import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kolmogorovDistribution } from '../../../src/stats/distributions/index.ts';
import { continuousContract } from '../../contracts/continuousDistribution.contract.ts';
import { expectClose } from '../../support/golden.ts';

describe('kolmogorovDistribution', () => {
  continuousContract(kolmogorovDistribution, {
    parameters: fc.constant([]),
    support: [0, Number.POSITIVE_INFINITY],
    refused: [],
    example: [],
  });

  it('has the critical values of every textbook', () => {
    expectClose(kolmogorovDistribution.isf(0.05), 1.3580986393225507, 1e-12);
    expectClose(kolmogorovDistribution.isf(0.01), 1.6276236115189504, 1e-12);
  });

  it('does not jump where one series gives way to the other', () => {
    const [below, above] = [0.9 - 2 ** -50, 0.9];
    for (const f of [kolmogorovDistribution.cdf, kolmogorovDistribution.sf, kolmogorovDistribution.pdf]) {
      expectClose(f(below), f(above), 1e-14);
    }
  });

  it('goes on in logarithms where the lower tail is below every double', () => {
    expect(kolmogorovDistribution.cdf(0.03)).toBe(0);
    expectClose(
      kolmogorovDistribution.logCdf(0.01),
      -(Math.PI ** 2) / 8e-4 + Math.log(Math.sqrt(2 * Math.PI) / 0.01),
      1e-14,
    );
    expectClose(kolmogorovDistribution.logSf(100), -2e4 + Math.LN2, 1e-14);
  });
});
