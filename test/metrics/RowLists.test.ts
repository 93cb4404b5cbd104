import fc from 'fast-check';
import { expect, it } from 'vitest';
import { enlarged, RowLists } from '../../src/metrics/RowLists.ts';

it('keeps every row in one list, in the order in which they came to it', () => {
  const step = fc.record({ list: fc.nat(2), pick: fc.nat(200), grow: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const lists = new RowLists(3);
      const model: number[][] = [[], [], []];
      expect([lists.size, lists.first(2)]).toEqual([3, -1]);
      for (const { list, pick, grow } of steps) {
        if (grow || lists.size === 3) {
          model[2]!.push(lists.size, lists.size + 1);
          lists.grow(lists.size + 2);
        }
        const from = model.findIndex((rows) => rows.length > 0);
        const [row] = model[from]!.splice(pick % model[from]!.length, 1);
        model[list]!.push(row!);
        lists.move(row!, from, list);
        expect([0, 1, 2].map((l) => lists.rows(l))).toEqual(model);
        expect([0, 1, 2].map((l) => lists.lengthOf(l))).toEqual(model.map((rows) => rows.length));
        expect([0, 1, 2].map((l) => lists.first(l))).toEqual(model.map((rows) => rows[0] ?? -1));
      }
    }),
    { seed: 1, numRuns: 100 },
  );
});

it('enlarges an array of its own kind', () => {
  expect(enlarged(Float64Array.of(1.5), 3)).toEqual(Float64Array.of(1.5, 0, 0));
});
