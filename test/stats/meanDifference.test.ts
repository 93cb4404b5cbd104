import { describe, expect, it } from 'vitest';
import { meanDifference } from '../../src/stats/meanDifference.ts';

describe('meanDifference', () => {
  const a = { n: 2, mean: 5, variance: 1, pivot: 4, offset: 1 };
  const b = { n: 2, mean: 2, variance: 1, pivot: 2, offset: 0.5 };

  it('takes pivots and offsets where both sides have both, else the means', () => {
    expect(meanDifference(a, b)).toBe(2.5);
    for (const missing of ['pivot', 'offset'] as const) {
      const { [missing]: _, ...partA } = a;
      const { [missing]: __, ...partB } = b;
      expect(meanDifference(partA, b), missing).toBe(3);
      expect(meanDifference(a, partB), missing).toBe(3);
    }
  });
});
