import { cuped } from '../../stats/adjustment/cuped.ts';
import { ratioMetric } from '../../stats/adjustment/ratioMetric.ts';
import type { SampleCovariance } from '../../stats/adjustment/SampleCovariance.ts';
import { normalDistribution } from '../../stats/distributions/normalDistribution.ts';
import { delongComponents, delongVariance } from '../../stats/quality/delongComponents.ts';
import type { Covariance } from '../../stats/summaries/Covariance.ts';
import type { SampleMoments } from '../../stats/types.ts';
import type { MetricSummary } from '../MetricSummary.ts';

/** The moments of a metric, as if it were a mean, and what is to be known of them. */
export interface MetricMoments {
  readonly moments: SampleMoments;
  readonly warnings: readonly string[];
}

/** The same, with the units behind it. */
export interface UnitMoments extends MetricMoments {
  /** What each place of units adds to the mean's deviation, up to a factor; undefined where units are not told apart. */
  readonly units: () => Float64Array | undefined;
}

const EMPTY: SampleMoments = { n: 0, mean: Number.NaN, variance: Number.NaN };

/**
 * A metric as a mean with a variance per observation, whatever its kind: the metric's value, and n times its squared
 * standard error. Means and rates have it from their moments; root mean squares, ratios, correlations and R² by the delta
 * method; quantiles from the order statistics around them; areas under the ROC curve by DeLong, from the scores that were
 * kept. Where units come more than once, the values of a unit together are what is independent; correlations and areas
 * only warn of them.
 *
 * @returns n 0 where there is no such estimate yet
 */
export function metricMoments(summary: MetricSummary): MetricMoments {
  const { metric, n, repeating } = summary;
  const clustered = summary.clusteredVariance;
  const known = clustered ?? summary.quantileDesignEffect;
  const units = repeating && known === undefined ? [UNCLUSTERED] : summary.fewUnits ? [FEW_UNITS] : [];
  const df = summary.unitDegrees;
  const moments = clustered === undefined ? summary.moments : withVariance(summary.moments, clustered, df);
  switch (metric.kind) {
    case 'mean':
      return { moments, warnings: units };
    case 'rate':
      return { moments: rateMoments(moments), warnings: units };
    case 'rmse':
      return { moments: rootMoments(moments), warnings: units };
    case 'quantile':
      return { moments: quantileMoments(summary), warnings: [ORDER, ...units] };
    case 'ratio':
      return { moments: ratioMoments(summary.pairs!, clustered, df), warnings: units };
    case 'pearson':
      return { moments: correlationMoments(summary.pairs!), warnings: [NORMAL, ...units] };
    case 'r2':
      return { moments: determinationMoments(summary.value, n), warnings: [NORMAL, ...units] };
    case 'calibration':
      return { moments: EMPTY, warnings: [REPORTED, ...units] };
    default:
      return { moments: areaMoments(summary), warnings: units };
  }
}

/**
 * Both sides of a comparison as means; adjusted for the covariate where the metric has one (CUPED).
 */
export function pairedMoments(reference: MetricSummary, candidate: MetricSummary): readonly [UnitMoments, UnitMoments] {
  const [a, b] = [reference.adjusted, candidate.adjusted];
  const { kind } = reference.metric;
  const mean = kind === 'mean' || kind === 'rate';
  if (a === undefined || b === undefined || !mean || a.n < 2 || b.n < 2) {
    return [ofUnits(reference), ofUnits(candidate)];
  }
  const { arms, theta, warnings } = cuped([swapped(a), swapped(b)], { theta: 'within' });
  const units: string[] = [];
  const moments = [reference, candidate].map((side, i) => {
    const clustered = side.adjustedVariance(theta);
    if (side.fewUnits && clustered !== undefined) units.push(FEW_UNITS);
    if (clustered !== undefined) return withVariance(arms[i]!, clustered, side.unitDegrees);
    if (side.repeating) units.push(UNCLUSTERED);
    return arms[i]!;
  });
  const missing = reference.n + candidate.n - a.n - b.n;
  const told = missing > 0 ? [...warnings, `${missing} observations without a covariate are left out`] : warnings;
  return [
    { moments: moments[0]!, warnings: [...told, ...units], units: () => reference.unitInfluence(theta) },
    { moments: moments[1]!, warnings: [], units: () => candidate.unitInfluence(theta) },
  ];
}

