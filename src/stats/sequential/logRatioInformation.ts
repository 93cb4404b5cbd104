import { checkFinite, checkOneOf, checkOptions } from '../../core/check.ts';
import { checkMoments } from '../checkMoments.ts';
import type { SampleMoments } from '../types.ts';
import { differenceError, type Spread } from './differenceError.ts';
import type { InformationEstimate } from './InformationEstimate.ts';

/** Options of `logRatioInformation`. */
export interface LogRatioInformationOptions {
  /**
   * The power to which the ratio of means is raised: 0.5 turns means of squared errors into a ratio of RMSEs.
   * @defaultValue 1
   */
  readonly exponent?: number;
  /**
   * `welch` is the delta method with each sample's own variance; `conservative` the larger of that standard error and
   * the one with the pooled coefficient of variation, see `TwoSampleSequenceOptions`.
   * @defaultValue 'welch'
   */
  readonly standardError?: 'conservative' | 'welch';
}

/**
 * The logarithm of the ratio of two means, first over second, with its information by the delta method:
 * `1 / information = exponent^2 (s1^2 / (n1 m1^2) + s2^2 / (n2 m2^2))`.
 *
 * @returns information 0 where there is no such estimate: fewer than two observations, means that are not both
 * positive, samples that do not vary
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * logRatioInformation({ n: 400, mean: 2, variance: 1 }, { n: 400, mean: 1, variance: 1 });
 * // { estimate: 0.6931471805599453, information: 320 }
 */
export function logRatioInformation(
  first: SampleMoments,
  second: SampleMoments,
  options: LogRatioInformationOptions = {},
): InformationEstimate {
  checkOptions('options', options, ['exponent', 'standardError']);
  const conservative = checkOneOf('standardError', options.standardError ?? 'welch', ['conservative', 'welch']);
  const exponent = checkFinite('exponent', options.exponent ?? 1, { gt: 0 });
  checkMoments('first', first);
  checkMoments('second', second);
  if (!(first.n >= 2 && second.n >= 2 && first.mean > 0 && second.mean > 0)) return { estimate: 0, information: 0 };
  const error = exponent * differenceError(relative(first), relative(second), conservative === 'conservative');
  const information = 1 / (error * error);
  if (!Number.isFinite(information)) return { estimate: 0, information: 0 };
  return { estimate: exponent * Math.log(first.mean / second.mean), information };
}

/** The spread in units of the mean. */
function relative({ n, mean, variance }: SampleMoments): Spread {
  const deviation = Math.sqrt(variance) / mean;
  return { n, variance: deviation * deviation };
}
