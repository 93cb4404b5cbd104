import { checkProbabilities, isPositive } from './binaryLabels.ts';
import type { BinaryLabel } from './ConfusionTable.ts';
import { meanOf } from './meanOf.ts';

/**
 * The Brier score: the mean squared distance of predicted probabilities from what happened (0 or 1). Within [0, 1],
 * strictly proper, 0.25 for always saying one half.
 *
 * @param probabilities the predicted probability of "yes"
 * @param labels the truth of each prediction
 * @returns `undefined` without predictions
 * @throws InvalidDataError for a probability outside [0, 1], a label that is none, or lengths that differ
 * @example
 * brierScore([0.9, 0.2], [1, 0]); // 0.025
 * @see Brier (1950), Monthly Weather Review 78(1), doi:10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2
 */
export function brierScore(probabilities: ArrayLike<number>, labels: ArrayLike<BinaryLabel>): number | undefined {
  checkProbabilities(probabilities, labels);
  return meanOf(Float64Array.from(probabilities, (p, i) => (p - (isPositive(labels, i) ? 1 : 0)) ** 2));
}
