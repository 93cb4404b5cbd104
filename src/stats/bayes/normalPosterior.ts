import { checkFinite } from '../../core/check.ts';

/** A normal distribution of something unknown: before the data (a prior) or after them. */
export interface NormalBelief {
  readonly mean: number;
  /** Standard deviation; positive, and infinite only in a prior that knows nothing. */
  readonly sd: number;
}

/**
 * What is known of a quantity after an estimate with a standard error: the prior and the estimate, weighted by their
 * precisions. The estimate's error is taken for normal with a known standard deviation.
 *
 * @param estimate what the data say
 * @param standardError of the estimate, positive
 * @param prior what was known before; a standard deviation of Infinity knows nothing
 * @throws InvalidOptionError
 * @example
 * normalPosterior(0.2, 0.1, { mean: 0, sd: 0.1 }); // { mean: 0.1, sd: 0.07071067811865475 }
 * @see Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 2.5
 */
export function normalPosterior(estimate: number, standardError: number, prior: NormalBelief): NormalBelief {
  checkFinite('estimate', estimate);
  checkFinite('standardError', standardError, { gt: 0 });
  checkFinite('prior.mean', prior.mean);
  if (prior.sd === Number.POSITIVE_INFINITY) return { mean: estimate, sd: standardError };
  checkFinite('prior.sd', prior.sd, { gt: 0 });
  // By the ratio of the two, not by precisions, whose squares may leave the range of doubles.
  const ratio = standardError / prior.sd;
  const weight = 1 / (1 + ratio * ratio);
  return { mean: prior.mean + weight * (estimate - prior.mean), sd: standardError * Math.sqrt(weight) };
}
