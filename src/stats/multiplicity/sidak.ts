import type { AdjustedPValues, MultiplicityOptions } from './AdjustedPValues.ts';
import { adjustPValues, atLeastOneOf } from './adjustPValues.ts';

/**
 * Šidák's correction, 1 - (1 - p)^m: exact for independent tests, a little sharper than {@link bonferroni}.
 *
 * @param pValues one p-value a hypothesis, each within [0, 1], in any order
 * @throws InvalidDataError if a p-value lies outside [0, 1]
 * @throws InvalidOptionError if `alpha` is not strictly between 0 and 1
 * @see Šidák (1967), JASA 62(318), doi:10.1080/01621459.1967.10482935
 */
export function sidak(pValues: readonly number[], options: MultiplicityOptions = {}): AdjustedPValues {
  return adjustPValues(pValues, options, (ascending) => ascending.map((p) => atLeastOneOf(ascending.length, p)));
}
