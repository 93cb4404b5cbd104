import { checkFinite, checkOptions } from '../../core/check.ts';
import { checkCovariance, type SampleCovariance } from '../adjustment/SampleCovariance.ts';
import type { InformationEstimate } from './InformationEstimate.ts';
import { NOTHING } from './logRatioPart.ts';

/** Options of `pairedLogRatioInformation`. */
export interface PairedLogRatioInformationOptions {
  /**
   * The power to which the ratio of means is raised: 0.5 turns means of squared errors into a ratio of RMSEs.
   * @defaultValue 1
   */
  readonly exponent?: number;
}

/**
 * `logRatioInformation` of two models that answered the same requests: what a hard request does to both cancels.
 * `1 / information = exponent^2 (s1^2 / m1^2 + s2^2 / m2^2 - 2 s12 / (m1 m2)) / n`.
 *
 * @param pairs a `Covariance` of (first, second), one pair for each request
 * @returns information 0 where there is no such estimate
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * const pairs = new Covariance().pushAll([[2, 1], [4, 2], [6, 4], [8, 3]]);
 * pairedLogRatioInformation(pairs); // { estimate: 0.6931471805599453, information: 46.15384615384615 }
 * @see Casella & Berger (2002), Statistical Inference, section 5.5.4 (delta method)
 */
export function pairedLogRatioInformation(
  pairs: SampleCovariance,
  options: PairedLogRatioInformationOptions = {},
): InformationEstimate {
  checkOptions('options', options, ['exponent']);
  const exponent = checkFinite('exponent', options.exponent ?? 1, { gt: 0 });
  return pairedLogRatioPart(checkCovariance('pairs', pairs), exponent);
}

/** @internal */
export function pairedLogRatioPart({ n, x, y, covariance }: SampleCovariance, exponent: number): InformationEstimate {
  const [a, b] = [x.mean, y.mean];
  if (!(n >= 2 && a > 0 && b > 0)) return NOTHING;
  const relative = (x.variance / a / a + y.variance / b / b - (2 * covariance) / (a * b)) / n;
  const information = 1 / (exponent * exponent * relative);
  // Two models that answer alike have nothing to compare; rounding may make the difference of variances negative.
  if (!(Number.isFinite(information) && information > 0)) return NOTHING;
  return { estimate: exponent * Math.log(a / b), information };
}
