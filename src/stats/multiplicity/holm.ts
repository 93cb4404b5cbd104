import type { AdjustedPValues, MultiplicityOptions } from './AdjustedPValues.ts';
import { adjustPValues, runningMaximum } from './adjustPValues.ts';

/**
 * Holm's step-down procedure: holds the family-wise error rate under any dependence, and rejects at least what
 * {@link bonferroni} rejects.
 *
 * @param pValues one p-value a hypothesis, each within [0, 1], in any order
 * @throws InvalidDataError if a p-value lies outside [0, 1]
 * @throws InvalidOptionError if `alpha` is not strictly between 0 and 1
 * @example
 * holm([0.01, 0.04, 0.03]).adjusted; // [0.03, 0.06, 0.06]
 * @see Holm (1979), A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6(2)
 */
export function holm(pValues: readonly number[], options: MultiplicityOptions = {}): AdjustedPValues {
  return adjustPValues(pValues, options, (ascending) =>
    runningMaximum(ascending.map((p, rank) => p * (ascending.length - rank))),
  );
}
