import type { AdjustedPValues, MultiplicityOptions } from './AdjustedPValues.ts';
import { adjustPValues, runningMinimum } from './adjustPValues.ts';

/**
 * Hochberg's step-up procedure: holds the family-wise error rate where the tests are independent or positively
 * dependent (Simes' inequality), and rejects at least what {@link holm} rejects.
 *
 * @param pValues one p-value a hypothesis, each within [0, 1], in any order
 * @throws InvalidDataError if a p-value lies outside [0, 1]
 * @throws InvalidOptionError if `alpha` is not strictly between 0 and 1
 * @example
 * hochberg([0.01, 0.04, 0.03]).adjusted; // [0.03, 0.04, 0.04]
 * @see Hochberg (1988), Biometrika 75(4), doi:10.1093/biomet/75.4.800
 */
export function hochberg(pValues: readonly number[], options: MultiplicityOptions = {}): AdjustedPValues {
  return adjustPValues(pValues, options, (ascending) =>
    runningMinimum(ascending.map((p, rank) => p * (ascending.length - rank))),
  );
}
