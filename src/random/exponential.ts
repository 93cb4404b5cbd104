import type { Rng } from './Rng.ts';

/**
 * An exponential number with mean 1, by inversion: one uniform draw, always finite.
 */
export function exponential(rng: Rng): number {
  return -Math.log1p(-rng.next());
}
