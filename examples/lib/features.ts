import type { Row } from './models.ts';

/** A map that gives every column of the rows it was fitted on mean 0 and standard deviation 1 (constant columns: 0). */
export interface Scaler {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  apply(row: Row): number[];
}

/** Fits a {@link Scaler}. Solvers and networks want columns of one size. */
export function fitScaler(rows: readonly Row[]): Scaler {
  const columns = rows[0]!.map((_, j) => rows.map((row) => row[j]!));
  const means = columns.map((column) => column.reduce((a, b) => a + b, 0) / column.length);
  const deviations = columns.map((column, j) => {
    const squares = column.reduce((sum, value) => sum + (value - means[j]!) ** 2, 0);
    return Math.sqrt(squares / column.length) || 1;
  });
  return { means, deviations, apply: (row) => row.map((value, j) => (value - means[j]!) / deviations[j]!) };
}

/** The row with all squares and products of its columns: what lets a linear model bend. */
export function quadratic(row: Row): number[] {
  const out = [...row];
  for (let i = 0; i < row.length; i += 1) for (let j = i; j < row.length; j += 1) out.push(row[i]! * row[j]!);
  return out;
}

/** log(p / (1 − p)) undone. */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}
