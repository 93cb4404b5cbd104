/**
 * How unusual a chi-squared statistic is, as a standard normal deviate (Wilson and Hilferty 1931): for tables of counts in
 * tests, where both too uneven (large) and too even (very negative) are faults.
 */
export function chiSquaredZ(statistic: number, df: number): number {
  const k = 2 / (9 * df);
  return (Math.cbrt(statistic / df) - (1 - k)) / Math.sqrt(k);
}

/** The deviate for counts that should all be equal. */
export function uniformityZ(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b, 0) / counts.length;
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  return chiSquaredZ(statistic, counts.length - 1);
}

/** The deviate for a table of counts whose rows and columns should be independent, with its own margins. */
export function independenceZ(table: readonly (readonly number[])[]): number {
  const rows = table.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = table[0]!.map((_, j) => table.reduce((sum, row) => sum + row[j]!, 0));
  const total = rows.reduce((a, b) => a + b, 0);
  let statistic = 0;
  table.forEach((row, i) => {
    row.forEach((count, j) => {
      const expected = (rows[i]! * columns[j]!) / total;
      statistic += (count - expected) ** 2 / expected;
    });
  });
  return chiSquaredZ(statistic, (rows.length - 1) * (columns.length - 1));
}
