import { describe, expect, it } from 'vitest';
import { sumPValue, sumQuantile } from '../../../src/stats/ranks/sumTails.ts';

/** Two throws of a coin, worth 3 each time: 3, 4 or 5 heads and tails in all. */
const coins = { from: 3, probabilities: Float64Array.of(0.25, 0.5, 0.25) };

describe('sumPValue', () => {
  it('counts the observed sum on both sides', () => {
    expect([3, 4, 5].map((sum) => sumPValue(coins, sum, 'less'))).toEqual([0.25, 0.75, 1]);
    expect([3, 4, 5].map((sum) => sumPValue(coins, sum, 'greater'))).toEqual([1, 0.75, 0.25]);
    expect([3, 4, 5].map((sum) => sumPValue(coins, sum, 'two-sided'))).toEqual([0.5, 1, 0.5]);
  });

  it('is never above 1, whatever the sum of the probabilities rounds to', () => {
    const wide = { from: 0, probabilities: Float64Array.of(0.5, 0.5 + 1e-15) };
    expect(sumPValue(wide, 1, 'less')).toBe(1);
    expect(sumPValue(wide, 0, 'greater')).toBe(1);
  });
});

describe('sumQuantile', () => {
  it('is the first sum whose lower tail reaches p, up to rounding', () => {
    expect([0.2, 0.25, 0.26, 0.75, 0.76, 1].map((p) => sumQuantile(coins, p))).toEqual([0, 0, 1, 1, 2, 2]);
    expect(sumQuantile(coins, 0.25 * (1 + 1e-13))).toBe(0);
    expect(sumQuantile(coins, 0.25 * (1 + 1e-11))).toBe(1);
  });

  it('is the last sum where the tails round to less than p', () => {
    expect(sumQuantile({ from: 0, probabilities: Float64Array.of(0.5, 0.499) }, 1)).toBe(1);
  });
});
