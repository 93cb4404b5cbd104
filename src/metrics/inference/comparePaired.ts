import { checkOneOf } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import { mcnemarEProcess } from '../../stats/sequential/mcnemarEProcess.ts';
import { pairedDifferenceSequence } from '../../stats/sequential/pairedDifferenceSequence.ts';
import { mcnemarTest } from '../../stats/tests/mcnemarTest.ts';
import { oneSampleTTest } from '../../stats/tests/oneSampleTTest.ts';
import type { EstimateResult, SampleMoments } from '../../stats/types.ts';
import type { MetricSummary } from '../MetricSummary.ts';
import { canPair, type PairedValues } from '../PairedValues.ts';
import { checkCompare, isZero } from './contrast.ts';
import type { CompareOptions, MetricComparison, RelativeImprovement, Threshold } from './MetricComparison.ts';
import { FEW_UNITS, UNCLUSTERED } from './metricMoments.ts';
import { baseOf, improvementOf, toComparison } from './toComparison.ts';

/** Both models on the same requests. */
export interface MetricPairs {
  readonly reference: MetricSummary;
  readonly candidate: MetricSummary;
  readonly pairs: PairedValues;
}

/** Options of {@link comparePaired}. */
export interface PairedCompareOptions extends CompareOptions {
  /** @defaultValue 'anytime' */
  readonly method?: 'anytime' | 'fixed';
  /** Pairs at which the sequence is tightest. @defaultValue 5000 */
  readonly horizon?: number;
  /** Pairs before the asymptotic sequence says anything; the exact ones speak from the first. @defaultValue 100 */
  readonly burnIn?: number;
}

/**
 * A candidate beside a reference on the same requests. `anytime`: McNemar's e-process for rates, a betting sequence for
 * means of a known range, both exact from the first pair; the asymptotic sequence of the differences otherwise, for
 * ratios and precision (by the delta method), for relative thresholds, and where values were outside the range that the
 * metric claims, or units came more than once: then whole units are what is independent. `fixed`: the t-test of the differences; McNemar's exact test of a rate whose differences do not vary.
 *
 * @throws InvalidDataError for a metric that cannot be paired: quantiles, correlations and areas under a curve
 * @throws InvalidOptionError
 * @see Choe & Ramdas (2024), Oper. Res., doi:10.1287/opre.2021.0792
 */
export function comparePaired(data: MetricPairs, options: PairedCompareOptions = {}): MetricComparison {
  const { alpha, alternative, threshold } = checkCompare(options, ['method', 'horizon', 'burnIn']);
  const method = checkOneOf('method', options.method ?? 'anytime', ['anytime', 'fixed']);
  const { horizon = 5000, burnIn = 100 } = options;
  const { pairs } = data;
  if (!canPair(pairs.metric)) throw new InvalidDataError('pairs', pairs.metric.kind, 'of a mean, rate, rmse or ratio');
  const tuning = { alpha, alternative, horizon, burnIn };
  const ask = (at: Threshold): EstimateResult => {
    const nullValue = 'absolute' in at ? at.absolute : 0;
    const moments = differenceMoments(pairs, at);
    if (method === 'fixed') {
      const common = { alternative, level: 1 - alpha };
      const found = oneSampleTTest(moments, { ...common, nullValue });
      return found.status === 'ok' || !isZero(at) || !isExactRate(pairs) || pairs.repeating
        ? found
        : mcnemarTest(tableOf(pairs), common);
    }
    const exact = isZero(at) || 'absolute' in at ? exactSequence(pairs, { alpha, alternative, nullValue }) : undefined;
    return exact ?? pairedDifferenceSequence(moments, { ...tuning, nullValue });
  };
  const tested = ask(threshold);
  const plain = 'relative' in threshold && !isZero(threshold) ? ask({ absolute: 0 }) : tested;
  const base = baseOf([data], relativePaired(pairs, { ...tuning, alternative: 'two-sided' }));
  const said =
    tested.status === 'ok' && plain.status === 'ok'
      ? { ...tested, estimate: plain.estimate, interval: plain.interval }
      : tested;
  const outside = pairs.bets?.invalid ?? 0;
  const warnings = [
    ...(outside > 0 ? [`${outside} requests were outside the metric's range: nothing is bet on it`] : []),
    ...(pairs.fewUnits ? [pairs.moments.clustered ? FEW_UNITS : UNCLUSTERED] : []),
  ];
  const result = toComparison(base, said, { alternative }, warnings);
  return { ...result, n: [pairs.n, pairs.n] };
}

