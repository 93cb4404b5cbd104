import type { KayentaClass } from './classifyMetric.ts';

/** A metric's class with what the score asks of it. */
export interface ScoredMetric {
  readonly classification: KayentaClass;
  /** A metric in two groups counts in both. */
  readonly groups: readonly string[];
  readonly critical: boolean;
}

/** From this percentage of metrics without data on there is no score but 0. */
const NO_DATA_PERCENT = 50;

/**
 * Kayenta's score of a canary: of each group the percentage of metrics that pass, weighted; groups without a weight share
 * what is left of 100. A critical metric that does not pass, or half of the metrics without data, make it 0.
 */
export function scoreGroups(metrics: readonly ScoredMetric[], weights: Readonly<Record<string, number>> = {}): number {
  const silent = metrics.filter(({ classification }) => classification === 'Nodata').length;
  if (metrics.some(({ critical, classification }) => critical && classification !== 'Pass')) return 0;
  if (silent > 0 && (100 * silent) / metrics.length >= NO_DATA_PERCENT) return 0;
  const groups = [...new Set(metrics.flatMap((metric) => metric.groups))];
  const free = groups.filter((group) => weights[group] === undefined);
  const given = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const rest = free.length === 0 ? 0 : (100 - given) / free.length;
  const score = (group: string): number =>
    groupScore(metrics.filter((metric) => metric.groups.includes(group)).map(({ classification }) => classification));
  return groups.reduce((sum, group) => sum + (score(group) * (weights[group] ?? rest)) / 100, 0);
}

/** What a score means. */
export function classifyScore(
  score: number,
  { pass, marginal }: { readonly pass: number; readonly marginal: number },
): 'Pass' | 'Marginal' | 'Fail' {
  if (score >= pass) return 'Pass';
  return score >= marginal ? 'Marginal' : 'Fail';
}

function groupScore(classes: readonly KayentaClass[]): number {
  const counted = classes.filter((one) => one !== 'Nodata');
  if (counted.length === 0) return 100;
  return (100 * counted.filter((one) => one === 'Pass').length) / counted.length;
}
