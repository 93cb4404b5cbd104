import { checkFinite } from '../core/check.ts';
import type { Rng } from './Rng.ts';
import { logStandardGamma, standardGamma } from './standardGamma.ts';

/**
 * A beta number in [0, 1] with mean `a / (a + b)`, as the share of the first of two gamma numbers. Where a shape is
 * below 1 the shares are formed from logarithms, so that tiny shapes give numbers next to 0 and 1, never NaN.
 * The ends themselves come out where the true value rounds to them.
 *
 * @param a finite, above 0
 * @param b finite, above 0
 * @throws InvalidOptionError if a or b is not finite and above 0
 */
export function beta(rng: Rng, a: number, b: number): number {
  if (a >= 1 && b >= 1 && a + b < Number.POSITIVE_INFINITY) {
    const x = standardGamma(rng, a);
    return x / (x + standardGamma(rng, b));
  }
  checkFinite('a', a, { gt: 0 });
  checkFinite('b', b, { gt: 0 });
  checkFinite('a + b', a + b);
  const logX = logStandardGamma(rng, a);
  const logY = logStandardGamma(rng, b);
  // Shapes so small that both logarithms overflow: what is left of the distribution is its two ends.
  if (logX === logY) return rng.next() * (a + b) < a ? 1 : 0;
  const ratio = Math.exp(-Math.abs(logX - logY));
  return logX > logY ? 1 / (1 + ratio) : ratio / (1 + ratio);
}
