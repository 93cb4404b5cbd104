import { checkFinite } from '../core/check.ts';
import type { Rng } from './Rng.ts';

/**
 * A uniform number in [lo, hi).
 *
 * @param lo lower end, included; any finite number
 * @param hi upper end, excluded; finite, greater than `lo`
 * @throws InvalidOptionError if the ends are not finite or `hi` is not greater than `lo`
 */
export function uniform(rng: Rng, lo: number, hi: number): number {
  if (!(hi > lo && hi - lo < Number.POSITIVE_INFINITY)) {
    checkFinite('lo', lo);
    checkFinite('hi', hi, { gt: lo });
    checkFinite('hi - lo', hi - lo);
  }
  const value = lo + (hi - lo) * rng.next();
  // Rounding can reach the excluded end where the interval is a few ulps wide.
  return value < hi ? value : lo;
}
