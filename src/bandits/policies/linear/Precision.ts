import { SnapshotError } from '../../../core/errors.ts';

/** Updates after which the inverse is computed anew from the matrix, so that rounding leaves no trail. */
const REFRESH = 10_000;

/** Plain JSON of a {@link Precision}. */
export interface PrecisionState {
  readonly sum: readonly number[];
  readonly inverse: readonly number[];
  readonly updates: number;
}

/**
 * A ridge matrix lambda I + Σ w x xᵀ and its inverse, kept up by rank-one updates (Sherman & Morrison 1950,
 * doi:10.1214/aoms/1177729893) and refactored by Cholesky every 10,000 of them. Both are symmetric: only the lower
 * triangle is stored, row by row.
 */
export class Precision {
  readonly dimension: number;
  readonly #lambda: number;
  /** Σ w x xᵀ, without the ridge: what merges. */
  readonly #sum: Float64Array;
  readonly #inverse: Float64Array;
  readonly #work: Float64Array;
  #updates = 0;
  #refreshed = false;

  constructor(dimension: number, lambda: number) {
    const size = (dimension * (dimension + 1)) / 2;
    this.dimension = dimension;
    this.#lambda = lambda;
    this.#sum = new Float64Array(size);
    this.#inverse = new Float64Array(size);
    this.#work = new Float64Array(dimension);
    for (let i = 0, k = 0; i < dimension; i += 1) {
      k += i;
      this.#inverse[k] = 1 / lambda;
      k += 1;
    }
  }

  /** True where the last update was followed by a refactorisation. */
  get refreshed(): boolean {
    return this.#refreshed;
  }

  /** xᵀ A⁻¹ x, in about d² / 2 multiplications. */
  quadratic(x: Float64Array): number {
    const inverse = this.#inverse;
    const d = this.dimension;
    let k = 0;
    let total = 0;
    for (let i = 0; i < d; i += 1) {
      // Four sums side by side: one would wait for each addition before the next.
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let j = 0;
      for (; j + 3 < i; j += 4, k += 4) {
        s0 += inverse[k]! * x[j]!;
        s1 += inverse[k + 1]! * x[j + 1]!;
        s2 += inverse[k + 2]! * x[j + 2]!;
        s3 += inverse[k + 3]! * x[j + 3]!;
      }
      for (; j < i; j += 1, k += 1) s0 += inverse[k]! * x[j]!;
      const xi = x[i]!;
      total += xi * (2 * (s0 + s1 + (s2 + s3)) + inverse[k]! * xi);
      k += 1;
    }
    return total > 0 ? total : 0;
  }

  /** A⁻¹ x into `out`. */
  apply(x: ArrayLike<number>, out: Float64Array): void {
    const inverse = this.#inverse;
    const d = this.dimension;
    out.fill(0);
    let k = 0;
    for (let i = 0; i < d; i += 1) {
      const xi = x[i]!;
      let sum = 0;
      for (let j = 0; j < i; j += 1, k += 1) {
        const a = inverse[k]!;
        sum += a * x[j]!;
        out[j] = out[j]! + a * xi;
      }
      out[i] = out[i]! + sum + inverse[k]! * xi;
      k += 1;
    }
  }

  /** Adds w x xᵀ. Gives xᵀ A⁻¹ x before it, and leaves A⁻¹ x of before in `image`. */
  add(x: Float64Array, weight: number, image: Float64Array): number {
    this.apply(x, image);
    const sum = this.#sum;
    const inverse = this.#inverse;
    const d = this.dimension;
    let q = 0;
    for (let i = 0; i < d; i += 1) q += x[i]! * image[i]!;
    const gain = weight / (1 + weight * q);
    let k = 0;
    for (let i = 0; i < d; i += 1) {
      const wx = weight * x[i]!;
      const gu = gain * image[i]!;
      for (let j = 0; j <= i; j += 1, k += 1) {
        sum[k] = sum[k]! + wx * x[j]!;
        inverse[k] = inverse[k]! - gu * image[j]!;
      }
    }
    this.#updates += 1;
    // Contexts that are nearly collinear leave no factor: the rank-one inverse goes on.
    this.#refreshed = this.#updates % REFRESH === 0 && this.#refactor();
    return q;
  }

