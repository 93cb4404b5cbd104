import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinned } from '../../../src/stats/ranks/PairSet.ts';
import { walshAverages } from '../../../src/stats/ranks/walshAverages.ts';
import { expectCounts, sample } from './pairs.ts';

const upTo = (length: number) => Float64Array.from({ length }, (_, i) => i);

describe('walshAverages', () => {
  it('counts as all averages written down', () => {
    expectCounts(walshAverages(Float64Array.of(0, 1, 5)), [0, 0.5, 1, 2.5, 3, 5]);
    fc.assert(
      fc.property(sample, (x) => {
        const all = [...x].flatMap((value, i) => [...x.subarray(i)].map((other) => (value + other) / 2));
        expectCounts(walshAverages(x), all);
      }),
      { seed: 42, numRuns: 30 },
    );
  });

  it('knows averages of values whose sum overflows', () => {
    const x = 2 ** 1023;
    const huge = walshAverages(Float64Array.of(x, 1.5 * x));
    expect(huge.split(1.25 * x)).toEqual({ atMost: 2, below: 1.25 * x, above: 1.5 * x });
  });

  it('says how many observations there are, and thins from 1201 on', () => {
    expect(walshAverages(upTo(5)).steps).toBe(5);
    expect(walshAverages(upTo(1200)).thin()).toBeUndefined();
    const x = upTo(1201);
    const coarse = walshAverages(x).thin()!;
    expect(coarse.size).toBe((256 * 257) / 2);
    expect(coarse.split(100)).toEqual(walshAverages(thinned(x)).split(100));
  });
});
