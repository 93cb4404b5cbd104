import { checkProportion } from '../checkProportion.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import type { IntervalResult, Proportion } from '../types.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';

/**
 * The interval of Agresti and Caffo for a difference of proportions (`a` minus `b`): the textbook interval after one
 * success and one failure have been added to each. Simple and good; its ends are not cut at -1 and 1.
 * `estimate` is the plain difference.
 *
 * @returns inconclusive where one of them has no trials
 * @throws InvalidDataError for counts that no proportion can have
 * @throws InvalidOptionError
 * @see Agresti & Caffo (2000), Amer. Statist. 54(4), doi:10.1080/00031305.2000.10474560
 */
export function agrestiCaffoInterval(a: Proportion, b: Proportion, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  checkProportion('a', a);
  checkProportion('b', b);
  const n = [a.trials, b.trials];
  if (a.trials === 0 || b.trials === 0) return inconclusive('agresti-caffo', n, 'no trials in one of the samples');
  const [p, q] = [(a.successes + 1) / (a.trials + 2), (b.successes + 1) / (b.trials + 2)];
  const standardError = Math.sqrt((p * (1 - p)) / (a.trials + 2) + (q * (1 - q)) / (b.trials + 2));
  const half = normalDistribution.isf(tail) * standardError;
  return intervalEstimate(
    'agresti-caffo',
    n,
    level,
    a.successes / a.trials - b.successes / b.trials,
    boundsFor(alternative, p - q - half, p - q + half, [-1, 1]),
    { standardError },
  );
}
