import { MultivariateLinearRegression } from 'ml-regression';
import { copyRows, type RegressionModel, type Row } from './models.ts';

/** A fitted line: its weights for the columns as they come, and its intercept. */
export interface LinearModel extends RegressionModel {
  readonly weights: readonly number[];
  readonly intercept: number;
}

function columnMeans(rows: readonly Row[]): number[] {
  const sums = new Array<number>(rows[0]!.length).fill(0);
  for (const row of rows) for (let j = 0; j < sums.length; j += 1) sums[j]! += row[j]!;
  return sums.map((sum) => sum / rows.length);
}

/**
 * Ordinary least squares by ml-regression. It inverts XᵀX, which squares the condition number, so the columns are
 * centred first: then it agrees with scikit-learn to 1e-12 on the notebook's wafers.
 */
export function trainLinear(rows: readonly Row[], targets: readonly number[], name = 'linear'): LinearModel {
  const means = columnMeans(rows);
  const centred = copyRows(rows).map((row) => row.map((value, j) => value - means[j]!));
  const fit = new MultivariateLinearRegression(
    centred,
    targets.map((target) => [target]),
    { statistics: false },
  );
  const weights = means.map((_, j) => fit.weights[j]![0]!);
  const intercept = means.reduce((sum, mean, j) => sum - mean * weights[j]!, fit.weights[means.length]![0]!);
  const predict = (row: Row): number => {
    let sum = intercept;
    for (let j = 0; j < weights.length; j += 1) sum += weights[j]! * row[j]!;
    return sum;
  };
  return { name, weights, intercept, predict };
}
