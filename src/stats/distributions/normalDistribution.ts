import { gaussian } from '../special/erf.ts';
import { normalQuantile } from './normalQuantile.ts';
import { logNormalUpperTail, normalUpperTail } from './normalTail.ts';
import { requireFinite, requireNumber, requirePositive, requireProbability } from './parameters.ts';
import type { NormalDistribution } from './types.ts';

const INVERSE_ROOT_TWO_PI = 0.3989422804014327;

function standardise(x: number, mean: number, sd: number): number {
  requireNumber('x', x);
  requireFinite('mean', mean);
  requirePositive('sd', sd);
  return (x - mean) / sd;
}

function scaled(z: number, mean: number, sd: number): number {
  requireFinite('mean', mean);
  requirePositive('sd', sd);
  return mean + sd * z;
}

/**
 * The normal distribution with mean 0 and standard deviation 1, unless others are given.
 *
 * Tails by rational approximations of the scaled complementary error function, quantiles by Wichura's AS 241 (1988).
 *
 * @example
 * ```ts
 * normalDistribution.sf(10); // 7.619853024160525e-24
 * normalDistribution.quantile(0.975); // 1.9599639845400536
 * ```
 */
export const normalDistribution: NormalDistribution = {
  pdf(x, mean = 0, sd = 1) {
    return (gaussian(standardise(x, mean, sd), 0.5) * INVERSE_ROOT_TWO_PI) / sd;
  },
  cdf(x, mean = 0, sd = 1) {
    return normalUpperTail(-standardise(x, mean, sd));
  },
  sf(x, mean = 0, sd = 1) {
    return normalUpperTail(standardise(x, mean, sd));
  },
  logCdf(x, mean = 0, sd = 1) {
    return logNormalUpperTail(-standardise(x, mean, sd));
  },
  logSf(x, mean = 0, sd = 1) {
    return logNormalUpperTail(standardise(x, mean, sd));
  },
  quantile(p, mean = 0, sd = 1) {
    requireProbability('p', p);
    return scaled(normalQuantile(p), mean, sd);
  },
  isf(p, mean = 0, sd = 1) {
    requireProbability('p', p);
    return scaled(-normalQuantile(p), mean, sd);
  },
};
