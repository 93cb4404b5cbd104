/** How far apart two distribution functions are. */
export interface EcdfDistance {
  /** The largest amount by which the first one lies above the second, at least 0. */
  readonly above: number;
  /** The largest amount by which the first one lies below the second, at least 0. */
  readonly below: number;
  /** The smallest value at which the larger of the two is reached. */
  readonly location: number;
  /** Whether any two values are equal. */
  readonly tied: boolean;
}

/**
 * The distances of two empirical distribution functions, in units of 1 / (n m): whole numbers, so that exact
 * probabilities can be counted. They are read behind the last of equal values only.
 */
export function twoSampleDistance(x: Float64Array, y: Float64Array): EcdfDistance {
  const [n, m] = [x.length, y.length];
  let [above, below, largest] = [0, 0, 0];
  let location = x[0]!;
  let tied = false;
  let [i, j] = [0, 0];
  while (i < n || j < m) {
    const value = i < n && (j >= m || x[i]! <= y[j]!) ? x[i]! : y[j]!;
    const before = i + j;
    while (i < n && x[i] === value) i += 1;
    while (j < m && y[j] === value) j += 1;
    if (i + j - before > 1) tied = true;
    const gap = i * m - j * n;
    if (gap > above) above = gap;
    if (-gap > below) below = -gap;
    if (Math.abs(gap) > largest) {
      largest = Math.abs(gap);
      location = value;
    }
  }
  return { above, below, location: location + 0, tied };
}

/** The distances of an empirical distribution function from a continuous one. */
export function oneSampleDistance(x: Float64Array, cdf: (value: number) => number): EcdfDistance {
  const n = x.length;
  let [above, below, largest] = [0, 0, -1];
  let location = x[0]!;
  let tied = false;
  for (let i = 0; i < n; i += 1) {
    const probability = cdf(x[i]!);
    const up = (i + 1) / n - probability;
    const down = probability - i / n;
    above = Math.max(above, up);
    below = Math.max(below, down);
    tied ||= i > 0 && x[i] === x[i - 1];
    if (Math.max(up, down) > largest) {
      largest = Math.max(up, down);
      location = x[i]!;
    }
  }
  return { above, below, location: location + 0, tied };
}
