import { hypergeometricDistribution } from '../distributions/index.ts';
import { inconclusive } from '../inconclusive.ts';
import type { Alternative, TestResult } from '../types.ts';
import { conditionalOddsRatio } from './conditionalOddsRatio.ts';
import { type FourfoldTable, fourfoldTable } from './FourfoldTable.ts';
import { checkTestOptions, type TestOptions } from './TestOptions.ts';

/** Tables that are equally likely on paper may differ by this much when computed. */
const SAME = 1 + 1e-7;

/**
 * Fisher's exact test of a 2×2 table: are rows and columns independent? Exact at any counts, given the margins. The
 * two-sided p-value adds up all tables that are not more likely than the one at hand.
 *
 * The estimate is the conditional maximum-likelihood odds ratio, with the exact interval for it; the effect size is the
 * sample odds ratio a d / (b c). `greater` means that the odds ratio exceeds 1. Two-sided p-value and interval come from
 * different tests and may disagree near the significance level.
 *
 * @param table `[[a, b], [c, d]]`: whole counts
 * @returns `inconclusive` where a row or column is empty: then there is only one table
 * @throws InvalidOptionError, InvalidDataError
 * @example
 * const result = fisherTest([[3, 1], [1, 3]]); // the lady tasting tea
 * result.status === 'ok' && result.pValue; // 0.4857142857142857
 * @see Fisher (1935), doi:10.2307/2342435; Cornfield (1956), Proc. 3rd Berkeley Symp. 4, 135-148 (interval)
 */
export function fisherTest(table: readonly (readonly number[])[], options: TestOptions = {}): TestResult {
  const { alternative, level } = checkTestOptions('fisherTest', options);
  const counts = fourfoldTable(table);
  const { a, b, c, d } = counts;
  const method = 'fisher-exact';
  const n = [a + b, c + d];
  if ([a + b, c + d, a + c, b + d].includes(0)) {
    return inconclusive(method, n, 'a row or a column is empty: no other table has these margins');
  }
  const { estimate, interval } = conditionalOddsRatio(counts, alternative, level);
  return {
    status: 'ok',
    method,
    validity: 'fixed-n',
    n,
    warnings: [],
    estimate,
    interval,
    level,
    pValue: pValueOf(counts, alternative),
    alternative,
    statistic: a,
    effectSize: { name: 'odds-ratio', value: (a * d) / (b * c) },
  };
}

function pValueOf({ a, b, c, d }: FourfoldTable, alternative: Alternative): number {
  const [total, row, column] = [a + b + c + d, a + b, a + c];
  const { cdf, sf, pmf } = hypergeometricDistribution;
  if (alternative === 'less') return cdf(a, total, column, row);
  if (alternative === 'greater') return sf(a - 1, total, column, row);
  const bound = pmf(a, total, column, row) * SAME;
  const within = (cell: number): boolean => pmf(cell, total, column, row) <= bound;
  const [first, last] = [Math.max(0, a - d), Math.min(row, column)];
  const mode = Math.floor(((row + 1) / (total + 2)) * (column + 1));
  // On either side of the mode the masses fall: bisection finds the first table that is as unlikely.
  const below = lastWithin(first - 1, Math.min(mode, last), within);
  const above = firstWithin(Math.max(mode, first), last + 1, within);
  if (above <= below + 1) return 1;
  return Math.min(1, cdf(below, total, column, row) + sf(above - 1, total, column, row));
}

/** The largest cell of (low, high] that is within, or low: all cells below it are. */
function lastWithin(low: number, high: number, within: (cell: number) => boolean): number {
  let [inside, outside] = [low, high + 1];
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (within(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** The smallest cell of [low, high) that is within, or high: all cells above it are. */
function firstWithin(low: number, high: number, within: (cell: number) => boolean): number {
  let [outside, inside] = [low - 1, high];
  while (inside - outside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (within(middle)) inside = middle;
    else outside = middle;
  }
  return inside;
}
