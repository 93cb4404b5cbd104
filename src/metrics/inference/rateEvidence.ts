import { averageEValues } from '../../stats/sequential/eValues.ts';
import { rateRatioSequence } from '../../stats/sequential/rateRatioSequence.ts';
import type { Estimate, EstimateResult, Proportion } from '../../stats/types.ts';
import type { MetricSummary } from '../MetricSummary.ts';
import { type CheckedCompare, isZero, metricOf } from './contrast.ts';
import type { ComparisonBase, MetricStratum, RelativeImprovement } from './MetricComparison.ts';
import { improvementOf } from './toComparison.ts';

/** What the counts of a rate say by themselves. */
export interface RateEvidence {
  /** The ratio of the rates of the rarer verdict, candidate over reference. */
  readonly ratio: EstimateResult;
  /** The relative improvement from the counts; undefined where a common rate makes the log-ratio the better one. */
  readonly relative: RelativeImprovement | undefined;
}

/**
 * The weight of the asymptotic sequence, whose interval takes as much of alpha. The counts have evidence to spare where
 * they are needed, so that they get the smaller part.
 */
export const MEANS_WEIGHT = 0.75;

/** Below this rate the failures know next to nothing that the successes do not. */
const RARE = 0.1;

/**
 * The sequence of the ratio of two rates from the counts of the rarer verdict: errors where the accuracy is high.
 *
 * @returns undefined for a threshold that is no ratio of these rates, and where units come more than once: the counts alone
 * cannot test it
 */
export function rateEvidence(strata: readonly MetricStratum[], options: CheckedCompare): RateEvidence | undefined {
  const { alpha, alternative, threshold } = options;
  // Events of one unit come together: their counts are no independent trials.
  const clustered = strata.some((s) => (s.reference.clusteredVariance ?? s.candidate.clusteredVariance) !== undefined);
  if (clustered) return undefined;
  const { direction } = metricOf(strata);
  const trials = strata.reduce((sum, { reference, candidate }) => sum + reference.n + candidate.n, 0);
  const hits = strata.reduce((sum, { reference, candidate }) => sum + successes(reference) + successes(candidate), 0);
  const flipped = hits > trials / 2;
  const relative = 'relative' in threshold ? threshold.relative : undefined;
  if (!isZero(threshold) && (flipped || relative === undefined)) return undefined;
  const count = (summary: MetricSummary): Proportion => {
    const found = successes(summary);
    return { successes: flipped ? summary.n - found : found, trials: summary.n };
  };
  const epochs = strata.map(({ reference, candidate, share }) => ({
    first: count(candidate),
    second: count(reference),
    ...(share !== undefined && share > 0 && share < 1 ? { share } : {}),
  }));
  // More of what is counted is better only where the metric counts upwards and is not flipped.
  const less = (direction === 'lower') !== flipped;
  const side = alternative === 'two-sided' ? alternative : (alternative === 'greater') === less ? 'less' : 'greater';
  const nullValue = relative === undefined ? 1 : less ? 1 - relative : 1 + relative;
  if (!(nullValue > 0)) return undefined;
  const ratio = rateRatioSequence(epochs, { alpha, alternative: side, nullValue });
  const rare = hits < RARE * trials;
  return { ratio, relative: rare && ratio.status === 'ok' ? improvementOf(direction, ratio) : undefined };
}

/**
 * Both e-processes of a rate as one: their weighted mean, which is an e-process whatever they have in common. During the burn-in
 * of the asymptotic one its e-value counts as 1, and its interval as the whole range.
 */
export function mixRates(
  base: ComparisonBase,
  means: EstimateResult,
  rates: RateEvidence,
  alpha: number,
): EstimateResult {
  const { ratio } = rates;
  if (ratio.status !== 'ok') return means;
  const logEValue = averageEValues([means.status === 'ok' ? means.logEValue! : 0, ratio.logEValue!], {
    weights: [MEANS_WEIGHT, 1 - MEANS_WEIGHT],
  });
  const pValue = Math.min(1, Math.exp(-logEValue));
  const evidence = {
    level: 1 - alpha,
    pValue,
    eValue: Math.exp(logEValue),
    logEValue,
    method: 'rate-mixture-sequence',
  };
  if (means.status === 'ok') return { ...means, ...evidence };
  // What the means cannot say yet is left open, unless the counts are sure already.
  const { reference, candidate } = base;
  if (pValue > alpha || reference.value === undefined || candidate.value === undefined) return means;
  const difference = reference.value - candidate.value;
  const burnIn: Estimate = {
    status: 'ok',
    validity: 'anytime',
    n: means.n,
    warnings: ['the interval of the difference is still the whole range: the evidence is that of the counts'],
    estimate: base.direction === 'lower' ? difference : -difference,
    interval: [-1, 1],
    ...evidence,
  };
  return burnIn;
}

function successes({ n, moments }: MetricSummary): number {
  return n === 0 ? 0 : Math.round(moments.sum);
}
