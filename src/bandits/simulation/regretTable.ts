import type { RegretReport } from './RegretReport.ts';

function padded(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '))
    .join('\n');
}

/**
 * The regret report as a text table: mean and standard error after at most `columns` of the checkpoints, then median, 95th
 * percentile and share of the best arm at the end.
 * @defaultValue columns 4
 */
export function regretTable(report: RegretReport, columns = 4): string {
  const { checkpoints, curves } = report;
  const last = checkpoints.length - 1;
  const shown = [
    ...new Set(Array.from({ length: columns }, (_, i) => Math.round(((i + 1) * checkpoints.length) / columns) - 1)),
  ].filter((k) => k >= 0);
  const header = ['policy', ...shown.map((k) => `t = ${checkpoints[k]}`), 'median', '95 %', 'best arm'];
  const rows = curves.map(({ policy, mean, standardError, p50, p95, bestShare }) => [
    policy,
    ...shown.map((k) => `${mean[k]!.toFixed(1)} ± ${standardError[k]!.toFixed(1)}`),
    p50[last]!.toFixed(1),
    p95[last]!.toFixed(1),
    `${(100 * bestShare[last]!).toFixed(1)} %`,
  ]);
  return `${report.environment}, ${report.runs} runs\n${padded([header, ...rows])}`;
}
