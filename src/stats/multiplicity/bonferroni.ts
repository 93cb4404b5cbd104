import type { AdjustedPValues, MultiplicityOptions } from './AdjustedPValues.ts';
import { adjustPValues } from './adjustPValues.ts';

/**
 * Bonferroni's correction: every p-value times the number of hypotheses. Holds the family-wise error rate under any
 * dependence. {@link holm} is as safe and never weaker.
 *
 * @param pValues one p-value a hypothesis, each within [0, 1], in any order
 * @throws InvalidDataError if a p-value lies outside [0, 1]
 * @throws InvalidOptionError if `alpha` is not strictly between 0 and 1
 * @example
 * bonferroni([0.01, 0.04, 0.03]).adjusted; // [0.03, 0.12, 0.09]
 * @see Dunn (1961), Multiple comparisons among means, JASA 56(293), doi:10.1080/01621459.1961.10482090
 */
export function bonferroni(pValues: readonly number[], options: MultiplicityOptions = {}): AdjustedPValues {
  return adjustPValues(pValues, options, (ascending) => ascending.map((p) => p * ascending.length));
}
