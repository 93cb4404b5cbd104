import { InvalidDataError } from '../../core/errors.ts';

/** The four counts of a 2×2 table `[[a, b], [c, d]]`. */
export interface FourfoldTable {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** The counts of a table of two rows and two columns: whole and not negative. @throws InvalidDataError */
export function fourfoldTable(table: readonly (readonly number[])[]): FourfoldTable {
  if (!(table?.length === 2 && table[0]?.length === 2 && table[1]?.length === 2)) {
    throw new InvalidDataError('table', table, 'two rows of two counts');
  }
  table.forEach((row, i) => {
    row.forEach((count, j) => {
      if (!(Number.isSafeInteger(count) && count >= 0)) {
        throw new InvalidDataError(`table[${i}][${j}]`, count, 'a whole number at least 0');
      }
    });
  });
  return { a: table[0]![0]!, b: table[0]![1]!, c: table[1]![0]!, d: table[1]![1]! };
}
