import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinned } from '../../../src/stats/ranks/PairSet.ts';
import { pairDifferences } from '../../../src/stats/ranks/pairDifferences.ts';
import { expectCounts, sample } from './pairs.ts';

const upTo = (length: number) => Float64Array.from({ length }, (_, i) => i);

describe('pairDifferences', () => {
  it('counts as all differences written down', () => {
    const [x, y] = [Float64Array.of(1, 2, 5), Float64Array.of(0, 2)];
    expectCounts(pairDifferences(x, y), [-1, 0, 1, 2, 3, 5]);
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const all = [...a].flatMap((value) => [...b].map((other) => value - other));
        expectCounts(pairDifferences(a, b), all);
      }),
      { seed: 42, numRuns: 30 },
    );
  });

  it('says how many observations there are, and thins both samples from 1201 on', () => {
    expect(pairDifferences(upTo(3), upTo(5)).steps).toBe(8);
    expect(pairDifferences(upTo(600), upTo(600)).thin()).toBeUndefined();
    const [x, y] = [upTo(601), upTo(600)];
    const coarse = pairDifferences(x, y).thin()!;
    expect(coarse.size).toBe(256 * 256);
    expect(coarse.split(10)).toEqual(pairDifferences(thinned(x), thinned(y)).split(10));
  });
});
