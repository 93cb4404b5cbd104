import { describe, expect, it } from 'vitest';
import { oneSampleDistance, twoSampleDistance } from '../../../src/stats/tests/ecdfDistance.ts';

const sample = (...values: readonly number[]): Float64Array => Float64Array.from(values);

describe('twoSampleDistance', () => {
  it('counts in units of 1 / (n m), behind the last of equal values', () => {
    // After 1: 4 of 8 above; after 2: 4 - 2 * 2; after 5: 8 - 4; after 9: equal.
    expect(twoSampleDistance(sample(1, 5), sample(2, 2, 9, 9))).toEqual({
      above: 4,
      below: 0,
      location: 1,
      tied: true,
    });
    expect(twoSampleDistance(sample(2, 2, 9, 9), sample(1, 5))).toEqual({
      above: 0,
      below: 4,
      location: 1,
      tied: true,
    });
    expect(twoSampleDistance(sample(1, 4, 6), sample(2, 3, 5))).toEqual({
      above: 3,
      below: 3,
      location: 1,
      tied: false,
    });
    expect(twoSampleDistance(sample(1, 2, 3), sample(1, 2, 3))).toEqual({
      above: 0,
      below: 0,
      location: 1,
      tied: true,
    });
    expect(twoSampleDistance(sample(4), sample(1, 2, 3))).toEqual({ above: 0, below: 3, location: 3, tied: false });
    expect(twoSampleDistance(sample(1, 2), sample(3, 4))).toEqual({ above: 4, below: 0, location: 2, tied: false });
    expect(twoSampleDistance(sample(3, 4), sample(1, 2, 2))).toEqual({ above: 0, below: 6, location: 2, tied: true });
  });

  it('is at the smaller of the first values where there is no distance, and knows no -0', () => {
    expect(twoSampleDistance(sample(-0, 1), sample(-0, 1)).location).toBe(0);
    expect(twoSampleDistance(sample(-0, 1), sample(2, 3)).location).toBe(1);
    expect(twoSampleDistance(sample(-0), sample(2, 3)).location).toBe(0);
  });
});

describe('oneSampleDistance', () => {
  const uniform = (value: number): number => Math.min(1, Math.max(0, value));

  it('looks at the steps from both sides', () => {
    expect(oneSampleDistance(sample(0.25, 0.5), uniform)).toEqual({
      above: 0.5,
      below: 0.25,
      location: 0.5,
      tied: false,
    });
    expect(oneSampleDistance(sample(0.5, 0.9375), uniform)).toEqual({
      above: 0.0625,
      below: 0.5,
      location: 0.5,
      tied: false,
    });
    expect(oneSampleDistance(sample(0.125, 0.125, 0.75, 1), uniform)).toEqual({
      above: 0.375,
      below: 0.25,
      location: 0.125,
      tied: true,
    });
    expect(oneSampleDistance(sample(0.875, 0.9375), uniform)).toEqual({
      above: 0.0625,
      below: 0.875,
      location: 0.875,
      tied: false,
    });
  });

  it('finds ties wherever they are, and none in values that differ', () => {
    expect(oneSampleDistance(sample(0.1, 0.2, 0.2), uniform).tied).toBe(true);
    expect(oneSampleDistance(sample(0.1, 0.1, 0.2), uniform).tied).toBe(true);
    expect(oneSampleDistance(sample(0.1, 0.2, 0.3), uniform).tied).toBe(false);
    expect(oneSampleDistance(sample(0.1), uniform).tied).toBe(false);
  });

  it('is at the first of equally distant values, and knows no -0', () => {
    expect(oneSampleDistance(sample(0.25, 0.75), uniform).location).toBe(0.25);
    expect(oneSampleDistance(sample(-0, 0.5), uniform).location).toBe(0);
  });
});
