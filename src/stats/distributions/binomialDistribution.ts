import { betaTail } from '../special/betaTail.ts';
import { betaDifference } from '../special/incompleteBeta.ts';
import { deviance } from '../special/log1pmx.ts';
import { minusProducts } from '../special/products.ts';
import { stirlingRemainder } from '../special/stirlingRemainder.ts';
import type { TailPair } from '../special/TailPair.ts';
import { normalQuantile } from './normalQuantile.ts';
import { requireCount, requireNumber, requireProbability } from './parameters.ts';
import { searchInteger } from './searchInteger.ts';
import type { BinomialDistribution } from './types.ts';

function requireParameters(n: number, p: number): void {
  requireCount('n', n);
  requireProbability('p', p);
}

/** `lower` is P(X <= k), `upper` P(X > k), for 0 <= k < n: the beta distribution of 1 - p. */
function tails(k: number, n: number, p: number): TailPair {
  const q = 1 - p;
  return betaTail(n - k, k + 1, q, p, betaDifference(n - k, k + 1, q, p));
}

function lowerTail(k: number, n: number, p: number): number {
  const whole = Math.floor(k);
  if (whole < 0) return 0;
  return whole >= n ? 1 : tails(whole, n, p).lower;
}

function upperTail(k: number, n: number, p: number): number {
  const whole = Math.floor(k);
  if (whole < 0) return 1;
  return whole >= n ? 0 : tails(whole, n, p).upper;
}

/** Where the quantile of probability p below (or above) ought to be, by the normal approximation. */
function start(z: number, n: number, p: number): number {
  const deviation = Math.sqrt(n * p * (1 - p));
  return deviation === 0 ? n * p : n * p + z * deviation;
}

/**
 * The binomial distribution: successes in n trials of probability p.
 * Relative error below 1e-12 where the probability is above 1e-300, for n up to 1e6 (docs/accuracy.md).
 *
 * Mass by C. Loader, "Fast and accurate computation of binomial probabilities" (2000), tails by the incomplete beta.
 *
 * @example
 * ```ts
 * binomialDistribution.pmf(3, 10, 0.5); // 0.11718750000000003
 * binomialDistribution.sf(7, 10, 0.5); // 0.054687500000000014, which is P(X >= 8)
 * ```
 */
export const binomialDistribution: BinomialDistribution = {
  pmf(k, n, p) {
    requireNumber('k', k);
    requireParameters(n, p);
    if (k < 0 || k > n || k !== Math.floor(k)) return 0;
    if (p === 1) return k === n ? 1 : 0;
    if (k === 0) return Math.exp(n * Math.log1p(-p));
    if (k === n) return Math.exp(n * Math.log(p));
    const rest = n - k;
    const difference = -minusProducts(k, n, 0, p);
    const exponent =
      stirlingRemainder(n) -
      stirlingRemainder(k) -
      stirlingRemainder(rest) -
      deviance(k, n * p, difference) -
      deviance(rest, n * (1 - p), -difference);
    return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k) / rest);
  },
  cdf(k, n, p) {
    requireNumber('k', k);
    requireParameters(n, p);
    return lowerTail(k, n, p);
  },
  sf(k, n, p) {
    requireNumber('k', k);
    requireParameters(n, p);
    return upperTail(k, n, p);
  },
  quantile(p, n, probability) {
    requireProbability('p', p);
    requireParameters(n, probability);
    if (p === 1) return probability === 0 ? 0 : n;
    const guess = start(normalQuantile(p), n, probability);
    return searchInteger(guess, 0, n, (k) => lowerTail(k, n, probability) >= p);
  },
  isf(p, n, probability) {
    requireProbability('p', p);
    requireParameters(n, probability);
    if (p === 0) return probability === 0 ? 0 : n;
    const guess = start(-normalQuantile(p), n, probability);
    return searchInteger(guess, 0, n, (k) => upperTail(k, n, probability) <= p);
  },
};
