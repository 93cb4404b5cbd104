import { checkFinite } from '../core/check.ts';
import type { Rng } from './Rng.ts';
import { logStandardGamma, standardGamma } from './standardGamma.ts';

/**
 * A gamma number with mean `shape * scale` and variance `shape * scale^2`.
 * At shapes below about 0.05 the true value is often smaller than any double; it is then 0.
 *
 * Source: Marsaglia & Tsang (2000), A Simple Method for Generating Gamma Variables, ACM TOMS 26(3),
 * doi:10.1145/358407.358414.
 *
 * @param shape finite, above 0
 * @param scale finite, above 0
 * @defaultValue scale 1
 * @throws InvalidOptionError if shape or scale is not finite and above 0
 */
export function gamma(rng: Rng, shape: number, scale = 1): number {
  if (!(shape > 0 && shape < Number.POSITIVE_INFINITY)) checkFinite('shape', shape, { gt: 0 });
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) checkFinite('scale', scale, { gt: 0 });
  return scale * (shape >= 1 ? standardGamma(rng, shape) : Math.exp(logStandardGamma(rng, shape)));
}
