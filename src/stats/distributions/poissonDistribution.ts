import { checkFinite } from '../../core/check.ts';
import { gammaTail } from '../special/gammaTail.ts';
import { deviance } from '../special/log1pmx.ts';
import { stirlingRemainder } from '../special/stirlingRemainder.ts';
import { normalQuantile } from './normalQuantile.ts';
import { requireNumber, requireProbability } from './parameters.ts';
import { searchInteger } from './searchInteger.ts';
import type { PoissonDistribution } from './types.ts';

/** Beyond the safe integers, counts are no longer counts. */
function requireMean(mean: number): void {
  if (!(mean >= 0 && mean <= Number.MAX_SAFE_INTEGER)) {
    checkFinite('mean', mean, { ge: 0, le: Number.MAX_SAFE_INTEGER });
  }
}

/** P(X <= k) = Q(k + 1, mean). */
function lowerTail(k: number, mean: number): number {
  const shape = Math.floor(k) + 1;
  if (shape <= 0) return 0;
  return shape === Number.POSITIVE_INFINITY ? 1 : gammaTail(shape, mean, mean - shape).upper;
}

/** P(X > k) = P(k + 1, mean). */
function upperTail(k: number, mean: number): number {
  const shape = Math.floor(k) + 1;
  if (shape <= 0) return 1;
  return shape === Number.POSITIVE_INFINITY ? 0 : gammaTail(shape, mean, mean - shape).lower;
}

/**
 * The Poisson distribution with a mean of at least 0, at most 2^53 - 1.
 * Relative error below 1e-12 where the probability is above 1e-300, for means up to 1e6 (docs/accuracy.md).
 *
 * @example
 * ```ts
 * poissonDistribution.cdf(2, 1); // 0.9196986029286058, which is 2.5 / e
 * ```
 */
export const poissonDistribution: PoissonDistribution = {
  pmf(k, mean) {
    requireNumber('k', k);
    requireMean(mean);
    if (k < 0 || k !== Math.floor(k) || k === Number.POSITIVE_INFINITY) return 0;
    if (k === 0) return Math.exp(-mean);
    return Math.exp(-stirlingRemainder(k) - deviance(k, mean, mean - k)) / Math.sqrt(2 * Math.PI * k);
  },
  cdf(k, mean) {
    requireNumber('k', k);
    requireMean(mean);
    return lowerTail(k, mean);
  },
  sf(k, mean) {
    requireNumber('k', k);
    requireMean(mean);
    return upperTail(k, mean);
  },
  quantile(p, mean) {
    requireProbability('p', p);
    requireMean(mean);
    if (mean === 0) return 0;
    if (p === 1) return Number.POSITIVE_INFINITY;
    const guess = mean + normalQuantile(p) * Math.sqrt(mean);
    return searchInteger(guess, 0, Number.POSITIVE_INFINITY, (k) => lowerTail(k, mean) >= p);
  },
  isf(p, mean) {
    requireProbability('p', p);
    requireMean(mean);
    if (mean === 0) return 0;
    if (p === 0) return Number.POSITIVE_INFINITY;
    const guess = mean - normalQuantile(p) * Math.sqrt(mean);
    return searchInteger(guess, 0, Number.POSITIVE_INFINITY, (k) => upperTail(k, mean) <= p);
  },
};
