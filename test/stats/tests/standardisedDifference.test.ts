import { describe, expect, it } from 'vitest';
import { standardisedDifference } from '../../../src/stats/tests/standardisedDifference.ts';

describe('standardisedDifference', () => {
  it('is Hedges’ g, or d where one degree of freedom leaves no correction', () => {
    const pair = { n: 2, mean: 5, variance: 4 };
    expect(standardisedDifference(pair, { n: 1, mean: 1, variance: 0 })).toEqual({ name: 'cohen-d', value: 2 });
    const { name, value } = standardisedDifference(pair, { n: 2, mean: 1, variance: 4 });
    expect(name).toBe('hedges-g');
    expect(value).toBeGreaterThan(0);
    expect(value).toBeLessThan(2);
  });
});
