import { describe, expect, it } from 'vitest';
import { roundUp } from '../../../src/stats/power/PowerOptions.ts';

describe('roundUp', () => {
  it('leaves a whole number that a solver has missed by its tolerance, at most a millionth', () => {
    expect([10, 10 + 5e-9, 10 + 2e-8, 10.5].map(roundUp)).toEqual([10, 10, 11, 11]);
    expect([1e6 + 5e-7, 1e6 + 2e-6].map(roundUp)).toEqual([1e6, 1e6 + 1]);
  });
});