  /**
   * Adds the sums of another matrix (without its ridge), and computes the inverse anew.
   * @throws SnapshotError if what comes out is not positive definite
   */
  merge(sum: readonly number[]): void {
    this.#takeOver(this.#sum.map((own, k) => own + sum[k]!));
  }

  /** Takes over another matrix (without the ridge), given by entry, and computes the inverse anew. */
  replace(entry: (i: number, j: number) => number): void {
    const sum = new Float64Array(this.#sum.length);
    for (let i = 0, k = 0; i < this.dimension; i += 1) {
      for (let j = 0; j <= i; j += 1, k += 1) sum[k] = entry(i, j);
    }
    this.#takeOver(sum);
  }

  #takeOver(sum: Float64Array): void {
    const before = this.#sum.slice();
    this.#sum.set(sum);
    if (this.#refactor()) return;
    this.#sum.set(before);
    throw new SnapshotError('the matrices to be merged are not positive definite');
  }

  /** Computes the inverse from the matrix by Cholesky; false, and nothing changes, where it is not positive definite. */
  #refactor(): boolean {
    const d = this.dimension;
    const factor = this.#cholesky();
    if (factor === undefined) return false;
    const column = this.#work;
    for (let j = 0; j < d; j += 1) {
      solveUnit(factor, d, j, column);
      for (let i = j; i < d; i += 1) this.#inverse[(i * (i + 1)) / 2 + j] = column[i]!;
    }
    return true;
  }

  save(): PrecisionState {
    return { sum: Array.from(this.#sum), inverse: Array.from(this.#inverse), updates: this.#updates };
  }

  /** Takes over a state; false where it does not fit. */
  load(state: PrecisionState | undefined): boolean {
    const size = this.#sum.length;
    const fits = (list: unknown): boolean => Array.isArray(list) && list.length === size && list.every(Number.isFinite);
    if (!fits(state?.sum) || !fits(state?.inverse) || !Number.isFinite(state?.updates)) return false;
    this.#sum.set(state!.sum);
    this.#inverse.set(state!.inverse);
    this.#updates = state!.updates;
    return true;
  }

  /** The matrix itself, ridge included: entry (i, j), j at most i. */
  entry(i: number, j: number): number {
    return this.#sum[(i * (i + 1)) / 2 + j]! + (i === j ? this.#lambda : 0);
  }

  #cholesky(): Float64Array | undefined {
    const d = this.dimension;
    const factor = new Float64Array(this.#sum.length);
    for (let i = 0; i < d; i += 1) {
      const row = (i * (i + 1)) / 2;
      for (let j = 0; j <= i; j += 1) {
        const other = (j * (j + 1)) / 2;
        let rest = this.entry(i, j);
        for (let k = 0; k < j; k += 1) rest -= factor[row + k]! * factor[other + k]!;
        if (i === j && !(rest > 0)) return undefined;
        factor[row + j] = i === j ? Math.sqrt(rest) : rest / factor[other + j]!;
      }
    }
    return factor;
  }
}

/** Column j of the inverse of L Lᵀ, entries from j on. */
function solveUnit(factor: Float64Array, d: number, j: number, out: Float64Array): void {
  for (let i = j; i < d; i += 1) {
    const row = (i * (i + 1)) / 2;
    let rest = i === j ? 1 : 0;
    for (let k = j; k < i; k += 1) rest -= factor[row + k]! * out[k]!;
    out[i] = rest / factor[row + i]!;
  }
  for (let i = d - 1; i >= j; i -= 1) {
    let rest = out[i]!;
    for (let k = i + 1; k < d; k += 1) rest -= factor[(k * (k + 1)) / 2 + i]! * out[k]!;
    out[i] = rest / factor[(i * (i + 1)) / 2 + i]!;
  }
}
