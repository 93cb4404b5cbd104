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
  const m = ascending.length;
  const result = [...ascending];
  // The hardest intersection of `count` hypotheses that holds hypothesis i: the hypothesis with the largest others.
  for (let count = m; count >= 1; count -= 1) {
    const tail = simesTail(ascending, count);
    const boundary = m - count;
    const last = Math.min(count * ascending[boundary]!, tail);
    for (let i = 0; i < m; i += 1) {
      const simes = i <= boundary ? Math.min(count * ascending[i]!, tail) : last;
      result[i] = Math.max(result[i]!, simes);
    }
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
