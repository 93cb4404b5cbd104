import { checkBoolean, checkFinite, checkOneOf } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { ascending } from '../ascending.ts';
import { checkPairs, checkSample } from '../checkSample.ts';
import { normalDistribution } from '../distributions/index.ts';
import { inconclusive } from '../inconclusive.ts';
import { signedRankDistribution } from '../ranks/signedRankDistribution.ts';
import { sumPValue, sumQuantile } from '../ranks/sumTails.ts';
import { walshAverages } from '../ranks/walshAverages.ts';
import type { TestResult } from '../types.ts';
import { centreAndInterval } from './centreAndInterval.ts';
import { normalRankPValue } from './normalRankPValue.ts';
import { pairedDifferences } from './pairedDifferences.ts';
import { rankSigned } from './rankSigned.ts';
import { checkTestOptions, type TestOptions } from './TestOptions.ts';

/** Options of {@link wilcoxonTest}. */
export interface WilcoxonOptions extends TestOptions {
  /**
   * `exact`: the distribution under all changes of signs, given the ties, for at most 500 differences. `asymptotic`:
   * the normal approximation with ties corrected for. `auto`: exact below 50 differences without ties or zeros.
   * @defaultValue 'auto'
   */
  readonly method?: 'auto' | 'exact' | 'asymptotic';
  /**
   * What differences of 0 do. `wilcox`: they are dropped. `pratt`: they take the lowest ranks, then are dropped.
   * `zsplit`: they take the lowest ranks, half of them for each sign. @defaultValue 'wilcox'
   */
  readonly zeros?: 'wilcox' | 'pratt' | 'zsplit';
  /** Whether the normal approximation moves the statistic by 1/2 towards its mean. @defaultValue true */
  readonly continuity?: boolean;
}

const MOST_EXACT = 500;
const EXACT_BELOW = 50;

/**
 * Wilcoxon's signed-rank test of pairs: do the differences `a[i] - b[i]` lie symmetrically around 0? The statistic is
 * W+, the sum of the ranks of the positive differences.
 *
 * Differences that agree up to the rounding of the numbers count as tied, and as 0 where they are no larger: 0.3 - 0.1
 * ties with 0.2. The estimate is the pseudo-median of all differences (the median of their pairwise averages) with the
 * interval that inverts the test; the effect size is the matched-pairs rank-biserial correlation.
 *
 * @param a the first measurement of each pair
 * @param b the second measurement of each pair, or one number to compare all of `a` with
 * @returns `inconclusive` where no difference is other than 0
 * @throws InvalidOptionError, also for `exact` with more than 500 differences or with `zsplit` and zeros;
 * InvalidDataError for lengths that differ and numbers that are not finite
 * @example
 * const result = wilcoxonTest([1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3],
 *   [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]);
 * result.status === 'ok' && result.pValue; // 0.0390625
 * @see Wilcoxon (1945), doi:10.2307/3001968; Pratt (1959), doi:10.1080/01621459.1959.10501526; Hollander & Wolfe (1999),
 * Nonparametric Statistical Methods, 2nd ed., sections 3.1 to 3.3; Kerby (2014), doi:10.2466/11.IT.3.1 (effect size)
 */
export function wilcoxonTest(
  a: ArrayLike<number>,
  b: ArrayLike<number> | number,
  options: WilcoxonOptions = {},
): TestResult {
  const checked = checkTestOptions('wilcoxonTest', options, ['method', 'zeros', 'continuity']);
  const method = checkOneOf('method', options.method ?? 'auto', ['auto', 'exact', 'asymptotic']);
  const zeros = checkOneOf('zeros', options.zeros ?? 'wilcox', ['wilcox', 'pratt', 'zsplit']);
  const continuity = checkBoolean('continuity', options.continuity ?? true);
  if (typeof b !== 'number') checkPairs('a', a, 'b', b);
  else checkFinite('b', b);
  checkSample('a', a);
  const { differences, noise } = pairedDifferences(a, b);
  const ranked = rankSigned(differences, noise, zeros);
  const n = [a.length];
  if (ranked.positives + ranked.negatives === 0) return inconclusive('wilcoxon', n, 'no difference is other than 0');

  const exact =
    method === 'exact' || (method === 'auto' && !ranked.tied && ranked.zeros === 0 && a.length < EXACT_BELOW);
  if (exact && (a.length > MOST_EXACT || (zeros === 'zsplit' && ranked.zeros > 0))) {
    throw new InvalidOptionError('method', method, `asymptotic above ${MOST_EXACT} differences and for split zeros`);
  }
  const scale = ranked.tied ? 2 : 1;
  const distribution = exact ? signedRankDistribution(ranked.ranks().map((rank) => scale * rank)) : undefined;
  const pairs = walshAverages(ascending(differences));
  const untied = distribution !== undefined && !ranked.tied && ranked.zeros === 0;
  const lowerCount = (tail: number): number =>
    untied
      ? sumQuantile(distribution, tail)
      : Math.floor(pairs.size / 2 - normalDistribution.isf(tail) * Math.sqrt((pairs.size * (2 * n[0]! + 1)) / 12));
  const { positiveSum, negativeSum } = ranked;
  return {
    status: 'ok',
    method: exact ? 'wilcoxon-exact' : 'wilcoxon-asymptotic',
    validity: 'fixed-n',
    n,
    ...centreAndInterval(pairs, lowerCount, checked),
    pValue:
      distribution === undefined
        ? normalRankPValue((positiveSum - negativeSum) / 2, Math.sqrt(ranked.variance), checked.alternative, continuity)
        : sumPValue(distribution, scale * positiveSum, checked.alternative),
    level: checked.level,
    alternative: checked.alternative,
    statistic: positiveSum,
    effectSize: { name: 'rank-biserial', value: (positiveSum - negativeSum) / (positiveSum + negativeSum) },
  };
}
