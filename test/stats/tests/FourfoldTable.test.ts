import { describe, expect, it } from 'vitest';
import { InvalidDataError } from '../../../src/core/index.ts';
import { fourfoldTable } from '../../../src/stats/tests/FourfoldTable.ts';

describe('fourfoldTable', () => {
  it('reads the counts row by row', () => {
    expect(
      fourfoldTable([
        [1, 2],
        [3, 4],
      ]),
    ).toEqual({ a: 1, b: 2, c: 3, d: 4 });
  });

  it('refuses what has not two rows of two counts', () => {
    for (const table of [
      undefined,
      null,
      [],
      [[1, 2]],
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [1, 2, 3],
        [4, 5],
      ],
      [
        [1, 2],
        [3, 4, 5],
      ],
      [[1], [4, 5]],
      [undefined, [4, 5]],
      [[4, 5], undefined],
      [null, null],
    ]) {
      expect(() => fourfoldTable(table as never), JSON.stringify(table)).toThrow(InvalidDataError);
    }
    for (const count of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() =>
        fourfoldTable([
          [1, 2],
          [count, 4],
        ]),
      ).toThrow(/table\[1\]\[0\]/);
    }
  });
});
