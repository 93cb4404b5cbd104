/**
 * A continuous distribution: functions of the value first, then of the parameters.
 *
 * Both tails are computed for themselves: never take 1 - `cdf`, which is 0 or noise where `sf` is 1e-20.
 * All functions throw InvalidOptionError for NaN, for parameters outside their domain and for probabilities outside
 * [0, 1]; outside the support they answer 0 or 1.
 */
export interface ContinuousDistribution<Parameters extends readonly (number | undefined)[]> {
  /** The density at x; Infinity at a pole. */
  pdf(x: number, ...parameters: Parameters): number;
  /** The probability of at most x. */
  cdf(x: number, ...parameters: Parameters): number;
  /** The survival function: the probability of more than x, accurate in the far upper tail. */
  sf(x: number, ...parameters: Parameters): number;
  /** The natural logarithm of `cdf`, which does not underflow. */
  logCdf(x: number, ...parameters: Parameters): number;
  /** The natural logarithm of `sf`, which does not underflow. */
  logSf(x: number, ...parameters: Parameters): number;
  /** The value whose `cdf` is p. */
  quantile(p: number, ...parameters: Parameters): number;
  /** The upper quantile: the value whose `sf` is p. Exact for small p, where `quantile(1 - p)` rounds. */
  isf(p: number, ...parameters: Parameters): number;
}

/**
 * A distribution on the non-negative integers: functions of the count first, then of the parameters.
 *
 * All functions throw InvalidOptionError for NaN, for parameters outside their domain and for probabilities outside
 * [0, 1]; outside the support they answer 0 or 1. Counts that are not integers have `pmf` 0; `cdf` and `sf` take their
 * integer part.
 */
export interface DiscreteDistribution<Parameters extends readonly (number | undefined)[]> {
  /** The probability of exactly k. */
  pmf(k: number, ...parameters: Parameters): number;
  /** The probability of at most k. */
  cdf(k: number, ...parameters: Parameters): number;
  /** The probability of more than k; the probability of at least k is `sf(k - 1)`. */
  sf(k: number, ...parameters: Parameters): number;
  /** The smallest k whose `cdf` is at least p. */
  quantile(p: number, ...parameters: Parameters): number;
  /** The smallest k whose `sf` is at most p. */
  isf(p: number, ...parameters: Parameters): number;
}

/** Normal: mean (default 0) and standard deviation (default 1). */
export type NormalDistribution = ContinuousDistribution<[mean?: number, sd?: number]>;

/** Student's t: degrees of freedom above 0, not necessarily whole; Infinity is the normal distribution. */
export interface StudentTDistribution extends ContinuousDistribution<[df: number]> {
  /** The two-sided p-value P(|T| > |t|). */
  twoSided(t: number, df: number): number;
}

/** Chi-squared: degrees of freedom above 0. */
export type ChiSquaredDistribution = ContinuousDistribution<[df: number]>;

/** Fisher's F: degrees of freedom of numerator and denominator, above 0 and at most 1e15. */
export type FDistribution = ContinuousDistribution<[df1: number, df2: number]>;

/** Beta: both shapes above 0 and at most 1e15. */
export type BetaDistribution = ContinuousDistribution<[a: number, b: number]>;

/** Gamma: shape above 0 and scale (default 1) above 0; the mean is shape times scale. */
export type GammaDistribution = ContinuousDistribution<[shape: number, scale?: number]>;

/** Kolmogorov's limit law, which has no parameters. */
export type KolmogorovDistribution = ContinuousDistribution<[]>;

/** Non-central t: degrees of freedom of at least 0.1 (Infinity is the shifted normal) and the non-centrality. */
export interface NoncentralTDistribution {
  /** The probability of at most t. */
  cdf(t: number, df: number, ncp: number): number;
  /** The probability of more than t. */
  sf(t: number, df: number, ncp: number): number;
}

/** Binomial: number of trials, and the probability of success of each. */
export type BinomialDistribution = DiscreteDistribution<[n: number, p: number]>;

/** Poisson: the mean, at least 0 and at most 2^53 - 1. */
export type PoissonDistribution = DiscreteDistribution<[mean: number]>;

/** Hypergeometric: size of the population, successes in it, and items drawn; whole numbers. */
export type HypergeometricDistribution = DiscreteDistribution<[population: number, successes: number, draws: number]>;
