import { InvalidDataError } from '../../core/errors.ts';

/**
 * One request's part in the augmented inverse-propensity-weighted mean (AIPW): what was expected of it, and, where it was
 * observed, how far that was off, times 1 / propensity. The mean of these values over *all* requests, observed or not, is
 * an unbiased estimate of the mean of the metric if either the propensities or the expectations are right, and its variance
 * is the smaller the better the expectations: with none (0) it is that of inverse-propensity weighting. Feed the values
 * to `Moments`, and those to `welchTest`, intervals or sequences.
 *
 * @param expected what a model says of the metric from what was known beforehand, fitted to other requests or earlier ones
 * @param observed the metric; `undefined` where it was not observed
 * @param propensity the probability that it is observed, within (0, 1]
 * @throws InvalidDataError for values that are not finite, or a propensity outside (0, 1]
 * @example
 * const rows = [[0.9, 1, 0.5], [0.2, undefined, 0.5], [0.4, 0, 1]] as const;
 * const moments = new Moments().pushAll(rows.map((row) => augmentedValue(...row)));
 * moments.mean; // (1.1 + 0.2 + 0) / 3 = 0.43333333333333335
 * @see Robins, Rotnitzky & Zhao (1994), JASA 89(427), doi:10.1080/01621459.1994.10476818; Bang & Robins (2005),
 * Biometrics 61(4), doi:10.1111/j.1541-0420.2005.00377.x
 */
export function augmentedValue(expected: number, observed: number | undefined, propensity: number): number {
  if (!Number.isFinite(expected)) throw new InvalidDataError('expected', expected, 'a finite number');
  if (!(typeof propensity === 'number' && propensity > 0 && propensity <= 1)) {
    throw new InvalidDataError('propensity', propensity, 'within (0, 1]');
  }
  if (observed === undefined) return expected;
  if (!Number.isFinite(observed)) throw new InvalidDataError('observed', observed, 'a finite number, or undefined');
  return expected + (observed - expected) / propensity;
}
