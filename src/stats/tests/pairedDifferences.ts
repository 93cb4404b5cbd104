/** Differences of pairs and how much of them is the rounding of the numbers. */
export interface PairedDifferences {
  readonly differences: Float64Array;
  /** Differences closer than this cannot be told apart. */
  readonly noise: number;
}

/** A decimal is off by half a unit in the last place when read, its difference to another one by as much again. */
const ROUNDING = 2 * Number.EPSILON;

/** The differences `a[i] - b[i]`, or `a[i] - b` where b is one number. */
export function pairedDifferences(a: ArrayLike<number>, b: ArrayLike<number> | number): PairedDifferences {
  const differences = new Float64Array(a.length);
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) {
    const other = typeof b === 'number' ? b : b[i]!;
    differences[i] = a[i]! - other;
    largest = Math.max(largest, Math.abs(a[i]!), Math.abs(other));
  }
  return { differences, noise: ROUNDING * largest };
}
