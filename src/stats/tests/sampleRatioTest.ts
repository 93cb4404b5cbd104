import { checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import { chiSquaredDistribution } from '../distributions/index.ts';
import { inconclusive } from '../inconclusive.ts';
import type { Inconclusive, TestEstimate } from '../types.ts';
import { type CountedCell, pearsonStatistic } from './chiSquaredParts.ts';
import { noncentralityInterval } from './noncentralityInterval.ts';

/** Options of {@link sampleRatioTest}. */
export interface SampleRatioOptions {
  /** The confidence level of the interval, strictly between 0 and 1. @defaultValue 0.95 */
  readonly level?: number;
}

/** What {@link sampleRatioTest} found; the estimate is Cohen's w without its bias, the effect size w as it stands. */
export interface SampleRatioEstimate extends TestEstimate {
  /** The counts that the weights let expect. */
  readonly expected: readonly number[];
  /** By how many standard deviations each group is off, sign included: the largest one tells where to look. */
  readonly residuals: readonly number[];
}

/**
 * The chi-squared test of a sample ratio mismatch: are the groups of an experiment as large as their traffic shares say?
 * A p-value below 0.001 is the usual alarm: something between assignment and logging loses observations, and no other
 * result of the experiment is to be trusted. A fixed-n test; for watching at every look use the e-process of `sequential`.
 *
 * @param observed the number of observations of each group
 * @param weights the share of each group, in any unit: they are divided by their sum
 * @returns `inconclusive` without observations
 * @throws InvalidOptionError for weights that are not positive, InvalidDataError for impossible counts
 * @example
 * const result = sampleRatioTest([50972, 53984], [0.5, 0.5]);
 * result.status === 'ok' && result.pValue; // 1.442…e-20
 * @see Pearson (1900), doi:10.1080/14786440009463897; Fabijan et al. (2019), doi:10.1145/3292500.3330722
 */
export function sampleRatioTest(
  observed: readonly number[],
  weights: readonly number[],
  options: SampleRatioOptions = {},
): SampleRatioEstimate | Inconclusive {
  checkOptions('sampleRatioTest options', options, ['level']);
  const level = checkProbability('level', options.level ?? 0.95);
  checkCounts(observed, weights);
  const total = observed.reduce((sum, count) => sum + count, 0);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const method = 'sample-ratio-chi-squared';
  if (total === 0) return inconclusive(method, observed, 'there are no observations');
  const cells: CountedCell[] = observed.map((count, i) => {
    const expected = (total * weights[i]!) / whole;
    return { observed: count, expected, difference: count - expected };
  });
  const statistic = pearsonStatistic(cells);
  const df = observed.length - 1;
  const cohenW = (chiSquared: number): number => Math.sqrt(chiSquared / total);
  const [lower, upper] = noncentralityInterval(statistic, df, level);
  return {
    status: 'ok',
    method,
    validity: 'fixed-n',
    n: [...observed],
    warnings: cells.some(({ expected }) => expected < 5) ? ['expected counts below 5'] : [],
    estimate: cohenW(Math.max(0, statistic - df)),
    interval: [cohenW(lower), cohenW(upper)],
    level,
    pValue: chiSquaredDistribution.sf(statistic, df),
    alternative: 'two-sided',
    statistic,
    df,
    effectSize: { name: 'cohen-w', value: cohenW(statistic) },
    expected: cells.map(({ expected }) => expected),
    residuals: cells.map(({ difference, expected }) => difference / Math.sqrt(expected * (1 - expected / total))),
  };
}

function checkCounts(observed: readonly number[], weights: readonly number[]): void {
  if (observed.length < 2) throw new InvalidDataError('observed', observed, 'the counts of two groups or more');
  observed.forEach((count, i) => {
    if (!(Number.isFinite(count) && count >= 0)) {
      throw new InvalidDataError(`observed[${i}]`, count, 'a finite count at least 0');
    }
  });
  if (weights.length !== observed.length) {
    throw new InvalidOptionError('weights', weights, `as many as there are groups (${observed.length})`);
  }
  weights.forEach((weight, i) => {
    if (!(Number.isFinite(weight) && weight > 0)) {
      throw new InvalidOptionError(`weights[${i}]`, weight, 'a finite number greater than 0');
    }
  });
}
