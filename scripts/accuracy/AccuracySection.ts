/**
 * One part of docs/accuracy.md. A file of scripts/accuracy named `<topic>.section.ts` exports one as `section`:
 * measured when the page is written, or read from a committed report where measuring takes minutes.
 */
export interface AccuracySection {
  readonly title: string;
  /** Where it stands on the page: lower first. */
  readonly order: number;
  /** What the table says, what the reference is and how it was made; Markdown. */
  readonly text: string;
  readonly header: readonly string[];
  /** The rows, as many cells as the header. */
  rows(): readonly (readonly string[])[] | Promise<readonly (readonly string[])[]>;
}

/** A table in Markdown. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A section as it stands on the page. */
export async function renderSection(section: AccuracySection): Promise<string> {
  const rows = await section.rows();
  for (const row of rows) {
    if (row.length !== section.header.length) throw new Error(`${section.title}: a row of ${row.length} cells`);
  }
  return `## ${section.title}\n\n${section.text.trim()}\n\n${table(section.header, rows)}\n`;
}

/** An error rounded up to one significant digit: the page promises no more than was measured. */
export function upwards(error: number): string {
  if (error === 0) return '0';
  const unit = 10 ** Math.floor(Math.log10(error));
  return (Math.ceil(error / unit - 1e-9) * unit).toExponential(0);
}
