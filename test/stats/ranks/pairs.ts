import fc from 'fast-check';
import { expect } from 'vitest';
import type { PairSet } from '../../../src/stats/ranks/PairSet.ts';

/** A sorted sample with many ties. */
export const sample = fc
  .array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 12 })
  .map((list) => Float64Array.from(list).sort());

/** Compares what a set of pairs says with what counting all of its values says, at every value and between them. */
export function expectCounts(pairs: PairSet, all: readonly number[]): void {
  expect(pairs.size).toBe(all.length);
  expect([pairs.min, pairs.max]).toEqual([Math.min(...all), Math.max(...all)]);
  for (let t = pairs.min - 0.25; t <= pairs.max + 0.5; t += 0.25) {
    const upTo = all.filter((value) => value <= t);
    expect(pairs.split(t)).toEqual({
      atMost: upTo.length,
      below: Math.max(...upTo),
      above: Math.min(...all.filter((value) => value > t)),
    });
    const within = all.filter((value) => value >= t && value <= t + 2.5);
    const window = pairs.window(t, t + 2.5, within.length)!;
    expect(window.less).toBe(all.filter((value) => value < t).length);
    expect(window.values.slice().sort()).toEqual(Float64Array.from(within).sort());
    if (within.length > 0) expect(pairs.window(t, t + 2.5, within.length - 1)).toBeUndefined();
  }
}
