import { checkOneOf } from '../../core/check.ts';
import { binomialDistribution, normalDistribution } from '../distributions/index.ts';
import { inconclusive } from '../inconclusive.ts';
import type { Alternative, TestResult } from '../types.ts';
import { fourfoldTable } from './FourfoldTable.ts';
import { pairedDifferenceInterval } from './pairedDifferenceInterval.ts';
import { checkTestOptions, type TestOptions } from './TestOptions.ts';

/** How {@link mcnemarTest} gets its p-value. */
export type McnemarMethod = 'exact' | 'mid-p' | 'corrected' | 'uncorrected';

/** Options of {@link mcnemarTest}. */
export interface McnemarOptions extends TestOptions {
  /**
   * `exact`: the binomial test of the discordant pairs, never above its level. `mid-p`: counts the observed split half,
   * hardly ever above its level and less cautious. `corrected`, `uncorrected`: chi-squared with and without continuity
   * correction. @defaultValue 'exact'
   */
  readonly method?: McnemarMethod;
}

/**
 * McNemar's test of paired yes-or-no outcomes: two models, the same requests, each right or wrong. Only the discordant
 * pairs count.
 *
 * The estimate is the difference of the two rates, rows minus columns, with Newcombe's interval for paired proportions;
 * the effect size is the odds ratio b / c of the discordant pairs (Infinity where c is 0). `greater`: the rows' rate is
 * the higher one. The statistic is b for the binomial methods and chi-squared for the others.
 *
 * @param table `[[both, first only], [second only, neither]]`: whole counts of pairs
 * @returns `inconclusive` without discordant pairs
 * @throws InvalidOptionError, InvalidDataError
 * @example
 * const result = mcnemarTest([[783, 55], [77, 119]]);
 * result.status === 'ok' && result.pValue; // 0.06717037054890535
 * @see McNemar (1947), doi:10.1007/BF02295996; Fagerland, Lydersen & Laake (2013), doi:10.1186/1471-2288-13-91 (mid-p)
 */
export function mcnemarTest(table: readonly (readonly number[])[], options: McnemarOptions = {}): TestResult {
  const { alternative, level } = checkTestOptions('mcnemarTest', options, ['method']);
  const kind = checkOneOf('method', options.method ?? 'exact', ['exact', 'mid-p', 'corrected', 'uncorrected']);
  const counts = fourfoldTable(table);
  const { a, b, c, d } = counts;
  const method = `mcnemar-${kind}`;
  const n = [a + b + c + d];
  if (b + c === 0) return inconclusive(method, n, 'there are no discordant pairs');
  const binomial = kind === 'exact' || kind === 'mid-p';
  const distance = Math.max(0, Math.abs(b - c) - (kind === 'corrected' ? 1 : 0));
  return {
    status: 'ok',
    method,
    validity: 'fixed-n',
    n,
    warnings: [],
    estimate: (b - c) / n[0]!,
    interval: pairedDifferenceInterval(counts, alternative, level),
    level,
    pValue: binomial
      ? binomialPValue(b, b + c, alternative, kind === 'mid-p')
      : normalPValue((Math.sign(b - c) * distance) / Math.sqrt(b + c), alternative),
    alternative,
    statistic: binomial ? b : (distance / (b + c)) * distance,
    effectSize: { name: 'odds-ratio', value: b / c },
  };
}

/** The binomial test of a fair coin. Mid-p: half of the observed count itself does not belong to its tail. */
function binomialPValue(b: number, n: number, alternative: Alternative, midP: boolean): number {
  // The coin is fair: the tail above b is the tail below n - b.
  const count = alternative === 'less' ? b : alternative === 'greater' ? n - b : Math.min(b, n - b);
  const sides = alternative === 'two-sided' ? 2 : 1;
  const { cdf, pmf } = binomialDistribution;
  if (!midP) return Math.min(1, sides * cdf(count, n, 0.5));
  const observed = pmf(count, n, 0.5);
  // Added up from below, so that nothing cancels; with b = c the two tails meet in the observed count.
  if (sides === 2 && 2 * count === n) return 1 - observed;
  return sides * (cdf(count - 1, n, 0.5) + observed / 2);
}

function normalPValue(z: number, alternative: Alternative): number {
  if (alternative === 'less') return normalDistribution.cdf(z);
  if (alternative === 'greater') return normalDistribution.sf(z);
  return 2 * normalDistribution.sf(Math.abs(z));
}
