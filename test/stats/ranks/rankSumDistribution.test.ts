import { describe, expect, it } from 'vitest';
import { rankSumDistribution } from '../../../src/stats/ranks/rankSumDistribution.ts';

describe('rankSumDistribution', () => {
  it('counts the choices: two of the ranks 1 to 4', () => {
    const { from, probabilities } = rankSumDistribution([1, 2, 3, 4], 2);
    expect(from).toBe(3);
    expect([...probabilities]).toEqual([1 / 6, 1 / 6, 2 / 6, 1 / 6, 1 / 6]);
  });

  it('counts tied scores as often as they occur', () => {
    const { from, probabilities } = rankSumDistribution([2, 3, 3, 6], 2);
    expect(from).toBe(5);
    expect([...probabilities]).toEqual([2 / 6, 1 / 6, 0, 1 / 6, 2 / 6]);
  });

  it('has one sum where there is no choice', () => {
    expect(rankSumDistribution([1, 2, 3], 3)).toEqual({ from: 6, probabilities: Float64Array.of(1) });
  });
});