/** The exact sequences, where the metric has one. */
function exactSequence(
  pairs: PairedValues,
  options: Pick<Required<CompareOptions>, 'alpha' | 'alternative'> & { readonly nullValue: number },
): EstimateResult | undefined {
  // Requests of one unit come together: bets on them one by one would win on what is won once.
  if (pairs.repeating) return undefined;
  if (isExactRate(pairs)) return mcnemarEProcess(discordance(pairs), options);
  // Bets leave out what is outside the range: a model could hide its worst answers there.
  return pairs.bets === undefined || pairs.bets.invalid > 0 ? undefined : pairs.bets.estimate(options);
}

function isExactRate({ metric }: PairedValues): boolean {
  return metric.kind === 'rate' && !metric.selective;
}

/** Requests by who did well: both, the candidate alone; the reference alone, neither. */
function tableOf(pairs: PairedValues): readonly (readonly number[])[] {
  const { onlyFirst, onlySecond } = discordance(pairs);
  const { n, metric, values } = pairs;
  const good = metric.direction === 'lower' ? n - Math.round(values.y.sum) : Math.round(values.y.sum);
  const both = good - onlyFirst;
  return [
    [both, onlyFirst],
    [onlySecond, n - both - onlyFirst - onlySecond],
  ];
}

/** Requests on which only one of the two did well. First is what an improvement counts for. */
function discordance({ metric, values, n }: PairedValues): { onlyFirst: number; onlySecond: number; pairs: number } {
  if (n === 0) return { onlyFirst: 0, onlySecond: 0, pairs: 0 };
  const { x, y, comoment } = values;
  // The sum of the products of zeros and ones: a whole number, up to rounding.
  const both = Math.round(comoment + (x.sum * y.sum) / n);
  const [onlyReference, onlyCandidate] = [Math.round(x.sum) - both, Math.round(y.sum) - both];
  return metric.direction === 'lower'
    ? { onlyFirst: onlyReference, onlySecond: onlyCandidate, pairs: n }
    : { onlyFirst: onlyCandidate, onlySecond: onlyReference, pairs: n };
}

/** The moments of the improvement of each request. */
function differenceMoments({ metric, moments }: PairedValues, threshold: Threshold): SampleMoments {
  const { n, values, variances, covariance, df } = moments;
  const relative = 'relative' in threshold ? threshold.relative : 0;
  const factor = 1 + (metric.direction === 'lower' ? -relative : relative) * (values[0] < 0 ? -1 : 1);
  const sign = metric.direction === 'lower' ? 1 : -1;
  const mean = sign * (factor * values[0] - values[1]);
  const variance = factor * factor * variances[0] + variances[1] - 2 * factor * covariance;
  // A ratio of nothing is none yet.
  if (!Number.isFinite(mean)) return { n: 0, mean: Number.NaN, variance: Number.NaN };
  const known = df === undefined ? {} : { df };
  return { n, mean, variance: n < 2 ? Number.NaN : Math.max(0, variance), ...known };
}

/** The ratio of both values on the logarithmic scale, pair by pair. */
function relativePaired(
  { metric, moments }: PairedValues,
  options: { alpha: number; horizon: number; burnIn: number; alternative: 'two-sided' },
): RelativeImprovement | undefined {
  const { n, values, variances, covariance } = moments;
  const [a, b] = values;
  if (!(a > 0 && b > 0) || n < 2) return undefined;
  const spread = variances[0] / (a * a) + variances[1] / (b * b) - (2 * covariance) / (a * b);
  const logs = { n, mean: Math.log(b / a), variance: Math.max(0, spread) };
  const log = pairedDifferenceSequence(logs, options);
  if (log.status !== 'ok') return undefined;
  const interval = [Math.exp(log.interval[0]), Math.exp(log.interval[1])] as const;
  const ratio = { estimate: Math.exp(log.estimate), interval, method: 'paired-log-ratio-sequence' };
  return improvementOf(metric.direction, { ...ratio, validity: 'anytime' });
}
