import { describe, expect, it } from 'vitest';
import { InvalidOptionError, SnapshotError } from '../../../src/core/errors.ts';
import { Counts, type CountsState } from '../../../src/stats/summaries/index.ts';
import { type SummaryContract, summaryContract } from '../../contracts/summary.contract.ts';

const sorted = (counts: Counts) => [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1));

// Counts takes text as well as numbers; the contract pushes numbers only.
const contract: SummaryContract<Counts, CountsState> = {
  name: 'Counts',
  create: () => new Counts(),
  restore: Counts.fromJSON,
  exact: sorted,
  close: () => ({}),
};
summaryContract(contract);

describe('Counts', () => {
  it('counts categories by their text', () => {
    const counts = new Counts().pushAll(['a', 1, '1', true, 'a']);
    expect(counts.entries()).toEqual([
      ['a', 2],
      ['1', 2],
      ['true', 1],
    ]);
    expect([counts.get('1'), counts.get(true), counts.get('b'), counts.share('a')]).toEqual([2, 1, 0, 0.4]);
    expect(new Counts().share('a')).toBeNaN();
  });

  it('lists known categories first, with their zeros', () => {
    expect(new Counts({ categories: ['x', 'y'] }).pushAll(['y', 'z']).entries()).toEqual([
      ['x', 0],
      ['y', 1],
      ['z', 1],
    ]);
  });

  it('stays within its limit and says what did not fit, also when merging', () => {
    const counts = new Counts({ limit: 2 }).pushAll(['a', 'b', 'c', 'a', 'd']);
    expect([counts.n, counts.overflow, counts.entries().length]).toEqual([5, 2, 2]);
    counts.merge(new Counts({ limit: 2 }).pushAll(['a', 'e', 'f']));
    expect([counts.n, counts.overflow, counts.get('a')]).toEqual([8, 4, 3]);
    const restored = Counts.fromJSON(JSON.parse(JSON.stringify(counts)));
    expect(restored.push('new').overflow).toBe(5);
  });

  it('doubles when merged with itself', () => {
    const counts = new Counts().pushAll(['a', 'a', 'b']);
    expect(counts.merge(counts).entries()).toEqual([
      ['a', 4],
      ['b', 2],
    ]);
    expect(counts.n).toBe(6);
  });

  it('refuses bad options and broken states', () => {
    expect(() => new Counts({ limit: 0 })).toThrow(InvalidOptionError);
    expect(() => new Counts({ limit: 1, categories: ['a', 'b'] })).toThrow(InvalidOptionError);
    expect(() => new Counts({ categories: ['a', 'a'] })).toThrow('categories');
    expect(() => Counts.fromJSON({ ...new Counts().toJSON(), counts: 3 as never })).toThrow(SnapshotError);
    const state = new Counts().toJSON();
    for (const counts of [[[1, 1]], [['a', -1]], [['a', 0.5]]]) {
      expect(() => Counts.fromJSON({ ...state, counts } as never)).toThrow('a count for each category');
    }
    const none = new Counts({ categories: ['a'] });
    expect(Counts.fromJSON(none.toJSON()).entries()).toEqual([['a', 0]]);
  });
});
