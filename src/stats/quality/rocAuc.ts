import { checkScored, isPositive } from './binaryLabels.ts';
import type { BinaryLabel } from './ConfusionTable.ts';
import { delongComponents } from './delongComponents.ts';

/**
 * The area under the ROC curve: the probability that a positive scores higher than a negative, ties counting one half.
 * 0.5 knows nothing, 1 ranks perfectly. Scores need not be probabilities.
 *
 * @param scores higher means more likely positive
 * @param labels the truth of each score
 * @returns `undefined` unless both classes occur
 * @throws InvalidDataError for a score that is not finite, a label that is none, or lengths that differ
 * @example
 * rocAuc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.75
 * @see Hanley & McNeil (1982), Radiology 143(1), doi:10.1148/radiology.143.1.7063747
 */
export function rocAuc(scores: ArrayLike<number>, labels: ArrayLike<BinaryLabel>): number | undefined {
  checkScored(scores, labels);
  const [positives, negatives] = classSizes(labels);
  return positives === 0 || negatives === 0 ? undefined : delongComponents(scores, labels).auc;
}

/** How many labels say yes, and how many no. */
export function classSizes(labels: ArrayLike<BinaryLabel>): readonly [positives: number, negatives: number] {
  let positives = 0;
  for (let i = 0; i < labels.length; i += 1) if (isPositive(labels, i)) positives += 1;
  return [positives, labels.length - positives];
}
