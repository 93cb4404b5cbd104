import { describe, expect, it } from 'vitest';
import { type QuantileSource, rankBounds } from '../../../src/stats/sequential/QuantileSource.ts';

/** A hundred observations, evenly from 0 to 100. */
const even = (rankError: (p: number) => number): QuantileSource => ({
  n: 100,
  quantile: (p) => 100 * p,
  rank: (x) => Math.min(1, Math.max(0, x / 100)),
  rankError,
});

describe('rankBounds', () => {
  it('knows a sample exactly, even one with a property of that name', () => {
    const bounds = rankBounds('source', Object.assign([1, 2, 2, 5], { quantile: 3 }) as never);
    expect(bounds.exact).toBe(true);
    expect([0, 1, 2, 4, 5].map((rank) => bounds.lowest(rank))).toEqual([-Infinity, 1, 2, 5, Infinity]);
    expect([1, 2, 5].map((x) => bounds.mostAtOrBelow(x))).toEqual([1, 3, 4]);
    expect([1, 2, 5].map((x) => bounds.fewestBelow(x))).toEqual([0, 1, 3]);
  });

  it('allows for the rank error of a sketch on both sides of the step that it makes', () => {
    const growing = rankBounds(
      'source',
      even((p) => 0.02 + 0.1 * p),
    );
    expect(growing.exact).toBe(false);
    expect(growing.lowest(50)).toBeCloseTo(50 - 6.3, 9);
    expect(growing.highest(50)).toBeCloseTo(50 + 7.7, 9);
    const shrinking = rankBounds(
      'source',
      even((p) => 0.12 - 0.1 * p),
    );
    expect(shrinking.lowest(50)).toBeCloseTo(50 - 7.7, 9);
    expect(shrinking.highest(50)).toBeCloseTo(50 + 7, 9);
  });

  it('knows a sketch to its ends, and nothing beyond', () => {
    const bounds = rankBounds(
      'source',
      even(() => 0.001),
    );
    expect([bounds.lowest(0), bounds.highest(101)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(bounds.lowest(1)).toBeCloseTo(0.9, 9);
    expect(bounds.highest(100)).toBe(100);
    expect([bounds.mostAtOrBelow(50), bounds.fewestBelow(50)]).toEqual([50, 50]);
    expect([bounds.mostAtOrBelow(100), bounds.fewestBelow(0)]).toEqual([100, 0]);
  });

  it('does not count what lies at a value as below it, on either side of 0', () => {
    const atoms: QuantileSource = {
      n: 100,
      quantile: (p) => (p <= 0.1 ? -2 : p <= 0.25 ? -1 : p <= 0.5 ? 0 : 1),
      rank: (x) => (x < -2 ? 0 : x < -1 ? 0.1 : x < 0 ? 0.25 : x < 1 ? 0.5 : 1),
      rankError: () => 0,
    };
    const bounds = rankBounds('source', atoms);
    expect([-2, -1, 0, 1].map((x) => bounds.fewestBelow(x))).toEqual([0, 10, 25, 50]);
    expect([-1, 0, 1].map((x) => bounds.mostAtOrBelow(x))).toEqual([25, 50, 100]);
  });
});
