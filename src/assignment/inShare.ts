import { CIRCLE } from './gridWidths.ts';

/**
 * Whether a unit is within a share of the circle, counted from the top: `[1 - share, 1)`. As the share grows, units
 * come in and none goes out; as it falls, they go out in the reverse order. It is the two-arm {@link RangeLedger}
 * without a ledger: what a canary's stages need.
 *
 * @param hash from `hashUnit`, in [0, 2^32); of a negative one the unsigned 32-bit value counts
 * @param share within [0, 1]; nobody at 0, everybody at 1
 * @example
 * inShare(0.95 * 2 ** 32, 0.1); // true
 * inShare(0.85 * 2 ** 32, 0.1); // false
 */
export function inShare(hash: number, share: number): boolean {
  return hash >>> 0 >= Math.round((1 - share) * CIRCLE);
}
