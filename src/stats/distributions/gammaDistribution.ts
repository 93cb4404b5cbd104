import { gammaExponent, gammaTail } from '../special/gammaTail.ts';
import { minusProducts } from '../special/products.ts';
import { logLower, logUpper, type TailPair } from '../special/TailPair.ts';
import { gammaQuantile } from './gammaQuantile.ts';
import { requireNumber, requirePositive, requireProbability } from './parameters.ts';
import type { GammaDistribution } from './types.ts';

/** x / scale - shape, rounded once: for a shape of 1e6 the rounding of x / scale alone would show in far tails. */
function difference(x: number, shape: number, scale: number): number {
  return scale === 1 ? x - shape : minusProducts(x, shape, 0, scale) / scale;
}

function tails(x: number, shape: number, scale: number): TailPair {
  requireNumber('x', x);
  requirePositive('shape', shape);
  requirePositive('scale', scale);
  return gammaTail(shape, x / scale, difference(x, shape, scale));
}

/** The density, without checks. */
export function gammaDensity(x: number, shape: number, scale: number): number {
  if (x < 0) return 0;
  if (x === 0) return shape < 1 ? Number.POSITIVE_INFINITY : shape === 1 ? 1 / scale : 0;
  const standard = x / scale;
  if (standard === Number.POSITIVE_INFINITY) return 0;
  const exponent = gammaExponent(shape, standard, difference(x, shape, scale));
  return (Math.sqrt(shape / (2 * Math.PI)) * Math.exp(exponent)) / x;
}

/**
 * The gamma distribution with a shape and a scale (1 unless given); its mean is shape times scale.
 * Relative error of both tails below 1e-12 where they are above 1e-300, for shapes up to 1e6 (docs/accuracy.md).
 *
 * @example
 * ```ts
 * gammaDistribution.sf(50, 1); // 1.9287498479639209e-22
 * ```
 */
export const gammaDistribution: GammaDistribution = {
  pdf(x, shape, scale = 1) {
    requireNumber('x', x);
    requirePositive('shape', shape);
    requirePositive('scale', scale);
    return gammaDensity(x, shape, scale);
  },
  cdf(x, shape, scale = 1) {
    return tails(x, shape, scale).lower;
  },
  sf(x, shape, scale = 1) {
    return tails(x, shape, scale).upper;
  },
  logCdf(x, shape, scale = 1) {
    return logLower(tails(x, shape, scale));
  },
  logSf(x, shape, scale = 1) {
    return logUpper(tails(x, shape, scale));
  },
  quantile(p, shape, scale = 1) {
    requireProbability('p', p);
    requirePositive('shape', shape);
    requirePositive('scale', scale);
    return scale * gammaQuantile(p, false, shape);
  },
  isf(p, shape, scale = 1) {
    requireProbability('p', p);
    requirePositive('shape', shape);
    requirePositive('scale', scale);
    return scale * gammaQuantile(p, true, shape);
  },
};
