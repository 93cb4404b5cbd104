/** The definition of a sample quantile, by the numbers of Hyndman & Fan (1996). */
export type QuantileType = 6 | 7 | 8;

/** The position, from 0, of the p-quantile among n sorted values. */
function positionOf(n: number, p: number, type: QuantileType): number {
  if (type === 7) return (n - 1) * p;
  return type === 6 ? (n + 1) * p - 1 : (n + 1 / 3) * p - 2 / 3;
}

/**
 * The quantile of ascending values by linear interpolation between order statistics; type 7 is the default of NumPy
 * and R. `probability` within [0, 1]; `sorted` not empty.
 */
export function sortedQuantile(sorted: ArrayLike<number>, probability: number, type: QuantileType = 7): number {
  const last = sorted.length - 1;
  const position = Math.min(last, Math.max(0, positionOf(sorted.length, probability, type)));
  const below = Math.floor(position);
  const [low, high] = [sorted[below]!, sorted[Math.min(last, below + 1)]!];
  const share = position - below;
  // low + f * (high - low), never low * (1 - f) + high * f: that keeps constants and order.
  return share === 0 ? low : Math.min(high, low + share * (high - low));
}
