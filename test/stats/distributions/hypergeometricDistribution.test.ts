import fc from 'fast-check';
import { describe, it } from 'vitest';
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
});
