import { describe, expect, it } from 'vitest';
import { varies } from '../../../src/stats/tests/varies.ts';

describe('varies', () => {
  it('asks for two observations, and for more than the rounding of the mean', () => {
    expect(varies({ n: 2, mean: 3, variance: 1 })).toBe(true);
    expect(varies({ n: 1, mean: 3, variance: 1 })).toBe(false);
    expect(varies({ n: 5, mean: 0, variance: 0 })).toBe(false);
    expect(varies({ n: 5, mean: 0, variance: 5e-324 })).toBe(true);
    expect(varies({ n: 5, mean: 0, variance: Number.NaN })).toBe(false);
    expect(varies({ n: 5, mean: -1, variance: (2 ** -51) ** 2 })).toBe(false);
    expect(varies({ n: 5, mean: -1, variance: (2 ** -49) ** 2 })).toBe(true);
  });
});
