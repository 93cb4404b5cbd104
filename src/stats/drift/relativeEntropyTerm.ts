import { log1pmx } from '../special/log1pmx.ts';

/**
 * p ln(p / q) - p + q: what one bin adds to a relative entropy. Never negative, and accurate where p and q are nearly
 * equal: the bare p ln(p / q) of the bins cancel each other there and leave noise.
 */
export function relativeEntropyTerm(p: number, q: number): number {
  if (p === 0) return q;
  // With u = (q - p) / p it is -p (ln(1 + u) - u); a q of 0 gives ln 0.
  return -p * log1pmx((q - p) / p);
}
