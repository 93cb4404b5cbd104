import { describe, expect, it } from 'vitest';
import { firstAbove, firstAtLeast, sortedView } from '../../../src/stats/summaries/sortedView.ts';

describe('sortedView', () => {
  it('orders the values of all levels, each standing for twice as many as one of the level below', () => {
    const view = sortedView([{ values: Float64Array.of(5, 1) }, { values: Float64Array.of(3) }]);
    expect([[...view.values], [...view.cumulative]]).toEqual([
      [1, 3, 5],
      [1, 3, 4],
    ]);
  });

  it('finds the first of equal values, and the first beyond them', () => {
    const sorted = Float64Array.of(1, 2, 2, 2, 3);
    expect([0, 1, 2, 2.5, 3, 4].map((bound) => firstAtLeast(sorted, bound))).toEqual([0, 0, 1, 4, 4, 5]);
    expect([0, 1, 2, 2.5, 3, 4].map((bound) => firstAbove(sorted, bound))).toEqual([0, 1, 4, 4, 5, 5]);
  });
});
