import { inconclusive } from '../inconclusive.ts';
import { type IntervalOptions, resolveIntervalOptions } from '../intervals/IntervalOptions.ts';
import type { TestResult } from '../types.ts';
import { aucDifference } from './aucDifference.ts';
import { checkScored } from './binaryLabels.ts';
import type { BinaryLabel } from './ConfusionTable.ts';
import { covarianceOf, type DelongComponents, delongComponents } from './delongComponents.ts';
import { classSizes } from './rocAuc.ts';

/** The variance of the difference of two areas over the same observations: what ranks alike in both cancels exactly. */
function pairedVariance(a: DelongComponents, b: DelongComponents): number {
  const positives = a.positives.map((value, i) => value - b.positives[i]!);
  const negatives = a.negatives.map((value, i) => value - b.negatives[i]!);
  return covarianceOf(positives, positives) / positives.length + covarianceOf(negatives, negatives) / negatives.length;
}

/**
 * DeLong's test of two scores of the same observations: does `a` rank better than `b`? The estimate is the difference
 * of the areas under the ROC curve, `a` minus `b`.
 *
 * @param a scores of the one model
 * @param b scores of the other, for the same observations in the same order
 * @param labels the truth of each observation
 * @returns inconclusive below two observations of a class, and where both scores rank all of them alike;
 * `n` is [positives, negatives]
 * @throws InvalidDataError for a score that is not finite, a label that is none, or lengths that differ
 * @throws InvalidOptionError
 * @see DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44(3), doi:10.2307/2531595
 */
export function pairedRocAucTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  labels: ArrayLike<BinaryLabel>,
  options: IntervalOptions = {},
): TestResult {
  resolveIntervalOptions(options);
  checkScored(a, labels);
  checkScored(b, labels);
  const n = classSizes(labels);
  if (n[0] < 2 || n[1] < 2) return inconclusive('delong-paired', n, 'each class needs at least 2 observations');
  const [first, second] = [delongComponents(a, labels), delongComponents(b, labels)];
  const difference = first.auc - second.auc;
  return aucDifference({ method: 'delong-paired', n, difference, variance: pairedVariance(first, second) }, options);
}
