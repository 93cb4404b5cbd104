import { describe, expect, it } from 'vitest';
import { RelativeCompactor } from '../../../src/stats/summaries/RelativeCompactor.ts';

const heads = () => true;

/** Fills a level with numbers that fall, compacts it so many times, and says after each what it looks like. */
function compactions(sectionSize: number, times: number, coin: () => boolean = heads) {
  const level = new RelativeCompactor(sectionSize);
  let next = 0;
  return Array.from({ length: times }, () => {
    for (; !level.full; next -= 1) level.push(next);
    const above = new RelativeCompactor(sectionSize);
    level.compact(above, coin);
    return { ...level.toJSON(), up: above.values.length };
  });
}

describe('RelativeCompactor', () => {
  it('reaches one section further down for each trailing one of its counter, as far as there are sections', () => {
    expect(compactions(4, 9).map(({ up }) => up)).toEqual([2, 4, 2, 6, 2, 4, 2, 6, 2]);
    expect(compactions(4, 9).map(({ compactions: counter }) => counter)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('draws a coin for every other compaction, and takes the other side in between', () => {
    let flips = 0;
    const coin = () => {
      flips += 1;
      return flips % 3 === 0;
    };
    const sides = compactions(4, 8, coin).map(({ odd }) => odd);
    expect(flips).toBe(4);
    expect(sides).toEqual([false, true, false, true, true, false, false, true]);
  });

  it('doubles its sections once the schedule has used them up, and not below the smallest size', () => {
    const grown = compactions(32, 5);
    expect(grown.map(({ sections }) => sections)).toEqual([3, 3, 3, 6, 6]);
    expect(grown[3]!.sectionSize).toBe(32 / Math.SQRT2);
    expect(compactions(4, 9)[8]).toMatchObject({ sections: 3, sectionSize: 4 });
  });

  it('keeps the largest values, wherever they stood', () => {
    const state = { sectionSize: 4, sections: 3, compactions: 0, odd: false, sorted: 1 };
    const values = [100, ...Array.from({ length: 24 }, (_, i) => (i * 7) % 24)];
    const level = RelativeCompactor.fromJSON({ ...state, values });
    const above = new RelativeCompactor(4);
    level.compact(above, heads);
    expect([...level.values]).toEqual([...Array.from({ length: 20 }, (_, i) => i + 4), 100]);
    expect([...above.values]).toEqual([1, 3]);
  });

  it('merges schedules: the bits of both counters, the more and the smaller sections', () => {
    const state = { odd: false, sorted: 0, values: [] };
    const coarse = { ...state, sectionSize: 32, sections: 6, compactions: 5 };
    const fine = { ...state, sectionSize: 16, sections: 12, compactions: 6 };
    for (const [into, other] of [
      [coarse, fine],
      [fine, coarse],
    ] as const) {
      const level = RelativeCompactor.fromJSON(into);
      level.merge(RelativeCompactor.fromJSON(other));
      expect(level.toJSON()).toMatchObject({ sectionSize: 16, sections: 12, compactions: 7 });
    }
  });
});
