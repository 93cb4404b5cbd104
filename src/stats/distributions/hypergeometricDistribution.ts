import { hypergeometricProduct } from '../jstat.ts';
import { deviance } from '../special/log1pmx.ts';
import { minusProducts } from '../special/products.ts';
import { stirlingRemainder } from '../special/stirlingRemainder.ts';
import { normalQuantile } from './normalQuantile.ts';
import { requireCount, requireNumber, requireProbability } from './parameters.ts';
import { searchInteger } from './searchInteger.ts';
import type { HypergeometricDistribution } from './types.ts';

/** Tables with a margin up to here go to the product of as many factors, which rounds less than logarithms do. */
const SMALL_MARGIN = 150;

/** n! = sqrt(2π n) (n / e)^n exp(remainder), with 1 in place of sqrt(2π n) for n = 0. */
function remainder(n: number): number {
  return n === 0 ? 0 : stirlingRemainder(n);
}

function root(n: number): number {
  return n === 0 ? 1 : 2 * Math.PI * n;
}

function cell(n: number, expected: number, difference: number): number {
  return n === 0 ? expected : deviance(n, expected, difference);
}

/**
 * The mass at k within the support in saddle-point form, from the deviances of the four cells of the table: its cost
 * does not grow with the table, and deep tails keep their digits. C. Loader (2000).
 */
function saddlePoint(k: number, population: number, successes: number, draws: number): number {
  const failures = population - successes;
  const a = successes - k;
  const b = draws - k;
  const c = failures - b;
  const share = draws / population;
  // k minus its expectation; all four cells are off by this.
  const difference = minusProducts(k * population, successes, 0, draws) / population;
  const exponent =
    remainder(successes) +
    remainder(failures) +
    remainder(draws) +
    remainder(population - draws) -
    remainder(population) -
    remainder(k) -
    remainder(a) -
    remainder(b) -
    remainder(c) -
    cell(k, successes * share, -difference) -
    cell(a, successes * (1 - share), difference) -
    cell(b, failures * share, difference) -
    cell(c, failures * (1 - share), -difference);
  const ratio =
    (root(successes) / root(k) / root(a)) *
    (root(failures) / root(b) / root(c)) *
    ((root(draws) / root(population)) * root(population - draws));
  return Math.exp(exponent) * Math.sqrt(ratio);
}

function requireParameters(population: number, successes: number, draws: number): void {
  requireCount('population', population);
  requireCount('successes', successes, population);
  requireCount('draws', draws, population);
}

function firstOf(population: number, successes: number, draws: number): number {
  return Math.max(0, draws - (population - successes));
}

/** The mass at any k. */
function mass(k: number, population: number, successes: number, draws: number): number {
  if (k < firstOf(population, successes, draws) || k > Math.min(successes, draws) || k !== Math.floor(k)) return 0;
  const margin = Math.min(successes, population - successes, draws, population - draws);
  return margin <= SMALL_MARGIN
    ? hypergeometricProduct(k, population, successes, draws)
    : saddlePoint(k, population, successes, draws);
}

/** P(X <= k) (P(X >= k), if `upwards`) by adding masses away from the mode until they no longer count. */
function sum(k: number, population: number, successes: number, draws: number, upwards: boolean): number {
  let total = 1;
  let term = 1;
  const step = upwards ? 1 : -1;
  for (let j = k; term > total * 2 ** -55; j += step) {
    // The ratio of neighbouring masses, from j to j + 1 or back from j to j - 1.
    const low = upwards ? j : j - 1;
    const odds = ((successes - low) * (draws - low)) / ((low + 1) * (population - successes - draws + low + 1));
    term *= upwards ? odds : 1 / odds;
    total += term;
  }
  return total * mass(k, population, successes, draws);
}

function tails(k: number, population: number, successes: number, draws: number): { lower: number; upper: number } {
  const whole = Math.floor(k);
  if (whole < firstOf(population, successes, draws)) return { lower: 0, upper: 1 };
  if (whole >= Math.min(successes, draws)) return { lower: 1, upper: 0 };
  if (whole < draws * (successes / population)) {
    const lower = Math.min(sum(whole, population, successes, draws, false), 1);
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(sum(whole + 1, population, successes, draws, true), 1);
  return { lower: 1 - upper, upper };
}

function search(
  z: number,
  population: number,
  successes: number,
  draws: number,
  holds: (k: number) => boolean,
): number {
  const share = successes / population;
  const correction = (population - draws) / (population - 1);
  const guess = draws * share + z * Math.sqrt(draws * share * (1 - share) * correction);
  const [first, last] = [firstOf(population, successes, draws), Math.min(successes, draws)];
  // No number where there is only one table.
  return searchInteger(Number.isNaN(guess) ? first : guess, first, last, holds);
}

/**
 * The hypergeometric distribution: successes among `draws` items taken without replacement out of `population`, of
 * which `successes` are successes. Its tails are Fisher's exact test.
 * Relative error below 1e-12 where the probability is above 1e-300, for populations up to 1e6 (docs/accuracy.md). The
 * tails add up as many masses as count, so that their cost grows with the standard deviation.
 *
 * @example
 * ```ts
 * hypergeometricDistribution.pmf(3, 8, 4, 4); // 0.22857142857142854, the lady tasting tea
 * ```
 */
export const hypergeometricDistribution: HypergeometricDistribution = {
  pmf(k, population, successes, draws) {
    requireNumber('k', k);
    requireParameters(population, successes, draws);
    return mass(k, population, successes, draws);
  },
  cdf(k, population, successes, draws) {
    requireNumber('k', k);
    requireParameters(population, successes, draws);
    return tails(k, population, successes, draws).lower;
  },
  sf(k, population, successes, draws) {
    requireNumber('k', k);
    requireParameters(population, successes, draws);
    return tails(k, population, successes, draws).upper;
  },
  quantile(p, population, successes, draws) {
    requireProbability('p', p);
    requireParameters(population, successes, draws);
    if (p === 1) return Math.min(successes, draws);
    const reached = (k: number): boolean => tails(k, population, successes, draws).lower >= p;
    return search(normalQuantile(p), population, successes, draws, reached);
  },
  isf(p, population, successes, draws) {
    requireProbability('p', p);
    requireParameters(population, successes, draws);
    if (p === 0) return Math.min(successes, draws);
    const reached = (k: number): boolean => tails(k, population, successes, draws).upper <= p;
    return search(-normalQuantile(p), population, successes, draws, reached);
  },
};
