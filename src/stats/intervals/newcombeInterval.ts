import { checkProportion } from '../checkProportion.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import type { IntervalResult, Proportion } from '../types.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';
import { wilsonBounds } from './wilsonBounds.ts';

/**
 * Newcombe's hybrid score interval for a difference of proportions (`a` minus `b`), made of the two Wilson intervals.
 * Within [-1, 1], never of width 0, good also at 0 and at n successes.
 *
 * @returns inconclusive where one of them has no trials
 * @throws InvalidDataError for counts that no proportion can have
 * @throws InvalidOptionError
 * @example
 * newcombeInterval({ successes: 56, trials: 70 }, { successes: 48, trials: 80 }); // interval [0.05243..., 0.33387...]
 * @see Newcombe (1998), Statist. Med. 17(8), doi:10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I,
 * method 10
 */
export function newcombeInterval(a: Proportion, b: Proportion, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  checkProportion('a', a);
  checkProportion('b', b);
  const n = [a.trials, b.trials];
  if (a.trials === 0 || b.trials === 0) return inconclusive('newcombe', n, 'no trials in one of the samples');
  const z = normalDistribution.isf(tail);
  const [p, q] = [a.successes / a.trials, b.successes / b.trials];
  const [lowP, highP] = wilsonBounds(a.successes, a.trials, z);
  const [lowQ, highQ] = wilsonBounds(b.successes, b.trials, z);
  const lower = Math.max(-1, p - q - Math.hypot(p - lowP, highQ - q));
  const upper = Math.min(1, p - q + Math.hypot(highP - p, q - lowQ));
  return intervalEstimate('newcombe', n, level, p - q, boundsFor(alternative, lower, upper, [-1, 1]));
}
