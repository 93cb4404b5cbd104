import { type ConfusionCounts, checkConfusion } from './ConfusionCounts.ts';
import { fBeta } from './fBeta.ts';

/** Single numbers that sum up a confusion table; `undefined` where the definition is 0 / 0. */
export interface ConfusionScores {
  /** The harmonic mean of precision and recall. */
  readonly f1: number | undefined;
  /** The mean of recall and specificity. */
  readonly balancedAccuracy: number | undefined;
  /** Youden's J: recall + specificity - 1; 0 for a prediction that knows nothing. */
  readonly youdenJ: number | undefined;
  /** Matthews' correlation coefficient: the correlation of prediction and truth, within [-1, 1]. */
  readonly matthewsCorrelation: number | undefined;
  /** Cohen's kappa: agreement beyond what the margins alone would give. */
  readonly cohenKappa: number | undefined;
}

function matthews({
  truePositives: tp,
  falsePositives: fp,
  trueNegatives: tn,
  falseNegatives: fn,
}: ConfusionCounts): number {
  // By roots of ratios: the product of the four margins passes 2^53 at counts of ten thousand.
  const first =
    Math.sqrt(tp / (tp + fp)) * Math.sqrt(tp / (tp + fn)) * Math.sqrt(tn / (tn + fp)) * Math.sqrt(tn / (tn + fn));
  const second =
    Math.sqrt(fp / (tp + fp)) * Math.sqrt(fn / (tp + fn)) * Math.sqrt(fp / (tn + fp)) * Math.sqrt(fn / (tn + fn));
  return first - second;
}

function kappa(counts: ConfusionCounts, n: number): number {
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = counts;
  const chance = ((tp + fp) / n) * ((tp + fn) / n) + ((tn + fn) / n) * ((tn + fp) / n);
  return ((tp + tn) / n - chance) / (1 - chance);
}

/**
 * The scores of a confusion table that are no proportions.
 *
 * @throws InvalidDataError for counts that are negative or not finite
 * @example
 * const counts = { truePositives: 61, falsePositives: 18, trueNegatives: 140, falseNegatives: 6 };
 * confusionScores(counts).f1; // 0.8356164383561644
 * @see van Rijsbergen (1979), Information Retrieval, chapter 7 (F); Matthews (1975), BBA 405(2),
 * doi:10.1016/0005-2795(75)90109-9; Cohen (1960), Educ. Psychol. Meas. 20(1), doi:10.1177/001316446002000104;
 * Youden (1950), Cancer 3(1)
 */
export function confusionScores(counts: ConfusionCounts): ConfusionScores {
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = checkConfusion(counts);
  const n = tp + fp + tn + fn;
  const both = tp + fn > 0 && tn + fp > 0;
  const recall = tp / (tp + fn);
  const specificity = tn / (tn + fp);
  const varied = both && tp + fp > 0 && tn + fn > 0;
  // Where prediction and truth are one and the same class there is no chance agreement left to go beyond.
  const oneClass = Math.max(tp, tn) === n;
  return {
    f1: fBeta(counts, 1),
    balancedAccuracy: both ? (recall + specificity) / 2 : undefined,
    youdenJ: both ? recall + specificity - 1 : undefined,
    matthewsCorrelation: varied ? matthews(counts) : undefined,
    cohenKappa: oneClass ? undefined : kappa(counts, n),
  };
}
