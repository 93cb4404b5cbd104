import { inconclusive } from '../inconclusive.ts';
import { type IntervalOptions, resolveIntervalOptions } from '../intervals/IntervalOptions.ts';
import type { TestResult } from '../types.ts';
import { aucDifference } from './aucDifference.ts';
import { checkScored } from './binaryLabels.ts';
import type { BinaryLabel } from './ConfusionTable.ts';
import { delongComponents, delongVariance } from './delongComponents.ts';
import { classSizes } from './rocAuc.ts';

/** Scores of one model on its own observations. */
export interface ScoredSample {
  /** Higher means more likely positive. */
  readonly scores: ArrayLike<number>;
  /** The truth of each score. */
  readonly labels: ArrayLike<BinaryLabel>;
}

/**
 * DeLong's test of two models that scored different observations, as the arms of an A/B test do. The estimate is the
 * difference of the areas under the ROC curve, `a` minus `b`.
 *
 * @returns inconclusive below two observations of a class in a sample, and where neither area has a variance; `n` is
 * [positives of a, negatives of a, positives of b, negatives of b]
 * @throws InvalidDataError for a score that is not finite, a label that is none, or lengths that differ
 * @throws InvalidOptionError
 * @see DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44(3), doi:10.2307/2531595
 */
export function independentRocAucTest(a: ScoredSample, b: ScoredSample, options: IntervalOptions = {}): TestResult {
  resolveIntervalOptions(options);
  checkScored(a.scores, a.labels);
  checkScored(b.scores, b.labels);
  const n = [...classSizes(a.labels), ...classSizes(b.labels)];
  const method = 'delong-independent';
  if (n.some((size) => size < 2)) return inconclusive(method, n, 'each class needs at least 2 observations');
  const [first, second] = [delongComponents(a.scores, a.labels), delongComponents(b.scores, b.labels)];
  const variance = delongVariance(first) + delongVariance(second);
  return aucDifference({ method, n, difference: first.auc - second.auc, variance }, options);
}
