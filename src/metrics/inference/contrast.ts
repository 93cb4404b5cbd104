import { checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import type { Alternative, SampleMoments } from '../../stats/types.ts';
import type { Metric } from '../Metric.ts';
import { MetricSummary } from '../MetricSummary.ts';
import type { CompareOptions, MetricSide, MetricStratum, Threshold } from './MetricComparison.ts';

/** Options with their defaults. */
export interface CheckedCompare {
  readonly alpha: number;
  readonly alternative: Alternative;
  readonly threshold: Threshold;
}

/** Checks the shared options. @throws InvalidOptionError */
export function checkCompare(options: CompareOptions, own: readonly string[] = []): CheckedCompare {
  checkOptions('options', options, ['alpha', 'alternative', 'threshold', ...own]);
  const { alpha = 0.05, alternative = 'two-sided', threshold = { absolute: 0 } } = options;
  checkThreshold(threshold);
  return {
    alpha: checkProbability('alpha', alpha),
    alternative: checkOneOf('alternative', alternative, ['two-sided', 'less', 'greater']),
    threshold,
  };
}

/** A size in the metric's unit or relative to the reference; of either sign. @throws InvalidOptionError */
function checkThreshold(threshold: Threshold): void {
  const sizes = typeof threshold === 'object' && threshold !== null ? Object.entries(threshold) : [];
  const [key, size] = sizes[0] ?? [];
  const sound = sizes.length === 1 && (key === 'absolute' || key === 'relative') && Number.isFinite(size);
  if (!sound) throw new InvalidOptionError('threshold', threshold, 'one finite size, absolute or relative');
}

/** The metric that all strata are of. @throws InvalidDataError without strata */
export function metricOf(strata: readonly MetricStratum[]): Metric {
  const [head] = strata;
  if (head === undefined) throw new InvalidDataError('strata', strata, 'at least one stratum');
  return head.reference.metric;
}

/** Whether a threshold is none at all. */
export function isZero(threshold: Threshold): boolean {
  return ('absolute' in threshold ? threshold.absolute : threshold.relative) === 0;
}

function scaled(moments: SampleMoments, factor: number): SampleMoments {
  const { n, mean, variance, df } = moments;
  const known = df === undefined ? {} : { df };
  return { n, mean: mean * factor, variance: variance * factor * factor, ...known };
}

/**
 * Two samples whose difference of means, first minus second, exceeds `nullValue` exactly where the improvement exceeds
 * the threshold. A relative threshold scales the reference: the test stays on the absolute scale.
 */
export function contrast(
  { direction }: Pick<Metric, 'direction'>,
  reference: SampleMoments,
  candidate: SampleMoments,
  threshold: Threshold,
): { readonly first: SampleMoments; readonly second: SampleMoments; readonly nullValue: number } {
  const lower = direction === 'lower';
  const nullValue = 'absolute' in threshold ? threshold.absolute : 0;
  const relative = 'relative' in threshold ? threshold.relative : 0;
  const factor = 1 + (lower ? -relative : relative) * (reference.mean < 0 ? -1 : 1);
  const held = relative === 0 ? reference : scaled(reference, factor);
  return lower ? { first: held, second: candidate, nullValue } : { first: candidate, second: held, nullValue };
}

/** What is known of each side over all strata. */
export function sidesOf(strata: readonly MetricStratum[]): {
  readonly reference: MetricSide;
  readonly candidate: MetricSide;
} {
  return { reference: sideOf(strata.map((s) => s.reference)), candidate: sideOf(strata.map((s) => s.candidate)) };
}

function sideOf(summaries: readonly MetricSummary[]): MetricSide {
  const n = summaries.reduce((sum, summary) => sum + summary.n, 0);
  const invalid = summaries.reduce((sum, summary) => sum + summary.invalid, 0);
  if (summaries.length === 1) return { n, invalid, value: summaries[0]!.value };
  return { n, invalid, value: totalOf(summaries).value };
}

/** One summary of all. */
export function totalOf(summaries: readonly MetricSummary[]): MetricSummary {
  const [head, ...rest] = summaries;
  if (rest.length === 0) return head!;
  const total = MetricSummary.fromJSON(head!.metric, head!.toJSON());
  for (const summary of rest) total.merge(summary);
  return total;
}
