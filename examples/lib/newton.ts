// Generalised linear models by Newton's method (iteratively reweighted least squares) on standardised columns.
import { fitScaler } from './features.ts';
import type { Row } from './models.ts';

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

/** A model whose expectation is a function of intercept + weights · row, with the canonical link. */
export interface Link {
  /** The expectation at z. */
  mean(z: number): number;
  /** The variance at that expectation: the derivative of the mean. */
  variance(mean: number): number;
}

/** One Newton step of the penalised log-likelihood; the last weight is the intercept's. */
function newtonStep(
  rows: readonly number[][],
  targets: readonly number[],
  beta: Float64Array,
  link: Link,
  ridge: number,
): Float64Array {
  const d = beta.length;
  const hessian = Array.from({ length: d }, () => new Float64Array(d));
  const gradient = new Float64Array(d);
  rows.forEach((x, n) => {
    let z = 0;
    for (let i = 0; i < d; i += 1) z += beta[i]! * x[i]!;
    const mean = link.mean(z);
    const weight = link.variance(mean);
    for (let i = 0; i < d; i += 1) {
      gradient[i]! += (targets[n]! - mean) * x[i]!;
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

/** Weights for the columns as they come, and the intercept. */
export interface Coefficients {
  readonly weights: readonly number[];
  readonly intercept: number;
}

/** intercept + weights · row. */
export function linearPredictor({ weights, intercept }: Coefficients, row: Row): number {
  let z = intercept;
  for (let j = 0; j < weights.length; j += 1) z += weights[j]! * row[j]!;
  return z;
}

/**
 * Fits until no weight moves by more than 1e-8. No randomness in it.
 * @param ridge the weight of the penalty (half the squared length of the standardised weights, the intercept left out)
 */
export function fitByNewton(rows: readonly Row[], targets: readonly number[], link: Link, ridge: number): Coefficients {
  const scaler = fitScaler(rows);
  const scaled = rows.map((row) => [...scaler.apply(row), 1]);
  const beta = new Float64Array(scaled[0]!.length);
  for (let iteration = 0, moved = 1; iteration < 100 && moved > 1e-8; iteration += 1) {
    const step = newtonStep(scaled, targets, beta, link, ridge);
    // A long step from far away overshoots: it is cut to length 2 on the standardised scale.
    const scale = Math.min(1, 2 / Math.hypot(...step));
    for (let i = 0; i < beta.length; i += 1) beta[i]! += scale * step[i]!;
    moved = Math.max(...step.map(Math.abs));
  }
  const weights = scaler.deviations.map((deviation, j) => beta[j]! / deviation);
  const intercept = weights.reduce((sum, weight, j) => sum - weight * scaler.means[j]!, beta[weights.length]!);
  return { weights, intercept };
}
