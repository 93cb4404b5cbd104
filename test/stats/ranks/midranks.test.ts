import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRanks } from '../../../src/stats/ranks/compareRanks.ts';
import { midranks } from '../../../src/stats/ranks/index.ts';

const sample = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 30 });

describe('midranks', () => {
  it('gives ties the mean of their ranks, and -0 the rank of 0', () => {
    expect([...midranks([30, 10, 10, 20])]).toEqual([4, 1.5, 1.5, 3]);
    expect([...midranks([0, -0, -1])]).toEqual([2.5, 2.5, 1]);
    expect(midranks([])).toHaveLength(0);
  });

  it('counts those below and half of the equal ones', () => {
    fc.assert(
      fc.property(sample, (xs) => {
        const byHand = xs.map((x) => xs.filter((y) => y < x).length + (xs.filter((y) => y === x).length + 1) / 2);
        expect([...midranks(xs)]).toEqual(byHand);
      }),
      { seed: 42 },
    );
  });
});

describe('compareRanks', () => {
  it('says what the ranks of the union say', () => {
    fc.assert(
      fc.property(sample, sample, fc.nat(5), (a, b, before) => {
        const x = Float64Array.from(a).sort();
        const y = Float64Array.from(b).sort();
        const ranks = midranks([...x, ...y]);
        const mean = (ranks.length + 1) / 2;
        const sum = (xs: Iterable<number>) => [...xs].reduce((s, v) => s + v, 0);
        const got = compareRanks(x, y, before);
        expect(got.rankSum).toBe(sum(ranks.slice(0, x.length)) + before * x.length);
        expect(got.spread).toBeCloseTo(sum(ranks.map((r) => (r - mean) ** 2)), 9);
        expect(got.squares).toBe(sum(ranks.map((r) => (r + before) ** 2)));
        expect(got.tied).toBe(new Set([...a, ...b].map((v) => v + 0)).size < ranks.length);
      }),
      { seed: 42 },
    );
  });
});
