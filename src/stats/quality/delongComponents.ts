import { ascending } from '../ascending.ts';
import { isPositive } from './binaryLabels.ts';
import type { BinaryLabel } from './ConfusionTable.ts';

/** The area under the ROC curve with the placements of every observation among those of the other class. */
export interface DelongComponents {
  readonly auc: number;
  /** For each positive, in the order of the input: the share of negatives below it, ties counting one half. */
  readonly positives: Float64Array;
  /** For each negative: the share of positives above it, ties counting one half. */
  readonly negatives: Float64Array;
}

/** How many ascending values are below, and how many below or equal, by bisection. */
function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const below = orEqual ? sorted[middle]! <= value : sorted[middle]! < value;
    if (below) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Placements by sorting the two classes apart: n log n, where the definition compares every pair. Both classes occur. */
export function delongComponents(scores: ArrayLike<number>, labels: ArrayLike<BinaryLabel>): DelongComponents {
  const [up, down]: [number[], number[]] = [[], []];
  for (let i = 0; i < scores.length; i += 1) (isPositive(labels, i) ? up : down).push(scores[i]!);
  const [sortedUp, sortedDown] = [ascending(up), ascending(down)];
  // Twice the count of pairs in order is a whole number: it is summed without rounding.
  let twice = 0;
  const positives = Float64Array.from(up, (score) => {
    const count = countBelow(sortedDown, score, false) + countBelow(sortedDown, score, true);
    twice += count;
    return count / (2 * down.length);
  });
  const negatives = Float64Array.from(down, (score) => {
    const count = countBelow(sortedUp, score, false) + countBelow(sortedUp, score, true);
    return 1 - count / (2 * up.length);
  });
  return { auc: twice / (2 * up.length) / down.length, positives, negatives };
}

/** The unbiased covariance of two lists of the same length, at least 2. */
export function covarianceOf(a: Float64Array, b: Float64Array): number {
  const n = a.length;
  const meanA = a.reduce((sum, value) => sum + value, 0) / n;
  const meanB = b.reduce((sum, value) => sum + value, 0) / n;
  return a.reduce((sum, value, i) => sum + (value - meanA) * (b[i]! - meanB), 0) / (n - 1);
}

/** DeLong's variance of one area. Two observations or more of each class. */
export function delongVariance({ positives, negatives }: DelongComponents): number {
  return covarianceOf(positives, positives) / positives.length + covarianceOf(negatives, negatives) / negatives.length;
}
