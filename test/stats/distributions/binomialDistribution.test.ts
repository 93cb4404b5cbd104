import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialDistribution } from '../../../src/stats/distributions/index.ts';
import { discreteContract } from '../../contracts/discreteDistribution.contract.ts';
import { expectClose } from '../../support/golden.ts';

describe('binomialDistribution', () => {
  discreteContract(binomialDistribution, {
    parameters: fc.tuple(
      fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 1_000_000 })),
      fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 0.5, 1e-6)),
    ),
    support: ([n = 0]) => [0, n],
    refused: [
      [-1, 0.5],
      [2.5, 0.5],
      [Number.NaN, 0.5],
      [5, -0.1],
      [5, 1.1],
      [5, Number.NaN],
    ],
    example: [7, 0.3],
  });

  it('has the exact masses of small n', () => {
    for (const n of [1, 2, 10, 40]) {
      let choose = 1n;
      for (let k = 0; k <= n; k += 1) {
        // 3^(n - k) of 4^n: exact integers, divided once.
        const want = Number(choose * 3n ** BigInt(n - k)) / 4 ** n;
        expectClose(binomialDistribution.pmf(k, n, 0.25), want, 1e-14, `n = ${n}, k = ${k}`);
        choose = (choose * BigInt(n - k)) / BigInt(k + 1);
      }
    }
  });

  it('is certain for a probability of 0 or 1', () => {
    expect([0, 1].map((k) => binomialDistribution.pmf(k, 5, 0))).toEqual([1, 0]);
    expect([4, 5].map((k) => binomialDistribution.pmf(k, 5, 1))).toEqual([0, 1]);
    expect([binomialDistribution.cdf(0, 5, 0), binomialDistribution.cdf(4, 5, 1)]).toEqual([1, 0]);
    expect([binomialDistribution.quantile(0.5, 5, 0), binomialDistribution.quantile(0.5, 5, 1)]).toEqual([0, 5]);
    expect([binomialDistribution.quantile(1, 5, 0), binomialDistribution.isf(0, 5, 0)]).toEqual([0, 0]);
    expect(binomialDistribution.pmf(0, 0, 0.3)).toBe(1);
  });

  it('is reflected', () => {
    expectClose(binomialDistribution.sf(69, 100, 0.25), binomialDistribution.cdf(30, 100, 0.75), 1e-14);
    expectClose(binomialDistribution.pmf(70, 100, 0.25), binomialDistribution.pmf(30, 100, 0.75), 1e-14);
  });

  it('is certain where the outcome is, and ends at its ends', () => {
    const { pmf, quantile, isf } = binomialDistribution;
    expect([0, 3, 10].map((k) => pmf(k, 10, 0))).toEqual([1, 0, 0]);
    expect([0, 3, 10].map((k) => pmf(k, 10, 1))).toEqual([0, 0, 1]);
    expect([pmf(0, 0, 0), pmf(0, 0, 1), pmf(0, 0, 0.3)]).toEqual([1, 1, 1]);
    for (const p of [0, 0.3, 1]) {
      expect([quantile(p, 10, 0), isf(p, 10, 0), quantile(p, 0, 0.3), isf(p, 0, 0.3)]).toEqual([0, 0, 0, 0]);
    }
    expect([quantile(0.3, 10, 1), isf(0.3, 10, 1)]).toEqual([10, 10]);
    // Long before the end, the tails are 1 and 0 as doubles.
    expect([quantile(1, 1e4, 0.5), isf(0, 1e4, 0.5)]).toEqual([1e4, 1e4]);
    expect([quantile(0, 1e4, 0.5), isf(1, 1e4, 0.5)]).toEqual([0, 0]);
  });
});
