import type { AdjustedPValues, MultiplicityOptions } from './AdjustedPValues.ts';
import { adjustPValues, runningMinimum } from './adjustPValues.ts';

/**
 * The Benjamini–Hochberg step-up procedure: holds the false discovery rate where the tests are independent or
 * positively dependent. Under any dependence take {@link benjaminiYekutieli}.
 *
 * @param pValues one p-value a hypothesis, each within [0, 1], in any order
 * @throws InvalidDataError if a p-value lies outside [0, 1]
 * @throws InvalidOptionError if `alpha` is not strictly between 0 and 1
 * @example
 * benjaminiHochberg([0.01, 0.04, 0.02]).adjusted; // [0.03, 0.04, 0.03]
 * @see Benjamini & Hochberg (1995), JRSS-B 57(1), doi:10.1111/j.2517-6161.1995.tb02031.x
 */
export function benjaminiHochberg(pValues: readonly number[], options: MultiplicityOptions = {}): AdjustedPValues {
  return adjustPValues(pValues, options, (ascending) =>
    runningMinimum(ascending.map((p, rank) => (p * ascending.length) / (rank + 1))),
  );
}
