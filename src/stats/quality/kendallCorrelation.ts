import { checkPairs } from '../checkSample.ts';
import { normalDistribution } from '../distributions/index.ts';
import { inconclusive } from '../inconclusive.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from '../intervals/IntervalOptions.ts';
import type { TestResult } from '../types.ts';
import { type KendallCounts, kendallCounts } from './kendallCounts.ts';

/**
 * Kendall's tau-b: pairs of observations in the same order minus pairs in the opposite order, over the geometric mean
 * of the pairs that each variable can tell apart. Within [-1, 1]; ties count for neither side. In n log n steps.
 *
 * @returns `undefined` below two observations, and where one of the variables does not vary
 * @throws InvalidDataError for a value that is not finite or lengths that differ
 * @example
 * kendallCorrelation([1, 2, 3, 4], [1, 30, 20, 500]); // 0.6666666666666666
 * @see Kendall (1938), doi:10.1093/biomet/30.1-2.81; Knight (1966), doi:10.1080/01621459.1966.10480879 (algorithm)
 */
export function kendallCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  checkPairs('x', x, 'y', y);
  return tauOf(kendallCounts(x, y));
}

function tauOf({ score, tellX, tellY }: KendallCounts): number | undefined {
  if (tellX === 0 || tellY === 0) return undefined;
  return Math.min(1, Math.max(-1, tellX === tellY ? score / tellX : score / Math.sqrt(tellX) / Math.sqrt(tellY)));
}

/** The variance of artanh(tau) times n - 4. */
const FISHER_VARIANCE = 0.437;

/**
 * The test of Kendall's tau-b against 0 by the normal approximation, with ties corrected for, and the interval of
 * Bonett and Wright, whose squared standard error on Fisher's scale is 0.437 / (n - 4).
 *
 * @returns inconclusive below three pairs, and where one of the variables does not vary. Up to four pairs the interval
 * is [-1, 1]; a perfect correlation has an interval of no width, with a warning.
 * @throws InvalidDataError for a value that is not finite or lengths that differ
 * @throws InvalidOptionError
 * @see Kendall (1970), Rank Correlation Methods, 4th ed., section 4.7; Bonett & Wright (2000), doi:10.1007/BF02294183
 */
export function kendallTest(x: ArrayLike<number>, y: ArrayLike<number>, options: IntervalOptions = {}): TestResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  checkPairs('x', x, 'y', y);
  const n = x.length;
  const counts = kendallCounts(x, y);
  const tau = tauOf(counts);
  if (n < 3) return inconclusive('kendall', [n], `${n} of at least 3 pairs`);
  if (tau === undefined) return inconclusive('kendall', [n], 'one of the variables does not vary');
  const z = counts.score / Math.sqrt(counts.variance);
  const perfect = Math.abs(tau) === 1;
  const { sf, cdf, isf } = normalDistribution;
  const margin = n > 4 ? Math.max(0, isf(tail)) * Math.sqrt(FISHER_VARIANCE / (n - 4)) : Number.POSITIVE_INFINITY;
  const lower = perfect ? tau : Math.min(tau, Math.tanh(Math.atanh(tau) - margin));
  const upper = perfect ? tau : Math.max(tau, Math.tanh(Math.atanh(tau) + margin));
  return {
    status: 'ok',
    method: 'kendall',
    validity: 'fixed-n',
    n: [n],
    warnings: perfect ? ['the correlation is perfect: the interval says nothing beyond that'] : [],
    estimate: tau,
    interval: boundsFor(alternative, lower, upper, [-1, 1]),
    level,
    pValue: alternative === 'two-sided' ? 2 * sf(Math.abs(z)) : alternative === 'greater' ? sf(z) : cdf(z),
    alternative,
    statistic: z,
    effectSize: { name: 'kendall-tau-b', value: tau },
  };
}
