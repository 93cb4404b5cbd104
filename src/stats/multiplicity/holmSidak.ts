import type { AdjustedPValues, MultiplicityOptions } from './AdjustedPValues.ts';
import { adjustPValues, atLeastOneOf, runningMaximum } from './adjustPValues.ts';

/**
 * Holm's step-down procedure with Šidák's levels: for independent (or positively dependent) tests, a little sharper
 * than {@link holm}.
 *
 * @param pValues one p-value a hypothesis, each within [0, 1], in any order
 * @throws InvalidDataError if a p-value lies outside [0, 1]
 * @throws InvalidOptionError if `alpha` is not strictly between 0 and 1
 * @see Holm (1979), Scand. J. Statist. 6(2); Šidák (1967), doi:10.1080/01621459.1967.10482935
 */
export function holmSidak(pValues: readonly number[], options: MultiplicityOptions = {}): AdjustedPValues {
  return adjustPValues(pValues, options, (ascending) =>
    runningMaximum(ascending.map((p, rank) => atLeastOneOf(ascending.length - rank, p))),
  );
}
