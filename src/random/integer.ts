import { checkInteger } from '../core/check.ts';
import type { Rng } from './Rng.ts';

const RANGE = 2 ** 53;

/**
 * A uniform integer in 0 … n - 1, unbiased: the 2^53 equally likely draws are cut into n buckets of equal size, and a
 * draw of the remainder is rejected. It grows with the uniform draw, so that a low draw means a low integer.
 *
 * @param n number of outcomes, an integer of at least 1
 * @throws InvalidOptionError if `n` is no safe integer of at least 1
 */
export function integer(rng: Rng, n: number): number {
  if (!(n >= 1 && Number.isSafeInteger(n))) checkInteger('n', n, { ge: 1 });
  const bucket = Math.floor(RANGE / n);
  for (;;) {
    // The quotient is exact to less than half an ulp of the next integer, so that floor never lands one too high.
    const index = Math.floor((rng.next() * RANGE) / bucket);
    if (index < n) return index;
  }
}
