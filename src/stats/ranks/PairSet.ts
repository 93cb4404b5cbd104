/** How a value divides the values of all pairs. */
export interface Split {
  /** How many pairs have a value of at most t. */
  readonly atMost: number;
  /** The largest value of at most t; -Infinity where there is none. */
  readonly below: number;
  /** The smallest value above t; Infinity where there is none. */
  readonly above: number;
}

/** The values within a window, in no order. */
export interface Window {
  /** How many pairs have a value below the window. */
  readonly less: number;
  readonly values: Float64Array;
}

/**
 * The values of all pairs out of sorted samples, never written down: n * m of them, reached in n + m steps.
 * The values rise along both samples, so that a line between "at most t" and "above t" can be walked.
 */
export interface PairSet {
  /** How many pairs there are. */
  readonly size: number;
  /** How many observations they are made of. */
  readonly steps: number;
  readonly min: number;
  readonly max: number;
  split(t: number): Split;
  /** The values within [low, high] and how many lie below; `undefined` where there are more than `limit`. */
  window(low: number, high: number, limit: number): Window | undefined;
  /** The same kind of pairs out of every so manieth observation. `undefined` where the samples are small already. */
  thin(): PairSet | undefined;
}

/** A thinned sample has at least and at most so many observations, in between every eighth. */
const FEWEST = 256;
const MOST = 8192;

/** Evenly spaced order statistics of a sorted sample, or the sample itself where it is small. */
export function thinned(sorted: Float64Array): Float64Array {
  const size = Math.max(FEWEST, Math.min(MOST, sorted.length >> 3));
  if (sorted.length <= 2 * size) return sorted;
  return Float64Array.from({ length: size }, (_, i) => sorted[Math.floor(((i + 0.5) / size) * sorted.length)]!);
}
