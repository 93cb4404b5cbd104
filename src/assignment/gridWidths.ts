/** Positions on the circle that units are hashed to: shares are exact on this grid. */
export const CIRCLE: number = 2 ** 32;

/**
 * Shares as whole numbers of grid positions that sum to the grid exactly, by the method of largest remainders: each is
 * rounded down, and the positions left over go to the largest fractions, the earlier arm first where they are equal. So
 * each is within one position of its exact width, and an arm of share 0 has none.
 *
 * @param shares checked to sum to 1
 * @param resolution positions of the grid
 * @param kept widths that must stay, by arm; the others share what they leave
 */
export function gridWidths(
  shares: readonly number[],
  resolution: number = CIRCLE,
  kept: readonly (number | undefined)[] = [],
): readonly number[] {
  const widths = shares.map((share, arm) => kept[arm] ?? Math.floor(share * resolution));
  let left = resolution - widths.reduce((sum, width) => sum + width, 0);
  const free = shares.map((_, arm) => arm).filter((arm) => kept[arm] === undefined && shares[arm]! > 0);
  if (left === 0 || free.length === 0) return widths;
  const fraction = (arm: number): number => (shares[arm]! * resolution) % 1;
  for (const arm of free.toSorted((a, b) => fraction(b) - fraction(a)).slice(0, Math.max(0, left))) {
    widths[arm]! += 1;
    left -= 1;
  }
  // What the rounding of kept arms, or a sum that is off by the 1e-9 it may be, leaves over or takes away.
  const largest = free.reduce((best, arm) => (shares[arm]! > shares[best]! ? arm : best));
  widths[largest]! += left;
  return widths[largest]! >= 0 ? widths : gridWidths(shares, resolution);
}
