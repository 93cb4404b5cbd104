import { checkBoolean, checkOneOf } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { ascending } from '../ascending.ts';
import { checkSample } from '../checkSample.ts';
import { normalDistribution } from '../distributions/index.ts';
import { inconclusive } from '../inconclusive.ts';
import { midranks } from '../midranks.ts';
import { compareRanks, type RankComparison } from '../ranks/compareRanks.ts';
import { pairDifferences } from '../ranks/pairDifferences.ts';
import { rankSumDistribution, type SumDistribution } from '../ranks/rankSumDistribution.ts';
import { sumPValue, sumQuantile } from '../ranks/sumTails.ts';
import type { Inconclusive, TestEstimate } from '../types.ts';
import { centreAndInterval } from './centreAndInterval.ts';
import { normalRankPValue } from './normalRankPValue.ts';
import { checkTestOptions, type TestOptions } from './TestOptions.ts';

/** Options of {@link mannWhitneyTest}. */
export interface MannWhitneyOptions extends TestOptions {
  /**
   * `exact`: the permutation distribution, given the ties, for at most 10,000 pairs. `asymptotic`: the normal
   * approximation with ties corrected for. `auto`: exact below 50 observations each without ties. @defaultValue 'auto'
   */
  readonly method?: 'auto' | 'exact' | 'asymptotic';
  /** Whether the normal approximation moves the statistic by 1/2 towards its mean. @defaultValue true */
  readonly continuity?: boolean;
}

/** What {@link mannWhitneyTest} found: the estimate is the Hodges-Lehmann shift, the effect size the rank-biserial correlation. */
export interface MannWhitneyEstimate extends TestEstimate {
  /** The common-language effect size: the probability that a draw from the first sample exceeds one from the second, ties one half. */
  readonly commonLanguage: number;
}

/** Exact distributions of larger problems would take seconds. */
const MOST_EXACT_PAIRS = 10_000;
const EXACT_BELOW = 50;

/**
 * The Mann-Whitney U test (Wilcoxon rank-sum test): does `a` tend to be larger than `b`? The statistic is U of `a`: the
 * pairs in which a value of `a` exceeds one of `b`, ties one half.
 *
 * The estimate is the Hodges-Lehmann shift, the median of all differences `a[i] - b[j]`, with the interval that inverts
 * the test; both are exact order statistics of the differences at any sample size, in memory of the order of the samples.
 * A test of equal distributions: with unequal spreads a small p-value does not say that the medians differ.
 *
 * @param a the first sample, in any order
 * @param b the second sample, in any order
 * @returns `inconclusive` for an empty sample, or where all values are equal
 * @throws InvalidOptionError, also for `exact` with more than 10,000 pairs; InvalidDataError for numbers that are not finite
 * @example
 * const result = mannWhitneyTest([1.1, 2.4, 2.5], [0.3, 0.7, 1.0, 1.9]);
 * result.status === 'ok' && result.pValue; // 0.1142857142857143
 * @see Mann & Whitney (1947), doi:10.1214/aoms/1177730491; Hodges & Lehmann (1963), doi:10.1214/aoms/1177704172;
 * Hollander & Wolfe (1999), Nonparametric Statistical Methods, 2nd ed., section 4.3
 */
export function mannWhitneyTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: MannWhitneyOptions = {},
): MannWhitneyEstimate | Inconclusive {
  const checked = checkTestOptions('mannWhitneyTest', options, ['method', 'continuity']);
  const method = checkOneOf('method', options.method ?? 'auto', ['auto', 'exact', 'asymptotic']);
  const continuity = checkBoolean('continuity', options.continuity ?? true);
  checkSample('a', a);
  checkSample('b', b);
  const sizes = [a.length, b.length] as const;
  if (a.length === 0 || b.length === 0) return inconclusive('mann-whitney', sizes, 'each sample needs an observation');
  const [x, y] = [ascending(a), ascending(b)];
  const ranks = compareRanks(x, y);
  if (ranks.spread === 0) return inconclusive('mann-whitney', sizes, 'all observations are equal');

  const pairs = a.length * b.length;
  const u = ranks.rankSum - (a.length * (a.length + 1)) / 2;
  const exact = method === 'exact' || (method === 'auto' && !ranks.tied && Math.max(...sizes) < EXACT_BELOW);
  if (exact && pairs > MOST_EXACT_PAIRS) {
    throw new InvalidOptionError(
      'method',
      method,
      `asymptotic for more than ${MOST_EXACT_PAIRS} pairs (here ${pairs})`,
    );
  }
  const distribution = exact ? nullDistribution(x, y, ranks) : undefined;
  const pValue =
    distribution === undefined
      ? normalRankPValue(u - pairs / 2, deviation(ranks, sizes), checked.alternative, continuity)
      : sumPValue(distribution, ranks.rankSum * (ranks.tied ? 2 : 1), checked.alternative);
  const lowerCount = (tail: number): number =>
    distribution === undefined || ranks.tied
      ? Math.floor(pairs / 2 - normalDistribution.isf(tail) * Math.sqrt((pairs * (a.length + b.length + 1)) / 12))
      : sumQuantile(distribution, tail);
  return {
    status: 'ok',
    method: exact ? 'mann-whitney-exact' : 'mann-whitney-asymptotic',
    validity: 'fixed-n',
    n: sizes,
    ...centreAndInterval(pairDifferences(x, y), lowerCount, checked),
    pValue,
    level: checked.level,
    alternative: checked.alternative,
    statistic: u,
    effectSize: { name: 'rank-biserial', value: (2 * u) / pairs - 1 },
    commonLanguage: u / pairs,
  };
}

/** The standard deviation of U under the null hypothesis, given the ties. */
function deviation({ spread }: RankComparison, [n, m]: readonly [number, number]): number {
  return Math.sqrt((n / (n + m)) * (m / (n + m - 1)) * spread);
}

function nullDistribution(x: Float64Array, y: Float64Array, { tied }: RankComparison): SumDistribution {
  const union = new Float64Array(x.length + y.length);
  union.set(x);
  union.set(y, x.length);
  const ranks = midranks(union).sort();
  return rankSumDistribution(tied ? ranks.map((rank) => 2 * rank) : ranks, x.length);
}
