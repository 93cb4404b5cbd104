import { checkProportion } from '../checkProportion.ts';
import { betaDistribution } from '../distributions/betaDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import type { IntervalResult, Proportion } from '../types.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';

/**
 * The exact interval of Clopper and Pearson: covers a proportion with at least its level, whatever the proportion, by
 * inverting two one-sided binomial tests. Wider than {@link wilsonInterval}.
 *
 * @returns inconclusive without trials
 * @throws InvalidDataError for counts that no proportion can have
 * @throws InvalidOptionError
 * @example
 * clopperPearsonInterval({ successes: 0, trials: 300 }); // interval [0, 0.01222...]
 * @see Clopper & Pearson (1934), Biometrika 26(4), doi:10.1093/biomet/26.4.404
 */
export function clopperPearsonInterval(proportion: Proportion, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  const { successes: x, trials: n } = checkProportion('proportion', proportion);
  if (n === 0) return inconclusive('clopper-pearson', [0], 'no trials');
  const lower = x === 0 ? 0 : betaDistribution.quantile(tail, x, n - x + 1);
  const upper = x === n ? 1 : betaDistribution.isf(tail, x + 1, n - x);
  return intervalEstimate('clopper-pearson', [n], level, x / n, boundsFor(alternative, lower, upper, [0, 1]));
}
