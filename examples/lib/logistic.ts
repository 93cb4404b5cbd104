import { fitScaler, sigmoid } from './features.ts';
import { type BinaryModel, binaryModel, type Row } from './models.ts';

/** A fitted logistic regression: its weights for the columns as they come, and its intercept. */
export interface LogisticModel extends BinaryModel {
  readonly weights: readonly number[];
  readonly intercept: number;
}

/** How to fit. */
export interface TrainLogisticOptions {
  /** @defaultValue 'logistic' */
  readonly name?: string;
  /**
   * The weight of the penalty (half the squared length of the weights on standardised columns, the intercept left out).
   * It keeps separable data finite.
   * @defaultValue 1e-3
   */
  readonly ridge?: number;
  /** @defaultValue 0.5 */
  readonly threshold?: number;
}

/** Solves a symmetric positive definite system in place, by Cholesky. */
function solve(matrix: Float64Array[], vector: Float64Array): Float64Array {
  const n = vector.length;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k += 1) sum -= matrix[i]![k]! * matrix[j]![k]!;
      matrix[i]![j] = i === j ? Math.sqrt(sum) : sum / matrix[j]![j]!;
    }
    for (let k = 0; k < i; k += 1) vector[i]! -= matrix[i]![k]! * vector[k]!;
    vector[i]! /= matrix[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < n; k += 1) vector[i]! -= matrix[k]![i]! * vector[k]!;
    vector[i]! /= matrix[i]![i]!;
  }
  return vector;
}

/** One Newton step of the penalised log-likelihood; the last weight is the intercept's. */
function newtonStep(rows: readonly number[][], labels: readonly number[], beta: Float64Array, ridge: number) {
  const d = beta.length;
  const hessian = Array.from({ length: d }, () => new Float64Array(d));
  const gradient = new Float64Array(d);
  rows.forEach((x, n) => {
    let z = 0;
    for (let i = 0; i < d; i += 1) z += beta[i]! * x[i]!;
    const p = sigmoid(z);
    const weight = p * (1 - p);
    for (let i = 0; i < d; i += 1) {
      gradient[i]! += (labels[n]! - p) * x[i]!;
      const scaled = weight * x[i]!;
      const line = hessian[i]!;
      for (let j = 0; j <= i; j += 1) line[j]! += scaled * x[j]!;
    }
  });
  for (let i = 0; i < d; i += 1) {
    const penalty = i === d - 1 ? 1e-9 : ridge;
    hessian[i]![i]! += penalty;
    gradient[i]! -= penalty * beta[i]!;
  }
  return solve(hessian, gradient);
}

/**
 * Logistic regression by Newton's method (iteratively reweighted least squares), on standardised columns, until no
 * weight moves by more than 1e-8. No randomness in it.
 *
 * @param labels 0 or 1, both present
 */
export function trainLogistic(
  rows: readonly Row[],
  labels: readonly number[],
  { name = 'logistic', ridge = 1e-3, threshold = 0.5 }: TrainLogisticOptions = {},
): LogisticModel {
  const scaler = fitScaler(rows);
  const scaled = rows.map((row) => [...scaler.apply(row), 1]);
  const beta = new Float64Array(scaled[0]!.length);
  for (let iteration = 0, moved = 1; iteration < 50 && moved > 1e-8; iteration += 1) {
    const step = newtonStep(scaled, labels, beta, ridge);
    // A long step from far away overshoots: it is cut to length 5 on the standardised scale.
    const scale = Math.min(1, 5 / Math.hypot(...step));
    step.forEach((value, i) => {
      beta[i]! += scale * value;
    });
    moved = Math.max(...step.map(Math.abs));
  }
  const weights = scaler.deviations.map((deviation, j) => beta[j]! / deviation);
  const intercept = weights.reduce((sum, weight, j) => sum - weight * scaler.means[j]!, beta[weights.length]!);
  const probability = (row: Row): number => {
    let z = intercept;
    for (let j = 0; j < weights.length; j += 1) z += weights[j]! * row[j]!;
    return sigmoid(z);
  };
  return { ...binaryModel(name, probability, threshold), weights, intercept };
}
