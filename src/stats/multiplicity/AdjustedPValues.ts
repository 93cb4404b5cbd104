/** Options of every correction for several tests. */
export interface MultiplicityOptions {
  /**
   * The error rate to hold over all hypotheses together: the family-wise error rate, or the false discovery rate with
   * Benjamini–Hochberg and Benjamini–Yekutieli.
   * @defaultValue 0.05
   */
  readonly alpha?: number;
}

/** Adjusted p-values, in the order in which the p-values were handed in. */
export interface AdjustedPValues {
  /** The smallest `alpha` at which the procedure rejects each hypothesis; at least the p-value itself, at most 1. */
  readonly adjusted: readonly number[];
  /** Whether each hypothesis is rejected at `alpha`: its adjusted p-value is at most `alpha`. */
  readonly rejected: readonly boolean[];
  /** The level that `rejected` refers to. */
  readonly alpha: number;
}
