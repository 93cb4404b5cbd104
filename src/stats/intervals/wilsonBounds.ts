/** Bounds of a proportion. */
type Bounds = readonly [lower: number, upper: number];

/** Wilson's score bounds for x successes in n > 0 trials at z standard deviations. */
export function wilsonBounds(x: number, n: number, z: number): Bounds {
  const square = z * z;
  const root = z * Math.sqrt(square + 4 * x * ((n - x) / n));
  const upper = x === n ? 1 : (2 * x + square + root) / (2 * (n + square));
  // The product of the two roots of the score equation is x² / n (n + z²): no difference of nearly equal numbers.
  return [x === 0 ? 0 : ((x / n) * (x / (n + square))) / upper, upper];
}

/** The same with a continuity correction (Newcombe 1998, method 4). */
export function correctedWilsonBounds(x: number, n: number, z: number): Bounds {
  const square = z * z;
  const scale = 2 * (n + square);
  const p = x / n;
  const below = square - 2 - 1 / n + 4 * p * (n - x + 1);
  const above = square + 2 - 1 / n + 4 * p * (n - x - 1);
  const lower = (2 * x + square - 1 - z * Math.sqrt(Math.max(0, below))) / scale;
  const upper = (2 * x + square + 1 + z * Math.sqrt(Math.max(0, above))) / scale;
  return [x === 0 ? 0 : Math.max(0, lower), x === n ? 1 : Math.min(1, upper)];
}
