import type { ShadowReport } from './ShadowReport.ts';

const TWO_WEEKS = 14 * 86_400_000;

/** A report with the warnings that its figures call for. */
export function buildReport(facts: Omit<ShadowReport, 'schema' | 'warnings'>): ShadowReport {
  return Object.freeze({ schema: 1, ...facts, warnings: [...runWarnings(facts), ...dataWarnings(facts)] });
}

function runWarnings({
  longRun,
  expiresAt,
  comparisons,
  versions,
}: Omit<ShadowReport, 'schema' | 'warnings'>): readonly string[] {
  const warnings: string[] = [];
  const starts = comparisons.flatMap(({ times }) => (times.first === null ? [] : [times.first]));
  const began = starts.length === 0 ? undefined : Math.min(...starts);
  if (longRun === null && expiresAt === null)
    warnings.push('shadowing has no end: set expiresAt, or say why in longRun');
  if (longRun === null && expiresAt !== null && began !== undefined && expiresAt - began > TWO_WEEKS) {
    warnings.push('shadowing for more than two weeks leaves a better model unused: say why in longRun');
  }
  const unnamed = Object.entries(versions).flatMap(([name, version]) => (version === null ? [name] : []));
  if (unnamed.length > 0) warnings.push(`no version is known of ${unnamed.join(', ')}: give the models a version`);
  return warnings;
}

function dataWarnings({
  comparisons,
  log,
  truths,
  containedErrors,
}: Omit<ShadowReport, 'schema' | 'warnings'>): readonly string[] {
  const warnings = comparisons.flatMap(({ shadow, warnings: own }) => own.map((warning) => `${shadow}: ${warning}`));
  const lost = log.dropped.sink + log.dropped.redact;
  if (lost > 0) warnings.push(`${lost} records did not reach the log`);
  if (truths.dropped > 0) warnings.push(`${truths.dropped} requests were let go before their truth could come`);
  if (truths.reusedIds > 0) warnings.push(`${truths.reusedIds} requests came under ids in use: no truth reaches them`);
  if (containedErrors > 0) warnings.push(`${containedErrors} errors of hooks, metrics or listeners were contained`);
  return warnings;
}