function ofUnits(summary: MetricSummary): UnitMoments {
  return { ...metricMoments(summary), units: () => summary.unitInfluence() };
}

const NORMAL = 'the standard error of a correlation assumes normal pairs';
const REPORTED =
  'a calibration error is reported and not compared: noise alone raises it, more the fewer the requests (see brier and logLoss)';
const ORDER = 'a quantile by its order statistics: right for large n';
/** @internal */
export const UNCLUSTERED =
  'units come more than once and are not told apart: the standard error takes their requests as independent';
/** @internal */
export const FEW_UNITS = 'units come more than once and are fewer than 20: what they differ by is hardly known';

/** A summary holds (value, covariate); the adjustment takes (covariate, value). */
function swapped({ n, x, y, covariance }: Covariance): SampleCovariance {
  return { n, x: y, y: x, covariance };
}

/** The same with another variance, known as well as its degrees of freedom say. @internal */
export function withVariance(
  { n, mean, pivot, offset }: SampleMoments,
  variance: number,
  df: number | undefined,
): SampleMoments {
  const known = df === undefined ? {} : { df };
  if (pivot === undefined || offset === undefined) return { n, mean, variance, ...known };
  return { n, mean, variance, pivot, offset, ...known };
}

function ratioMoments(pairs: Covariance, clustered: number | undefined, df: number | undefined): SampleMoments {
  const moments = ratioMetric(pairs) ?? EMPTY;
  return clustered === undefined ? moments : withVariance(moments, clustered, df);
}

/**
 * A rate of which every case came out alike is not known to be 0 or 1 exactly: its variance is that of a rate with one
 * more case of either kind (Agresti & Caffo 2000, Am. Stat. 54(4)).
 */
function rateMoments(moments: SampleMoments): SampleMoments {
  const { n, mean, variance } = moments;
  if (n < 2 || variance > 0) return moments;
  const near = (n * mean + 1) / (n + 2);
  return { n, mean, variance: near * (1 - near) };
}

function rootMoments({ n, mean, variance, df }: SampleMoments): SampleMoments {
  return withVariance({ n, mean: Math.sqrt(mean), variance }, mean > 0 ? variance / (4 * mean) : 0, df);
}

/**
 * The interval of ranks around a quantile, turned into a variance (Deng, Knoblich & Lu 2018, section 4). Where units come
 * more than once the ranks are as much wider as whole units make their standard error, which is the paper's factor to first
 * order, and does not read the slope of the distribution off a few units alone.
 */
function quantileMoments(summary: MetricSummary): SampleMoments {
  const { sketch, metric, n, value, quantileDesignEffect = 1, unitDegrees } = summary;
  const q = metric.quantile as number;
  const z = normalDistribution.isf(0.025);
  const half = z * Math.sqrt((q * (1 - q) * quantileDesignEffect) / n);
  if (value === undefined || !(q - half > 0 && q + half < 1)) return EMPTY;
  const standardError = (sketch!.quantile(q + half) - sketch!.quantile(q - half)) / (2 * z);
  const variance = n * standardError * standardError;
  return withVariance({ n, mean: value, variance }, variance, unitDegrees);
}

function correlationMoments(pairs: Covariance): SampleMoments {
  const { n, correlation } = pairs;
  return Number.isFinite(correlation) && n > 3
    ? { n, mean: correlation, variance: (1 - correlation * correlation) ** 2 }
    : EMPTY;
}

/** 1 - R² is a ratio of mean squares; for normal errors beside a normal truth its logarithm has variance 4 R² / n. */
function determinationMoments(value: number | undefined, n: number): SampleMoments {
  if (value === undefined || n < 4) return EMPTY;
  return { n, mean: value, variance: 4 * Math.max(0, value) * (1 - value) ** 2 };
}

/** DeLong's variance of the area over the scores that were kept, as if spread over all observations. */
function areaMoments({ scores, n }: MetricSummary): SampleMoments {
  const { negatives, positives } = scores;
  if (negatives.length < 2 || positives.length < 2) return EMPTY;
  const labels = Array.from({ length: negatives.length + positives.length }, (_, i): 0 | 1 =>
    i < negatives.length ? 0 : 1,
  );
  const found = delongComponents([...negatives, ...positives], labels);
  return { n, mean: found.auc, variance: n * delongVariance(found) };
}
