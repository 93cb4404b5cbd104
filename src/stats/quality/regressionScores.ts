import { ascending } from '../ascending.ts';
import { checkPairs } from '../checkSample.ts';
import { sortedQuantile } from '../sortedQuantile.ts';
import { meanOf } from './meanOf.ts';
import { pearsonCorrelation } from './pearsonCorrelation.ts';
import { spearmanCorrelation } from './spearmanCorrelation.ts';

/** What the errors of numeric predictions say; `undefined` where a definition is 0 / 0 or there are no predictions. */
export interface RegressionScores {
  readonly n: number;
  /** The mean of predicted - actual: above 0 the model predicts too much. */
  readonly meanError: number | undefined;
  /** The mean of |predicted - actual|, in the unit of the target. */
  readonly meanAbsoluteError: number | undefined;
  readonly medianAbsoluteError: number | undefined;
  readonly maxError: number | undefined;
  /** The mean of (predicted - actual)². */
  readonly meanSquaredError: number | undefined;
  /** Its square root, in the unit of the target. */
  readonly rootMeanSquaredError: number | undefined;
  /** 1 - the squared error over that of the mean: 1 is perfect, 0 no better than the mean, below 0 worse. */
  readonly rSquared: number | undefined;
  /** 1 - the variance of the errors over that of the target: R² that forgives a constant bias. */
  readonly explainedVariance: number | undefined;
  /** The mean of |predicted - actual| / |actual|, a fraction; `undefined` where an actual value is 0. */
  readonly meanAbsolutePercentageError: number | undefined;
  /** The mean of 2 |predicted - actual| / (|predicted| + |actual|), a fraction within [0, 2]; 0 / 0 counts as 0. */
  readonly symmetricMeanAbsolutePercentageError: number | undefined;
  readonly pearson: number | undefined;
  readonly spearman: number | undefined;
}

/** The sum of squared deviations from the mean; exactly 0 where the values do not vary. */
export function sumOfSquares(values: ArrayLike<number>): number {
  const first = values[0] ?? 0;
  const shifted = Float64Array.from(values, (value) => value - first);
  const mean = meanOf(shifted) ?? 0;
  return shifted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/**
 * All the usual scores of numeric predictions. Intervals for them: {@link regressionIntervals}.
 *
 * @param actual the truth
 * @param predicted the predictions, in the same order
 * @throws InvalidDataError for a value that is not finite or lengths that differ
 * @example
 * regressionScores([3, 5, 2], [2.5, 5, 4]).rootMeanSquaredError; // 1.1902380714238083
 * @see Hyndman & Koehler (2006), Int. J. Forecasting 22(4), doi:10.1016/j.ijforecast.2006.03.001
 */
export function regressionScores(actual: ArrayLike<number>, predicted: ArrayLike<number>): RegressionScores {
  checkPairs('actual', actual, 'predicted', predicted);
  const n = actual.length;
  const errors = Float64Array.from(predicted, (value, i) => value - actual[i]!);
  const sizes = ascending(errors.map(Math.abs));
  const squared = meanOf(errors.map((error) => error * error));
  const total = sumOfSquares(actual);
  const shares = errors.map((error, i) => Math.abs(error) / Math.abs(actual[i]!));
  const symmetric = errors.map((error, i) =>
    error === 0 ? 0 : (2 * Math.abs(error)) / (Math.abs(actual[i]!) + Math.abs(predicted[i]!)),
  );
  const zero = Array.prototype.includes.call(actual, 0);
  return {
    n,
    meanError: meanOf(errors),
    meanAbsoluteError: meanOf(sizes),
    medianAbsoluteError: n === 0 ? undefined : sortedQuantile(sizes, 0.5),
    maxError: sizes.at(-1),
    meanSquaredError: squared,
    rootMeanSquaredError: squared === undefined ? undefined : Math.sqrt(squared),
    rSquared: total > 0 ? 1 - (squared! * n) / total : undefined,
    explainedVariance: total > 0 ? 1 - sumOfSquares(errors) / total : undefined,
    meanAbsolutePercentageError: zero ? undefined : meanOf(shares),
    symmetricMeanAbsolutePercentageError: meanOf(symmetric),
    pearson: pearsonCorrelation(actual, predicted),
    spearman: spearmanCorrelation(actual, predicted),
  };
}
