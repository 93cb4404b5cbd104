import type { SampleMoments } from '../types.ts';
import { ratioMetric } from './ratioMetric.ts';
import type { SampleCovariance } from './SampleCovariance.ts';

/**
 * The mean over observations that come in clusters (requests of one user, wafers of one lot), with a variance that
 * takes the cluster, not the observation, as the independent unit. Observations of one cluster may depend on each
 * other in any way; treated as independent they would give intervals that are too narrow.
 *
 * @param clusters a `Covariance` of (sum of the metric x, number of observations y), one pair for each cluster
 * @returns moments whose `n` counts clusters and whose `mean` is that over observations; `undefined` without any
 * @throws InvalidDataError for moments that no sample can have
 * @example
 * const clusters = new Covariance().pushAll([[3, 2], [4, 4], [9, 6]]); // three users, twelve requests
 * clusteredVariance(clusters)?.mean; // 1.3333333333333333
 * @see Deng, Knoblich & Lu (2018), KDD '18, doi:10.1145/3219819.3219919, section 3; Cochran (1977), Sampling
 * Techniques, 3rd ed., section 9A
 */
export function clusteredVariance(clusters: SampleCovariance): SampleMoments | undefined {
  return ratioMetric(clusters);
}
