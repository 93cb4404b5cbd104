import { checkOptions, checkProbability } from '../../core/check.ts';
import { chiSquaredDistribution } from '../distributions/chiSquaredDistribution.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { checkInformation, combineInformation, type InformationEstimate } from '../sequential/InformationEstimate.ts';
import type { Inconclusive, TestEstimate } from '../types.ts';
import { checkCovariance, pickCovariance } from './estimateCovariance.ts';

/** Options of the tests of heterogeneity. */
export interface HeterogeneityOptions {
  /** The level of the interval of the combined effect. @defaultValue 0.95 */
  readonly level?: number;
  /**
   * The covariances of the estimates, in their order, where the same units (users) are in several groups or periods: a
   * symmetric matrix with the squared standard errors on its diagonal. @defaultValue independent estimates
   */
  readonly covariance?: readonly (readonly number[])[];
}

/** What {@link heterogeneityTest} found: the estimate is the combined effect, the effect size I². */
export interface HeterogeneityEstimate extends TestEstimate {
  /**
   * The p-value against "no group has an effect of another sign than the others" (Gail and Simon): small where the winner
   * differs between groups, not only the size of the win.
   */
  readonly qualitativePValue: number;
}

/**
 * Whether an effect differs between groups (segments, days, sites): Cochran's Q, and Gail and Simon's test of whether even
 * its sign differs. With covariances Q is compared with the scaled chi-squared distribution that has its mean and variance
 * under the null (Box's approximation); the test of signs takes groups as independent, which errs on the safe side where
 * what groups have in common moves them alike.
 *
 * @param groups one estimate of the effect for each group; those without information do not count
 * @returns `inconclusive` below two groups with information
 * @throws InvalidDataError, InvalidOptionError
 * @example
 * const groups = [{ estimate: 1, information: 25 }, { estimate: -1, information: 25 }];
 * const result = heterogeneityTest(groups);
 * result.status === 'ok' && [result.statistic, result.df]; // [50, 1]
 * @see Cochran (1954), Biometrics 10(1), doi:10.2307/3001666; Higgins & Thompson (2002), Stat. Med. 21(11),
 * doi:10.1002/sim.1186 (I²); Gail & Simon (1985), Biometrics 41(2), doi:10.2307/2530862; Box
 * (1954), Ann. Math. Stat. 25(2), doi:10.1214/aoms/1177728786 (quadratic forms)
 */
export function heterogeneityTest(
  groups: readonly InformationEstimate[],
  options: HeterogeneityOptions = {},
): HeterogeneityEstimate | Inconclusive {
  checkOptions('heterogeneityTest options', options, ['level', 'covariance']);
  const level = checkProbability('level', options.level ?? 0.95);
  for (const [i, group] of groups.entries()) checkInformation(`groups[${i}]`, group);
  checkCovariance(options.covariance, groups.length);
  const among = groups.flatMap(({ information }, i) => (information > 0 ? [i] : []));
  const counted = among.map((i) => groups[i]!);
  const method = 'cochran-q';
  const n = [counted.length];
  if (counted.length < 2) return inconclusive(method, n, `${counted.length} of at least 2 groups with an estimate`);
  const { estimate, information } = combineInformation(counted);
  const q = counted.reduce((sum, group) => sum + group.information * (group.estimate - estimate) ** 2, 0);
  const shared = options.covariance && sharedOf(counted, pickCovariance(options.covariance, among));
  const df = shared?.df ?? counted.length - 1;
  const expected = shared?.mean ?? df;
  const standardError = Math.sqrt(shared?.variance ?? 1 / information);
  const half = normalDistribution.isf((1 - level) / 2) * standardError;
  return {
    status: 'ok',
    method,
    validity: 'fixed-n',
    n,
    warnings: [],
    estimate,
    interval: [estimate - half, estimate + half],
    level,
    standardError,
    pValue: expected > 0 ? chiSquaredDistribution.sf((q * df) / expected, df) : 1,
    statistic: q,
    df,
    alternative: 'two-sided',
    effectSize: { name: 'i-squared', value: q > expected ? (q - expected) / q : 0 },
    qualitativePValue: qualitative(counted),
  };
}

/** Q of estimates that are not independent: its mean and degrees of freedom, and the variance of the combined effect. */
function sharedOf(
  groups: readonly InformationEstimate[],
  covariance: readonly (readonly number[])[],
): { readonly mean: number; readonly df: number; readonly variance: number } {
  const weights = groups.map(({ information }) => information);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const rows = covariance.map((row) => row.reduce((sum, c, j) => sum + weights[j]! * c, 0));
  const variance = rows.reduce((sum, row, i) => sum + weights[i]! * row, 0) / (total * total);
  // Q = y'Ay with A = W - ww'/total: its mean is tr(AC), its variance 2 tr(ACAC).
  const product = covariance.map((row, i) => row.map((c, j) => weights[i]! * (c - rows[j]! / total)));
  const mean = product.reduce((sum, row, i) => sum + row[i]!, 0);
  const squares = product.reduce((sum, row, i) => sum + row.reduce((part, c, j) => part + c * product[j]![i]!, 0), 0);
  return mean > 0 && squares > 0 ? { mean, df: (mean * mean) / squares, variance } : { mean: 0, df: 1, variance };
}

/** The evidence of the weaker sign; under the worst null each group is as likely to be on either side. */
function qualitative(groups: readonly InformationEstimate[]): number {
  const evidence = (sign: 1 | -1): number =>
    groups.reduce((sum, g) => sum + (sign * g.estimate > 0 ? g.information * g.estimate ** 2 : 0), 0);
  const weaker = Math.min(evidence(1), evidence(-1));
  if (weaker === 0) return 1;
  const others = groups.length - 1;
  let [tail, ways] = [0, 1];
  for (let h = 1; h <= others; h += 1) {
    ways = (ways * (others - h + 1)) / h;
    tail += ways * 2 ** -others * chiSquaredDistribution.sf(weaker, h);
  }
  return Math.min(1, tail);
}
