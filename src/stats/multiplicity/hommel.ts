import type { AdjustedPValues, MultiplicityOptions } from './AdjustedPValues.ts';
import { adjustPValues } from './adjustPValues.ts';

/** Simes' p-value of the largest `count` of the ascending p-values but the first of them, scaled to `count` hypotheses. */
function simesTail(ascending: readonly number[], count: number): number {
  const start = ascending.length - count;
  let smallest = Number.POSITIVE_INFINITY;
  for (let k = 2; k <= count; k += 1) smallest = Math.min(smallest, (count * ascending[start + k - 1]!) / k);
  return smallest;
}

function closedSimes(ascending: readonly number[]): readonly number[] {
  const result = [...ascending];
  // The hardest intersection of `count` hypotheses that holds a hypothesis: it with the largest others. Where it is itself
  // among the largest, the tail stands for that intersection: the one of fewer, with none below it, is harder.
  for (let count = ascending.length; count > 1; count -= 1) {
    const tail = simesTail(ascending, count);
    ascending.forEach((p, i) => {
      result[i] = Math.max(result[i]!, Math.min(count * p, tail));
    });
  }
  return result;
}

/**
 * Hommel's procedure: the closed test of Simes' inequality. The most powerful of this folder for the family-wise
 * error rate of independent or positively dependent tests; costs the square of the number of hypotheses.
 *
 * @param pValues one p-value a hypothesis, each within [0, 1], in any order
 * @throws InvalidDataError if a p-value lies outside [0, 1]
 * @throws InvalidOptionError if `alpha` is not strictly between 0 and 1
 * @see Hommel (1988), Biometrika 75(2), doi:10.1093/biomet/75.2.383; adjusted p-values: Wright (1992), Biometrics
 * 48(4), doi:10.2307/2532694
 */
export function hommel(pValues: readonly number[], options: MultiplicityOptions = {}): AdjustedPValues {
  return adjustPValues(pValues, options, closedSimes);
}
