import { checkBoolean } from '../../core/check.ts';
import { checkProportion } from '../checkProportion.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import type { IntervalResult, Proportion } from '../types.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';
import { correctedWilsonBounds, wilsonBounds } from './wilsonBounds.ts';

/** Options of {@link wilsonInterval}. */
export interface WilsonOptions extends IntervalOptions {
  /**
   * Whether to widen the interval by a continuity correction, which makes it conservative.
   * @defaultValue false
   */
  readonly continuity?: boolean;
}

/**
 * Wilson's score interval of a proportion: close to its level on average from a few trials on, never outside [0, 1] and
 * never of width 0, also at 0 and at n successes. The interval to take unless coverage must be guaranteed for every
 * proportion; then take {@link clopperPearsonInterval}.
 *
 * @returns inconclusive without trials
 * @throws InvalidDataError for counts that no proportion can have
 * @throws InvalidOptionError
 * @example
 * wilsonInterval({ successes: 955, trials: 1000 }); // interval [0.94031..., 0.96620...]
 * @see Wilson (1927), JASA 22(158), doi:10.1080/01621459.1927.10502953; continuity: Newcombe (1998), Statist. Med.
 * 17(8), doi:10.1002/(SICI)1097-0258(19980430)17:8%3C857::AID-SIM777%3E3.0.CO;2-E, method 4
 */
export function wilsonInterval(proportion: Proportion, options: WilsonOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options, ['continuity']);
  const { continuity = false } = options;
  checkBoolean('continuity', continuity);
  const { successes, trials } = checkProportion('proportion', proportion);
  const method = continuity ? 'wilson-continuity' : 'wilson';
  if (trials === 0) return inconclusive(method, [0], 'no trials');
  const z = normalDistribution.isf(tail);
  const bounds = continuity ? correctedWilsonBounds(successes, trials, z) : wilsonBounds(successes, trials, z);
  return intervalEstimate(method, [trials], level, successes / trials, boundsFor(alternative, ...bounds, [0, 1]));
}
