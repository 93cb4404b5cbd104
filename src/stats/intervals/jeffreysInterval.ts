import { checkProportion } from '../checkProportion.ts';
import { betaDistribution } from '../distributions/betaDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import type { IntervalResult, Proportion } from '../types.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';

/**
 * Jeffreys' interval of a proportion: the equal-tailed credible interval under the Beta(½, ½) prior, which covers
 * about its level on average. As Brown, Cai and DasGupta recommend, its lower end is 0 without successes and its upper
 * end 1 without failures.
 *
 * @returns inconclusive without trials
 * @throws InvalidDataError for counts that no proportion can have
 * @throws InvalidOptionError
 * @example
 * jeffreysInterval({ successes: 33, trials: 50 }); // interval [0.52264..., 0.77942...]
 * @see Brown, Cai & DasGupta (2001), Statist. Sci. 16(2), doi:10.1214/ss/1009213286, section 3.1.2
 */
export function jeffreysInterval(proportion: Proportion, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  const { successes: x, trials: n } = checkProportion('proportion', proportion);
  if (n === 0) return inconclusive('jeffreys', [0], 'no trials');
  const lower = x === 0 ? 0 : betaDistribution.quantile(tail, x + 0.5, n - x + 0.5);
  const upper = x === n ? 1 : betaDistribution.isf(tail, x + 0.5, n - x + 0.5);
  return intervalEstimate('jeffreys', [n], level, x / n, boundsFor(alternative, lower, upper, [0, 1]));
}
