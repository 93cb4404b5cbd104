import { displayWidth, padText } from './displayWidth.ts';
import { type TableColumn, type WrittenColumn, writeColumns } from './TableColumn.ts';
import { wrapText } from './wrapText.ts';

/** How a text table is laid out. */
export interface TextTableOptions {
  /** Columns of the terminal that the table must fit. @defaultValue 80 */
  readonly width?: number;
  /** Put in front of every line, and counted. @defaultValue `''` */
  readonly indent?: string;
}

const GAP = 2;
const NARROWEST = 6;

/**
 * A table for a terminal or a log: header, rule, and rows in columns two spaces apart. Text columns are wrapped, the
 * widest first, between words while that is enough, until the table fits; right-aligned columns are never cut nor broken, so that a table of too many
 * numbers is too wide rather than wrong. Control characters do not get through.
 *
 * @example
 * textTable([{ name: 'champion', n: 5012 }, { name: 'challenger', n: 4988 }], [
 *   { header: 'variant', value: (row) => row.name },
 *   { header: 'n', value: (row) => row.n },
 * ]);
 * // variant         n
 * // ----------  -----
 * // champion    5,012
 * // challenger  4,988
 */
export function textTable<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  { width = 80, indent = '' }: TextTableOptions = {},
): string {
  const written = writeColumns(rows, columns).map(({ header, cells, align }) => {
    return { header: printable(header), cells: cells.map(printable), align };
  });
  const widths = fitWidths(written, width - displayWidth(indent));
  const line = (cells: readonly string[]): string => {
    const padded = cells.map((cell, j) => padText(cell, widths[j]!, written[j]!.align));
    return `${indent}${padded.join(' '.repeat(GAP))}`.trimEnd();
  };
  const wrapped = (cells: readonly string[]): readonly string[] => {
    const parts = cells.map((cell, j) => wrapText(cell, widths[j]!));
    const height = Math.max(...parts.map((part) => part.length));
    return Array.from({ length: height }, (_, i) => line(parts.map((part) => part[i] ?? '')));
  };
  return [
    ...wrapped(written.map(({ header }) => header)),
    line(widths.map((columnWidth) => '-'.repeat(columnWidth))),
    ...rows.flatMap((_, i) => wrapped(written.map(({ cells }) => cells[i]!))),
  ].join('\n');
}

/** Widths that fit: the widest text column gives way, one character after the other, down to the narrowest that reads. */
function fitWidths(columns: readonly WrittenColumn[], width: number): readonly number[] {
  const widths = columns.map(({ header, cells }) =>
    [header, ...cells]
      .flatMap((cell) => cell.split('\n'))
      .reduce((most, line) => Math.max(most, displayWidth(line)), 1),
  );
  let excess = widths.reduce((sum, w) => sum + w, 0) + GAP * (widths.length - 1) - width;
  const shrink = (least: readonly number[]): void => {
    while (excess > 0) {
      const yielding = widths.map((w, j) => (columns[j]!.align === 'left' && w > least[j]! ? w : 0));
      const widest = Math.max(...yielding);
      if (widest === 0) return;
      widths[yielding.indexOf(widest)]! -= 1;
      excess -= 1;
    }
  };
  // Words are broken only where lines between words do not save enough.
  shrink(columns.map(({ header, cells }) => Math.max(NARROWEST, longestWord([header, ...cells]))));
  shrink(columns.map(() => NARROWEST));
  return widths;
}

function longestWord(texts: readonly string[]): number {
  return texts.flatMap((text) => text.split(/\s+/)).reduce((most, word) => Math.max(most, displayWidth(word)), 1);
}

/** Names come from outside: whatever could move the cursor or colour the screen is shown as what it is not. */
function printable(text: string): string {
  return text.replaceAll('\t', ' ').replace(/(?!\n)\p{Cc}|[\u2028-\u202e\u2066-\u2069]/gu, '\ufffd');
}
