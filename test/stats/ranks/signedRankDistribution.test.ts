import { describe, expect, it } from 'vitest';
import { signedRankDistribution } from '../../../src/stats/ranks/signedRankDistribution.ts';

describe('signedRankDistribution', () => {
  it('counts the sums of all subsets: ranks 1 to 3, and tied scores', () => {
    const ranks = signedRankDistribution([1, 2, 3]);
    expect(ranks).toEqual({ from: 0, probabilities: Float64Array.of(1, 1, 1, 2, 1, 1, 1).map((ways) => ways / 8) });
    const tied = signedRankDistribution([2, 2]);
    expect([...tied.probabilities]).toEqual([0.25, 0, 0.5, 0, 0.25]);
  });
});
