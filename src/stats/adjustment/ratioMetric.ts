import type { SampleMoments } from '../types.ts';
import { checkCovariance, type SampleCovariance } from './SampleCovariance.ts';

/**
 * A ratio of sums (clicks per view, errors per request, cost per unit) as moments of the unit that was randomised:
 * the ratio of the means, with the variance of one unit's linearised share by the delta method,
 * (s²_x - 2 r s_xy + r² s²_y) / ȳ². The result goes wherever moments go: `welchTest`, intervals, sequences.
 *
 * @param units a `Covariance` of (numerator x, denominator y), one pair for each unit
 * @returns `undefined` where there are no units or the denominators sum to 0
 * @throws InvalidDataError for moments that no sample can have
 * @example
 * const units = new Covariance().pushAll([[1, 2], [2, 4], [4, 6]]);
 * ratioMetric(units)?.mean; // 0.5833333333333334
 * @see Deng, Knoblich & Lu (2018), KDD '18, doi:10.1145/3219819.3219919, section 3
 */
export function ratioMetric(units: SampleCovariance): SampleMoments | undefined {
  const { n, x, y, covariance } = checkCovariance('units', units);
  if (n === 0 || y.mean === 0) return undefined;
  const mean = x.mean / y.mean;
  // As a square and a remainder, so that a numerator proportional to its denominator gives 0 and nothing below.
  const slope = y.variance > 0 ? covariance / y.variance : 0;
  const rest = Math.max(0, x.variance - slope * covariance);
  const miss = mean - slope;
  const variance = n < 2 ? Number.NaN : (rest + miss * miss * y.variance) / (y.mean * y.mean);
  return { n, mean, variance };
}
