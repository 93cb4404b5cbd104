import { gammaTail } from '../special/gammaTail.ts';
import { logLower, logUpper, type TailPair } from '../special/TailPair.ts';
import { gammaDensity } from './gammaDistribution.ts';
import { gammaQuantile } from './gammaQuantile.ts';
import { requireNumber, requirePositive, requireProbability } from './parameters.ts';
import type { ChiSquaredDistribution } from './types.ts';

function tails(x: number, df: number): TailPair {
  requireNumber('x', x);
  requirePositive('df', df);
  return gammaTail(0.5 * df, 0.5 * x, 0.5 * (x - df));
}

/**
 * The chi-squared distribution: gamma with shape df / 2 and scale 2.
 * Relative error of both tails below 1e-12 where they are above 1e-300, for df up to 1e6 (docs/accuracy.md).
 *
 * @example
 * ```ts
 * chiSquaredDistribution.sf(3.841458820694124, 1); // 0.05000000000000011
 * ```
 */
export const chiSquaredDistribution: ChiSquaredDistribution = {
  pdf(x, df) {
    requireNumber('x', x);
    requirePositive('df', df);
    return gammaDensity(x, 0.5 * df, 2);
  },
  cdf(x, df) {
    return tails(x, df).lower;
  },
  sf(x, df) {
    return tails(x, df).upper;
  },
  logCdf(x, df) {
    return logLower(tails(x, df));
  },
  logSf(x, df) {
    return logUpper(tails(x, df));
  },
  quantile(p, df) {
    requireProbability('p', p);
    requirePositive('df', df);
    return 2 * gammaQuantile(p, false, 0.5 * df);
  },
  isf(p, df) {
    requireProbability('p', p);
    requirePositive('df', df);
    return 2 * gammaQuantile(p, true, 0.5 * df);
  },
};
