// What the examples print: everything fits in 80 columns and reads the same in a terminal, a log and a README.

const WIDTH = 80;

/** A title with a rule under it. */
export function heading(title: string): void {
  console.log(`\n${title}\n${'='.repeat(Math.min(WIDTH, title.length))}`);
}

/** Lines broken at spaces within 80 columns. */
export function paragraph(text: string, indent = ''): void {
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > WIDTH && line.trim() !== '') {
      console.log(line.trimEnd());
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  if (line.trim() !== '') console.log(line);
}

/** A name and its value, the values under each other. */
export function fields(values: Readonly<Record<string, string | number>>): void {
  const width = Math.max(...Object.keys(values).map((name) => name.length));
  for (const [name, value] of Object.entries(values)) console.log(`  ${name.padEnd(width)}  ${value}`);
}

/** Columns as wide as their widest cell; numbers to the right, text to the left. */
export function table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const cells = [columns, ...rows].map((row) => row.map(String));
  const right = columns.map((_, j) => rows.every((row) => /^[-+−]?[$]?\d/.test(String(row[j] ?? '0'))));
  const widths = columns.map((_, j) => Math.max(...cells.map((row) => (row[j] ?? '').length)));
  const align = (text: string, j: number): string => (right[j] ? text.padStart(widths[j]!) : text.padEnd(widths[j]!));
  const line = (row: readonly string[]): string =>
    `  ${columns.map((_, j) => align(row[j] ?? '', j)).join('  ')}`.trimEnd();
  console.log(line(cells[0]!));
  console.log(`  ${widths.map((width) => '-'.repeat(width)).join('  ')}`);
  for (const row of cells.slice(1)) console.log(line(row));
}

/** A fraction as a percentage. */
export function percent(fraction: number, digits = 1): string {
  return `${(100 * fraction).toFixed(digits)} %`;
}

/** Dollars with separators, no cents. */
export function dollars(amount: number): string {
  return `${amount < 0 ? '-' : ''}$${Math.abs(Math.round(amount)).toLocaleString('en-US')}`;
}

/** One line of target against measured. Returns `met`, so that a program can exit non-zero when a target is missed. */
export function target(name: string, required: string, measured: string, met: boolean): boolean {
  console.log(`  ${met ? 'met   ' : 'MISSED'}  ${name.padEnd(36)} ${required.padEnd(15)} ${measured}`);
  return met;
}
