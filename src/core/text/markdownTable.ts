import { displayWidth, padText } from './displayWidth.ts';
import { type TableColumn, writeColumns } from './TableColumn.ts';

/**
 * A table in GitHub-flavoured Markdown, padded so that its source reads as a table too. Cells mean their
 * text and nothing else: Markdown and HTML in them are escaped, line breaks become `<br>`.
 *
 * Source: GitHub Flavored Markdown Spec 0.29, section 4.10.
 *
 * @example
 * markdownTable([{ name: 'champion', n: 5012 }], [
 *   { header: 'variant', value: (row) => row.name },
 *   { header: 'n', value: (row) => row.n },
 * ]);
 * // | variant  |     n |
 * // | -------- | ----: |
 * // | champion | 5,012 |
 */
export function markdownTable<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[]): string {
  const written = writeColumns(rows, columns).map(({ header, cells, align }) => {
    const escaped = [header, ...cells].map(escapeMarkdownCell);
    return { escaped, align, width: escaped.reduce((most, cell) => Math.max(most, displayWidth(cell)), 3) };
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = (i: number): string =>
    line(written.map(({ escaped, width, align }) => padText(escaped[i]!, width, align)));
  const rule = line(
    written.map(({ width, align }) => (align === 'right' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))),
  );
  return [body(0), rule, ...rows.map((_, i) => body(i + 1))].join('\n');
}

/** Text that means itself inside a Markdown table. */
function escapeMarkdownCell(text: string): string {
  return text
    .replace(/[\\|`*]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/\](?=[([])/g, ']\\')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/\s*\n\s*/g, '<br>')
    .replace(/\p{Cc}/gu, ' ');
}
