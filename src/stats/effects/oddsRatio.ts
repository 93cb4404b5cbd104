import { checkProportion } from '../checkProportion.ts';
import type { Proportion } from '../types.ts';

/**
 * The odds of `a` over the odds of `b`: the sample (unconditional) odds ratio of a 2×2 table.
 *
 * @returns 0 or infinity where one cell is empty, `undefined` where numerator and denominator both are
 * @throws InvalidDataError for counts that no proportion can have
 * @example
 * oddsRatio({ successes: 30, trials: 100 }, { successes: 20, trials: 100 }); // 1.7142857142857142
 */
export function oddsRatio(a: Proportion, b: Proportion): number | undefined {
  checkProportion('a', a);
  checkProportion('b', b);
  const numerator = a.successes * (b.trials - b.successes);
  const denominator = b.successes * (a.trials - a.successes);
  return numerator === 0 && denominator === 0 ? undefined : numerator / denominator;
}
