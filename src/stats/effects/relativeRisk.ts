import { checkProportion } from '../checkProportion.ts';
import type { Proportion } from '../types.ts';

/**
 * The ratio of two proportions, `a` over `b` (risk ratio); minus one it is the relative lift.
 *
 * @returns infinity where only `b` has no successes, `undefined` where neither has or one has no trials
 * @throws InvalidDataError for counts that no proportion can have
 * @example
 * relativeRisk({ successes: 30, trials: 100 }, { successes: 20, trials: 100 }); // 1.5
 */
export function relativeRisk(a: Proportion, b: Proportion): number | undefined {
  checkProportion('a', a);
  checkProportion('b', b);
  const numerator = a.successes * b.trials;
  const denominator = b.successes * a.trials;
  // Both are 0 also where a sample has no trials.
  if (numerator === 0 && denominator === 0) return undefined;
  return numerator / denominator;
}
