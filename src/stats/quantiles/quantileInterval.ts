import { checkProbability } from '../../core/check.ts';
import { ascending } from '../ascending.ts';
import { checkSample } from '../checkSample.ts';
import { binomialDistribution } from '../distributions/index.ts';
import { inconclusive } from '../inconclusive.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from '../intervals/IntervalOptions.ts';
import { sortedQuantile } from '../sortedQuantile.ts';
import type { Inconclusive, IntervalEstimate } from '../types.ts';

/** What {@link quantileInterval} found. */
export interface QuantileIntervalEstimate extends IntervalEstimate {
  /** The ranks of the two order statistics, from 1; 0 or n + 1 where a bound is infinite. */
  readonly ranks: readonly [lower: number, upper: number];
  /** The probability with which an interval between these ranks covers the quantile of a continuous distribution. */
  readonly coverage: number;
}

/**
 * The interval for a quantile between two order statistics, valid for any distribution and any sample size: whether an
 * observation falls below the quantile is a coin of probability p, so the ranks come from the binomial distribution.
 *
 * The sample must be large enough to have an observation on the far side: about ln(2 / (1 - level)) / (1 - p) of them
 * for an upper bound, 370 for the 99% quantile at level 0.95. With fewer the bound is infinite and the result warns.
 *
 * @param values the sample, in any order
 * @param p strictly between 0 and 1
 * @returns `inconclusive` for an empty sample
 * @throws InvalidOptionError, InvalidDataError for numbers that are not finite
 * @example
 * quantileInterval([9, 1, 8, 2, 7, 3, 6, 4, 5, 10], 0.5); // interval [2, 9], coverage 0.978…
 * @see David & Nagaraja (2003), Order Statistics, 3rd ed., section 7.1
 */
export function quantileInterval(
  values: ArrayLike<number>,
  p: number,
  options: IntervalOptions = {},
): QuantileIntervalEstimate | Inconclusive {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  checkProbability('p', p);
  checkSample('values', values);
  const n = values.length;
  const method = 'order-statistics';
  if (n === 0) return inconclusive(method, [n], 'the sample is empty');
  const sorted = ascending(values);
  const lower = alternative === 'less' ? 0 : binomialDistribution.quantile(tail, n, p);
  const upper = alternative === 'greater' ? n + 1 : binomialDistribution.isf(tail, n, p) + 1;
  const at = (rank: number): number =>
    rank < 1 ? Number.NEGATIVE_INFINITY : rank > n ? Number.POSITIVE_INFINITY : sorted[rank - 1]! + 0;
  const open = (alternative !== 'less' && lower < 1) || (alternative !== 'greater' && upper > n);
  const estimate = sortedQuantile(sorted, p) + 0;
  // At a level near 0 the interpolated estimate may lie just outside of the ranks.
  const bounds = [Math.min(estimate, at(lower)), Math.max(estimate, at(upper))] as const;
  return {
    status: 'ok',
    method,
    validity: 'fixed-n',
    n: [n],
    warnings: open ? ['too few observations for a bound on that side'] : [],
    estimate,
    interval: boundsFor(alternative, ...bounds),
    level,
    ranks: [lower, upper],
    coverage: binomialDistribution.cdf(upper - 1, n, p) - binomialDistribution.cdf(lower - 1, n, p),
  };
}
