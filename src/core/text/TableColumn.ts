import { formatNumber } from './formatNumber.ts';

/** A column of a table: what stands above it, and what it shows of a row. */
export interface TableColumn<Row> {
  readonly header: string;
  /** A number is written by `format` and stands to the right; nothing is an empty cell. */
  readonly value: (row: Row) => string | number | boolean | undefined;
  /** @defaultValue `'right'` where every cell is a number or empty, otherwise `'left'` */
  readonly align?: 'left' | 'right';
  /** Writes the numbers of the column. @defaultValue `formatNumber` */
  readonly format?: (value: number) => string;
}

/** A column with its cells written. */
export interface WrittenColumn {
  readonly header: string;
  readonly cells: readonly string[];
  readonly align: 'left' | 'right';
}

/** Writes every cell and settles how columns are aligned. */
export function writeColumns<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
): readonly WrittenColumn[] {
  return columns.map(({ header, value, align, format = (number) => formatNumber(number) }) => {
    const values = rows.map(value);
    const numeric =
      values.some((v) => typeof v === 'number') && values.every((v) => typeof v === 'number' || v === undefined);
    const cells = values.map((v) => (typeof v === 'number' ? format(v) : String(v ?? '')));
    return { header, cells, align: align ?? (numeric ? 'right' : 'left') };
  });
}
