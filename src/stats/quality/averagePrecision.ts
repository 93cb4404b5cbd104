import { checkScored, isPositive } from './binaryLabels.ts';
import type { BinaryLabel } from './ConfusionTable.ts';
import { classSizes } from './rocAuc.ts';

/**
 * Average precision: the area under the precision-recall curve as a sum of steps, Σ (R_k - R_{k-1}) P_k over the
 * distinct scores from the highest down, without interpolation. For rare positives more telling than the ROC curve; a
 * score that knows nothing has the prevalence. For an interval take `bootstrapInterval` of the pairs (score, label).
 *
 * @param scores higher means more likely positive
 * @param labels the truth of each score
 * @returns `undefined` without positives
 * @throws InvalidDataError for a score that is not finite, a label that is none, or lengths that differ
 * @example
 * averagePrecision([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]); // 0.8333333333333333
 * @see Davis & Goadrich (2006), ICML '06, doi:10.1145/1143844.1143874 (why not to interpolate)
 */
export function averagePrecision(scores: ArrayLike<number>, labels: ArrayLike<BinaryLabel>): number | undefined {
  checkScored(scores, labels);
  const [positives] = classSizes(labels);
  if (positives === 0) return undefined;
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i).sort((i, j) => scores[j]! - scores[i]!);
  let [hits, hitsBefore, sum] = [0, 0, 0];
  order.forEach((index, rank) => {
    if (isPositive(labels, index)) hits += 1;
    // A threshold lies between distinct scores only: what is tied is taken in together.
    const next = order[rank + 1];
    if (next !== undefined && scores[next] === scores[index]) return;
    sum += (hits - hitsBefore) * (hits / (rank + 1));
    hitsBefore = hits;
  });
  return sum / positives;
}
