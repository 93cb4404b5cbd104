import type { SampleMoments } from '../types.ts';

/** A sample of equal numbers, computed, deviates by some units in the last place: that is no variation. */
const ROUNDING = 4 * Number.EPSILON;

/** Whether a sample varies by more than the rounding of its numbers. */
export function varies({ n, mean, variance }: SampleMoments): boolean {
  return n >= 2 && Math.sqrt(variance) > ROUNDING * Math.abs(mean);
}
