import { logRatioSequence, stagedLogRatioSequence } from '../../stats/sequential/logRatioSequence.ts';
import { stagedDifferenceSequence } from '../../stats/sequential/stagedDifferenceSequence.ts';
import type { EstimateResult } from '../../stats/types.ts';
import { quantileSequenceOf } from './compareQuantiles.ts';
import { checkCompare, contrast, isZero, metricOf } from './contrast.ts';
import { jointSides } from './jointUnits.ts';
import type {
  CompareOptions,
  MetricComparison,
  MetricStratum,
  RelativeImprovement,
  Threshold,
} from './MetricComparison.ts';
import type { MetricMoments } from './metricMoments.ts';
import { MEANS_WEIGHT, mixRates, type RateEvidence, rateEvidence } from './rateEvidence.ts';
import { baseOf, improvementOf, toComparison } from './toComparison.ts';

/** Options of {@link compareAnytime}. */
export interface AnytimeCompareOptions extends CompareOptions {
  /** Observations of both sides together at which the sequence is tightest; valid at any number. @defaultValue 5000 */
  readonly horizon?: number;
  /** Observations that each side needs before the asymptotic sequence says anything. @defaultValue 100 */
  readonly burnIn?: number;
}

/**
 * A candidate beside a reference, valid at every look: the asymptotic confidence sequence of the difference on the
 * absolute scale, whatever the metric's kind (see {@link metricMoments}), Howard and Ramdas' sequence for quantiles of
 * units that come once, with the relative improvement by the log-ratio.
 * Over several strata the differences within them are combined.
 *
 * Rates have a second e-process from the counts alone, exact from the first event on, which sees 30 errors beside none
 * long before a mean would; their e-value is a weighted mean of both, and the interval is widened to agree with it.
 *
 * @throws InvalidDataError without strata
 * @throws InvalidOptionError
 */
export function compareAnytime(
  strata: readonly MetricStratum[],
  options: AnytimeCompareOptions = {},
): MetricComparison {
  const checked = checkCompare(options, ['horizon', 'burnIn']);
  const { alpha, alternative, threshold } = checked;
  const metric = metricOf(strata);
  const tuning = { horizon: options.horizon ?? 5000, burnIn: options.burnIn ?? 100 };
  const sides = jointSides(strata);
  const rates = metric.kind === 'rate' ? rateEvidence(strata, checked) : undefined;
  const spent = rates === undefined ? alpha : alpha * MEANS_WEIGHT;
  const sequence = (at: Threshold): EstimateResult => {
    const stages = sides.map(([a, b]) => contrast(metric, a.moments, b.moments, at));
    const pairs = stages.map(({ first, second }) => [first, second] as const);
    return stagedDifferenceSequence(pairs, { alpha: spent, alternative, nullValue: stages[0]!.nullValue, ...tuning });
  };
  // Requests of one unit come together: the exact sequence of quantiles would take them for as many independent ones.
  const ranks = metric.kind === 'quantile' && !strata.some((s) => s.reference.repeating || s.candidate.repeating);
  const tested = ranks ? quantileSequenceOf(strata, checked, tuning.horizon) : sequence(threshold);
  const scaled = 'relative' in threshold && !isZero(threshold) && !ranks;
  const plain = scaled ? sequence({ absolute: 0 }) : tested;
  const means = tested.status === 'ok' && plain.status === 'ok' ? { ...tested, ...placeOf(plain) } : tested;
  const warnings = ranks ? [] : sides.flatMap(([a, b]) => [...a.warnings, ...b.warnings]);
  const base = baseOf(strata, relativeAnytime(strata, sides, rates, { alpha, ...tuning }));
  const result = rates === undefined ? means : mixRates(base, means, rates, alpha);
  return toComparison(base, result, { alternative }, warnings);
}

function placeOf({ estimate, interval }: Extract<EstimateResult, { status: 'ok' }>) {
  return { estimate, interval };
}

function relativeAnytime(
  strata: readonly MetricStratum[],
  sides: readonly (readonly [MetricMoments, MetricMoments])[],
  rates: RateEvidence | undefined,
  options: { readonly alpha: number; readonly horizon: number; readonly burnIn: number },
): RelativeImprovement | undefined {
  const { direction } = metricOf(strata);
  if (rates?.relative !== undefined) return rates.relative;
  const pairs = sides.map(([a, b]) => [b.moments, a.moments] as const);
  const { horizon, ...rest } = options;
  const ratio =
    pairs.length === 1
      ? logRatioSequence(pairs[0]![0], pairs[0]![1], { ...rest, horizon })
      : stagedLogRatioSequence(pairs, rest);
  if (ratio.status !== 'ok') return undefined;
  return improvementOf(direction, ratio);
}
