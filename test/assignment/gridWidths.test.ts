import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CIRCLE, gridWidths } from '../../src/assignment/gridWidths.ts';
import { arbitraryShares } from '../support/arbitraryShares.ts';

const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
const shares = fc.integer({ min: 1, max: 9 }).chain(arbitraryShares);

describe('gridWidths', () => {
  it('covers the grid exactly, each arm within one position of its share, none for a share of 0', () => {
    const resolution = fc.constantFrom(CIRCLE, 1000, 10_000, 7);
    fc.assert(
      fc.property(shares, resolution, (s, r) => {
        const widths = gridWidths(s, r);
        expect(sum(widths)).toBe(r);
        widths.forEach((width, arm) => {
          expect(Number.isInteger(width) && width >= 0).toBe(true);
          expect(Math.abs(width - s[arm]! * r)).toBeLessThanOrEqual(1 + 1e-6);
          if (s[arm] === 0) expect(width).toBe(0);
        });
      }),
      { seed: 42, numRuns: 1000 },
    );
  });

  it('gives what is left to the largest fractions, the earlier arm first', () => {
    expect(gridWidths([1 / 3, 1 / 3, 1 / 3], 10)).toEqual([4, 3, 3]);
    expect(gridWidths([0.25, 0.35, 0.4], 10)).toEqual([3, 3, 4]);
    expect(gridWidths([0, 1 / 2, 1 / 2], 3)).toEqual([0, 2, 1]);
    expect(gridWidths(new Array<number>(60).fill(1 / 60), 1000).filter((width) => width === 17)).toHaveLength(40);
  });

  it('leaves kept widths alone', () => {
    expect(gridWidths([0.3, 0.3, 0.4], 10, [4, undefined, undefined])).toEqual([4, 3, 3]);
    expect(gridWidths([0.3, 0.3, 0.4], 10, [3, 3, 4])).toEqual([3, 3, 4]);
    expect(gridWidths([0.5, 0.5, 0], 10, [6, 4, undefined])).toEqual([6, 4, 0]);
    // The kept arms leave less than nothing: start anew.
    expect(gridWidths([0.5, 0.45, 0.05], 10, [6, 5, undefined])).toEqual(gridWidths([0.5, 0.45, 0.05], 10));
  });

  it('takes up sums that are off by the little they may be', () => {
    for (const shares of [
      [0.5, 0.5 + 9e-10],
      [0.5, 0.5 - 9e-10],
      [9e-10, 1],
      [1, 9e-10, 0],
    ]) {
      const widths = gridWidths(shares);
      expect(sum(widths)).toBe(CIRCLE);
      widths.forEach((width, arm) => {
        expect(Math.abs(width - shares[arm]! * CIRCLE)).toBeLessThan(6);
      });
    }
  });
});
