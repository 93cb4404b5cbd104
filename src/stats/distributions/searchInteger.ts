/**
 * The smallest integer within [low, high] for which a monotone predicate holds, looked for from `start` outwards in
 * doubling steps and then by halving. The predicate is taken to hold at `high`, which may be Infinity.
 */
export function searchInteger(start: number, low: number, high: number, holds: (k: number) => boolean): number {
  let k = Math.min(Math.max(Math.round(start), low), high);
  let below = low - 1;
  let above = high;
  for (let step = 1; ; step *= 2) {
    if (holds(k)) {
      above = k;
      if (k - step <= below) break;
      k -= step;
    } else {
      below = k;
      if (k + step >= above) break;
      k += step;
    }
    if (above < high && below >= low) break;
  }
  while (above - below > 1) {
    const middle = below + Math.floor((above - below) / 2);
    if (holds(middle)) above = middle;
    else below = middle;
  }
  return above;
}
