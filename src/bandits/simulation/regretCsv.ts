import type { RegretReport } from './RegretReport.ts';

/** A field of CSV, quoted where it must be (RFC 4180). */
function field(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The regret report as CSV with a header, one row a policy and checkpoint. */
export function regretCsv({ checkpoints, curves }: RegretReport): string {
  const rows = curves.flatMap((curve) =>
    checkpoints.map((t, k) => [
      curve.policy,
      t,
      curve.mean[k]!,
      curve.standardError[k]!,
      curve.p50[k]!,
      curve.p95[k]!,
      curve.bestShare[k]!,
    ]),
  );
  const header = ['policy', 't', 'mean', 'standardError', 'p50', 'p95', 'bestShare'];
  return `${[header, ...rows].map((row) => row.map(field).join(',')).join('\r\n')}\r\n`;
}
