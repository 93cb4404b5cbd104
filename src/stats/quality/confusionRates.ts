import { type IntervalOptions, wilsonInterval } from '../intervals/index.ts';
import type { IntervalResult } from '../types.ts';
import { type ConfusionCounts, checkConfusion } from './ConfusionCounts.ts';

/** The proportions of a confusion table, each with its Wilson interval; inconclusive where it would be 0 / 0. */
export interface ConfusionRates {
  /** Right predictions among all. */
  readonly accuracy: IntervalResult;
  /** True positives among the predicted positives (positive predictive value). */
  readonly precision: IntervalResult;
  /** True positives among the actual positives (sensitivity, true positive rate). */
  readonly recall: IntervalResult;
  /** True negatives among the actual negatives (true negative rate). */
  readonly specificity: IntervalResult;
  /** False positives among the actual negatives (fall-out). */
  readonly falsePositiveRate: IntervalResult;
  /** False negatives among the actual positives (miss rate). */
  readonly falseNegativeRate: IntervalResult;
  /** True negatives among the predicted negatives. */
  readonly negativePredictiveValue: IntervalResult;
  /** Actual positives among all. */
  readonly prevalence: IntervalResult;
}

/**
 * The rates of a confusion table with Wilson intervals. Gates should compare the bound, not the estimate: 955 of 1000
 * is a precision of 95.5 %, with an interval that begins at 94.0 %.
 *
 * @throws InvalidDataError for counts that are negative or not finite
 * @throws InvalidOptionError
 * @example
 * const counts = { truePositives: 61, falsePositives: 18, trueNegatives: 140, falseNegatives: 6 };
 * confusionRates(counts).precision; // estimate 0.77215..., interval [0.66833..., 0.85073...]
 */
export function confusionRates(counts: ConfusionCounts, options: IntervalOptions = {}): ConfusionRates {
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = checkConfusion(counts);
  const share = (successes: number, trials: number): IntervalResult => wilsonInterval({ successes, trials }, options);
  return {
    accuracy: share(tp + tn, tp + tn + fp + fn),
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    specificity: share(tn, tn + fp),
    falsePositiveRate: share(fp, tn + fp),
    falseNegativeRate: share(fn, tp + fn),
    negativePredictiveValue: share(tn, tn + fn),
    prevalence: share(tp + fn, tp + tn + fp + fn),
  };
}
