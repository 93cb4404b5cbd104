import { checkProportion } from '../checkProportion.ts';
import type { Proportion } from '../types.ts';

/**
 * The difference of two proportions, `a` minus `b`.
 *
 * @returns `undefined` where one of them has no trials
 * @throws InvalidDataError for counts that no proportion can have
 * @example
 * riskDifference({ successes: 30, trials: 100 }, { successes: 20, trials: 100 }); // 0.09999999999999998
 */
export function riskDifference(a: Proportion, b: Proportion): number | undefined {
  checkProportion('a', a);
  checkProportion('b', b);
  if (a.trials === 0 || b.trials === 0) return undefined;
  return a.successes / a.trials - b.successes / b.trials;
}
