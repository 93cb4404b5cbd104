import { describe, expect, it } from 'vitest';
import { poissonDistribution } from '../../../src/stats/distributions/index.ts';
import { logUniform } from '../../contracts/continuousDistribution.contract.ts';
import { discreteContract } from '../../contracts/discreteDistribution.contract.ts';
import { expectClose } from '../../support/golden.ts';

describe('poissonDistribution', () => {
  discreteContract(poissonDistribution, {
    parameters: logUniform.map((mean) => [mean]),
    support: () => [0, Number.POSITIVE_INFINITY],
    refused: [[-1], [Number.NaN], [Number.POSITIVE_INFINITY], [1e16]],
    example: [2.5],
  });

  it('has the masses of its definition for small means', () => {
    let want = Math.exp(-2);
    for (let k = 0; k <= 20; k += 1) {
      expectClose(poissonDistribution.pmf(k, 2), want, 1e-14, `k = ${k}`);
      want *= 2 / (k + 1);
    }
    expectClose(poissonDistribution.cdf(2, 1), 2.5 / Math.E, 1e-15);
  });

  it('is certain for a mean of 0', () => {
    expect([poissonDistribution.pmf(0, 0), poissonDistribution.pmf(1, 0)]).toEqual([1, 0]);
    expect([poissonDistribution.cdf(0, 0), poissonDistribution.sf(0, 0)]).toEqual([1, 0]);
    expect([poissonDistribution.quantile(0.9, 0), poissonDistribution.isf(0.1, 0)]).toEqual([0, 0]);
  });

  it('is certain of 0 without a mean, and knows nothing below 0', () => {
    const { pmf, cdf, sf, quantile, isf } = poissonDistribution;
    expect([pmf(0, 0), pmf(3, 0), pmf(1, 0)]).toEqual([1, 0, 0]);
    for (const p of [0, 0.5, 1]) expect([quantile(p, 0), isf(p, 0)]).toEqual([0, 0]);
    for (const mean of [0, 0.3, 1, 5, 1e5]) {
      expect([quantile(0, mean), isf(1, mean)]).toEqual([0, 0]);
      for (const k of [-1, -3, -1000.5]) expect([cdf(k, mean), sf(k, mean)]).toEqual([0, 1]);
    }
  });
});
