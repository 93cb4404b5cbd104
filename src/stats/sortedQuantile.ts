/**
 * The quantile of ascending values by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996, the
 * default of NumPy and R). `probability` within [0, 1]; `sorted` not empty.
 */
export function sortedQuantile(sorted: ArrayLike<number>, probability: number): number {
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const low = sorted[below]!;
  // low + f * (high - low), never low * (1 - f) + high * f: that keeps constants and order.
  return below + 1 < sorted.length ? low + (position - below) * (sorted[below + 1]! - low) : low;
}
