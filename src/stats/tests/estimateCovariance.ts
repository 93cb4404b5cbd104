import { InvalidOptionError } from '../../core/errors.ts';

type Matrix = readonly (readonly number[])[];

/** @throws InvalidOptionError for what is no square matrix of finite numbers, one row an estimate */
export function checkCovariance(covariance: Matrix | undefined, size: number): void {
  if (covariance === undefined) return;
  const sound =
    Array.isArray(covariance) &&
    covariance.length === size &&
    (covariance as Matrix).every((row) => Array.isArray(row) && row.length === size && row.every(Number.isFinite));
  if (!sound) throw new InvalidOptionError('covariance', covariance, `a matrix of ${size} by ${size} finite numbers`);
}

/** The rows and columns of some of the estimates. */
export function pickCovariance(covariance: Matrix, among: readonly number[]): Matrix {
  return among.map((i) => among.map((j) => covariance[i]![j]!));
}
