import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { midranks } from '../../../src/stats/midranks.ts';
import { compareRanks } from '../../../src/stats/ranks/compareRanks.ts';

const sample = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 30 });

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
