import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileCaps, winsorize } from '../../../src/stats/adjustment/index.ts';

describe('winsorize', () => {
  it('pulls values in to the caps, in place of none, and leaves the input alone', () => {
    const values = Object.freeze([5, -100, 3, 900]);
    expect(winsorize(values, { lower: 0, upper: 10 })).toEqual([5, 0, 3, 10]);
    expect(winsorize(values, { lower: 0 })).toEqual([5, 0, 3, 900]);
    expect(winsorize(values, { upper: 4 })).toEqual([4, -100, 3, 4]);
    expect(winsorize(values, {})).toEqual([5, -100, 3, 900]);
    expect(winsorize([], { upper: 1 })).toEqual([]);
  });
  it('at quantiles changes no more than the shares say', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 0, max: 5 }),
        (xs, tenths) => {
          const caps = quantileCaps(xs, { lower: tenths / 10, upper: 1 - tenths / 10 });
          const got = winsorize(xs, caps);
          const changed = got.filter((value, i) => value !== xs[i]).length;
          expect(changed).toBeLessThanOrEqual(2 * Math.ceil(((xs.length - 1) * tenths) / 10));
          for (const value of got) expect(value >= caps.lower && value <= caps.upper).toBe(true);
        },
      ),
      { seed: 42, numRuns: 300 },
    );
  });
  it('by default caps at the 99th percentile and not below', () => {
    const xs = Array.from({ length: 101 }, (_, i) => i);
    expect(quantileCaps(xs)).toEqual({ lower: 0, upper: 99 });
  });
  it('nasty case 9: a quantile of one value, of constants, and at the ends', () => {
    expect(quantileCaps([7], { lower: 0.3, upper: 0.7 })).toEqual({ lower: 7, upper: 7 });
    expect(quantileCaps([0.1, 0.1, 0.1], { lower: 0.37, upper: 0.73 })).toEqual({ lower: 0.1, upper: 0.1 });
    expect(quantileCaps([3, 1, 2], { lower: 0, upper: 1 })).toEqual({ lower: 1, upper: 3 });
    expect(quantileCaps([1, 2], { lower: 0.5, upper: 0.5 })).toEqual({ lower: 1.5, upper: 1.5 });
  });
  it('refuses caps and shares the wrong way round, and samples that are none', () => {
    expect(() => winsorize([1], { lower: 2, upper: 1 })).toThrow('caps.lower must be at most 1, the upper cap, got 2');
    expect(() => winsorize([1], { upper: Number.NaN })).toThrow('caps.upper must be a number, got NaN');
    expect(() => winsorize([Number.NaN], { upper: 1 })).toThrow('values[0] must be a finite number, got NaN');
    expect(() => quantileCaps([1], { lower: 0.9, upper: 0.1 })).toThrow('lower must be at most 0.1');
    expect(() => quantileCaps([])).toThrow('sample.length must be at least 1, got 0');
    expect(() => quantileCaps([1], { upper: 99 })).toThrow('upper must be within [0, 1], got 99');
  });
});
