import { checkProbabilityRows } from './checkProbabilityRows.ts';
import { rocAuc } from './rocAuc.ts';

/**
 * The area under the ROC curve of each class against all others, averaged over the classes (macro, one-versus-rest).
 *
 * @param probabilities one row for each prediction, with a probability for each class
 * @param labels the index of the class that happened, row by row
 * @returns `undefined` unless every class occurs and none is alone
 * @throws InvalidDataError for a probability outside [0, 1], a row that does not sum to 1, an index that is none, or lengths that differ
 */
export function oneVersusRestAuc(
  probabilities: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
): number | undefined {
  checkProbabilityRows(probabilities, labels);
  const classes = probabilities[0]?.length ?? 0;
  let sum = 0;
  for (let k = 0; k < classes; k += 1) {
    const auc = rocAuc(
      probabilities.map((row) => row[k]!),
      Array.from(labels, (label) => label === k),
    );
    if (auc === undefined) return undefined;
    sum += auc;
  }
  return classes === 0 ? undefined : sum / classes;
}
