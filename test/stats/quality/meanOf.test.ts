import { describe, expect, it } from 'vitest';
import { meanOf } from '../../../src/stats/quality/meanOf.ts';

describe('meanOf', () => {
  it('keeps what plain sums lose, whichever comes first', () => {
    expect(meanOf(Float64Array.of(1, 1e100, 1, -1e100))).toBe(0.5);
    expect(meanOf(Float64Array.of(1e100, 1, -1e100, 1))).toBe(0.5);
    expect(meanOf(Float64Array.of(1, -1e100, 1e100, 1))).toBe(0.5);
  });

  it('is infinite where a value is, and nothing where there are none', () => {
    expect(meanOf(Float64Array.of(1, Number.POSITIVE_INFINITY, 2))).toBe(Number.POSITIVE_INFINITY);
    expect(meanOf(new Float64Array())).toBeUndefined();
  });
});
