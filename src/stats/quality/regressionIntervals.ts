import { checkPairs } from '../checkSample.ts';
import { inconclusive } from '../inconclusive.ts';
import { type IntervalOptions, meanInterval } from '../intervals/index.ts';
import { Moments } from '../summaries/Moments.ts';
import type { IntervalResult, TestResult } from '../types.ts';
import { pearsonTest } from './pearsonCorrelation.ts';
import { rootMeanSquareInterval } from './rootMeanSquareInterval.ts';
import { rSquaredInterval } from './rSquaredInterval.ts';
import { spearmanTest } from './spearmanCorrelation.ts';

/** The scores of numeric predictions that have an interval; their definitions are those of {@link RegressionScores}. */
export interface RegressionIntervals {
  readonly meanError: IntervalResult;
  readonly meanAbsoluteError: IntervalResult;
  readonly rootMeanSquaredError: IntervalResult;
  readonly rSquared: IntervalResult;
  readonly meanAbsolutePercentageError: IntervalResult;
  readonly pearson: TestResult;
  readonly spearman: TestResult;
}

/**
 * Intervals for the scores of numeric predictions: t intervals of the mean errors, the delta method on the logarithmic
 * scale for RMSE and R², Fisher's scale for the correlations.
 *
 * @param actual the truth
 * @param predicted the predictions, in the same order
 * @throws InvalidDataError for a value that is not finite or lengths that differ
 * @throws InvalidOptionError
 */
export function regressionIntervals(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: IntervalOptions = {},
): RegressionIntervals {
  checkPairs('actual', actual, 'predicted', predicted);
  const errors = Float64Array.from(predicted, (value, i) => value - actual[i]!);
  const shares = errors.map((error, i) => Math.abs(error) / Math.abs(actual[i]!));
  const mean = (values: Float64Array): IntervalResult => meanInterval(new Moments().pushAll(values), options);
  return {
    meanError: mean(errors),
    meanAbsoluteError: mean(errors.map(Math.abs)),
    rootMeanSquaredError: rootMeanSquareInterval(new Moments().pushAll(errors.map((error) => error ** 2)), options),
    rSquared: rSquaredInterval(actual, predicted, options),
    meanAbsolutePercentageError: Array.prototype.includes.call(actual, 0)
      ? inconclusive('student-t', [actual.length], 'an actual value is 0')
      : mean(shares),
    pearson: pearsonTest(actual, predicted, options),
    spearman: spearmanTest(actual, predicted, options),
  };
}
