import type { AdjustedPValues, MultiplicityOptions } from './AdjustedPValues.ts';
import { adjustPValues, runningMinimum } from './adjustPValues.ts';

/**
 * The Benjamini–Yekutieli step-up procedure: holds the false discovery rate under any dependence, at the price of a
 * factor of 1 + 1/2 + … + 1/m over {@link benjaminiHochberg}.
 *
 * @param pValues one p-value a hypothesis, each within [0, 1], in any order
 * @throws InvalidDataError if a p-value lies outside [0, 1]
 * @throws InvalidOptionError if `alpha` is not strictly between 0 and 1
 * @see Benjamini & Yekutieli (2001), Ann. Statist. 29(4), doi:10.1214/aos/1013699998
 */
export function benjaminiYekutieli(pValues: readonly number[], options: MultiplicityOptions = {}): AdjustedPValues {
  return adjustPValues(pValues, options, (ascending) => {
    const harmonic = ascending.reduce((sum, _, rank) => sum + 1 / (rank + 1), 0);
    return runningMinimum(ascending.map((p, rank) => (p * ascending.length * harmonic) / (rank + 1)));
  });
}
