import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hypergeometricDistribution } from '../../../src/stats/distributions/index.ts';
import { discreteContract } from '../../contracts/discreteDistribution.contract.ts';
import { expectClose } from '../../support/golden.ts';

/** n choose k, exactly. */
function choose(n: number, k: number): bigint {
  let value = 1n;
  for (let j = 0; j < k; j += 1) value = (value * BigInt(n - j)) / BigInt(j + 1);
  return value;
}

/** a / b with 17 digits, for integers beyond the doubles. */
function ratio(a: bigint, b: bigint): number {
  const digits = Math.max(a.toString().length - b.toString().length, -320);
  const scale = 10n ** BigInt(25 - digits);
  return Number(`${(a * scale) / b}e${digits - 25}`);
}

const margins = fc
  .oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 1_000_000 }))
  .chain((population) =>
    fc.tuple(fc.constant(population), fc.integer({ min: 0, max: population }), fc.integer({ min: 0, max: population })),
  );

describe('hypergeometricDistribution', () => {
  discreteContract(hypergeometricDistribution, {
    parameters: margins,
    support: ([population = 0, successes = 0, draws = 0]) => [
      Math.max(0, draws + successes - population),
      Math.min(successes, draws),
    ],
    refused: [
      [-1, 0, 0],
      [10, 11, 2],
      [10, 2, 11],
      [10, -1, 2],
      [10, 2, 2.5],
      [Number.NaN, 2, 2],
    ],
    example: [20, 13, 11],
  });

  it('has the exact masses of tables on either side of the change from product to saddle point', () => {
    for (const [population, successes, draws] of [
      [8, 4, 4],
      [30, 20, 25],
      [400, 160, 170],
      [700, 300, 149],
      [1200, 600, 500],
    ]) {
      const [n = 0, s = 0, d = 0] = [population, successes, draws];
      const all = choose(n, d);
      for (let k = Math.max(0, d + s - n); k <= Math.min(s, d); k += 7) {
        const want = ratio(choose(s, k) * choose(n - s, d - k), all);
        if (want < 1e-300) continue;
        expectClose(hypergeometricDistribution.pmf(k, n, s, d), want, 3e-13, `${k} of ${n}, ${s}, ${d}`);
      }
    }
  });

  it('does not mind which margin is called successes and which draws', () => {
    for (const k of [100, 150, 190]) {
      const want = hypergeometricDistribution.sf(k, 5000, 800, 900);
      expectClose(hypergeometricDistribution.sf(k, 5000, 900, 800), want, 1e-12);
      expectClose(hypergeometricDistribution.cdf(800 - k - 1, 5000, 800, 4100), want, 1e-12);
    }
  });

  it('has the exact masses where a cell holds far more than expected', () => {
    // Of the rarer outcome, nearly all were drawn or nearly none: the deviance leaves its series.
    for (const [n, s, d] of [
      [2000, 400, 1800],
      [2000, 1800, 400],
      [2000, 200, 200],
      [2000, 1800, 1800],
    ] as const) {
      const all = choose(n, d);
      const [first, last] = [Math.max(0, d + s - n), Math.min(s, d)];
      for (const k of [first, first + 1, first + 13, last - 9, last]) {
        const want = ratio(choose(s, k) * choose(n - s, d - k), all);
        if (want > 1e-300)
          expectClose(hypergeometricDistribution.pmf(k, n, s, d), want, 3e-13, `${k} of ${n}, ${s}, ${d}`);
      }
    }
  });

  it('has no mass beyond either end of a large table, and ends there itself', () => {
    const { pmf, cdf, sf, quantile, isf } = hypergeometricDistribution;
    for (const [n, s, d] of [
      [2000, 1000, 1000],
      [2000, 1500, 1500],
      [5000, 800, 900],
      [5000, 900, 800],
      [5000, 800, 4500],
    ] as const) {
      const [first, last] = [Math.max(0, d + s - n), Math.min(s, d)];
      for (const k of [first - 1, first - 60, last + 1, last + 50]) expect(pmf(k, n, s, d)).toBe(0);
      expect([cdf(first - 1, n, s, d), sf(first - 1, n, s, d)]).toEqual([0, 1]);
      expect([cdf(last, n, s, d), sf(last, n, s, d)]).toEqual([1, 0]);
      expect([quantile(1, n, s, d), isf(0, n, s, d)]).toEqual([last, last]);
      expect([quantile(0, n, s, d), isf(1, n, s, d)]).toEqual([first, first]);
    }
  });

  it('is certain where there is only one table', () => {
    for (const [n, s, d] of [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [1, 0, 1],
      [1, 1, 1],
      [9, 9, 4],
      [9, 4, 9],
      [9, 0, 4],
      [9, 4, 0],
    ] as const) {
      const only = Math.min(s, d);
      for (const p of [0, 0.3, 1]) {
        expect(hypergeometricDistribution.quantile(p, n, s, d), `${n}, ${s}, ${d}`).toBe(only);
        expect(hypergeometricDistribution.isf(p, n, s, d), `${n}, ${s}, ${d}`).toBe(only);
      }
    }
  });
});
