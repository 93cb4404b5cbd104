import { checkShares } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import { checkMoments } from '../checkMoments.ts';
import type { SampleMoments } from '../types.ts';

/** One stratum of an arm. */
export interface Stratum {
  /** The share of the population that the stratum is, known beforehand. */
  readonly share: number;
  /** What the arm observed in it. */
  readonly moments: SampleMoments;
}

/**
 * The mean of an arm as it would be if its strata had their known shares: the means of the strata weighted by the
 * shares, with the matching variance. Takes out the part of the variance that lies between the strata, and the bias of
 * arms that happen to hold other mixtures. The result goes wherever moments go.
 *
 * @param strata with shares that sum to 1
 * @returns moments whose `n` is that of all observations and whose `variance / n` is the squared standard error;
 * `undefined` where a stratum with a share has fewer than two observations, and so no variance.
 * @throws InvalidDataError for no strata or moments that no sample can have, InvalidOptionError for shares that do not
 * sum to 1
 * @example
 * const mobile = { share: 0.6, moments: { n: 10, mean: 2, variance: 1 } };
 * const desktop = { share: 0.4, moments: { n: 40, mean: 5, variance: 4 } };
 * postStratify([mobile, desktop])?.mean; // 3.2
 * @see Cochran (1977), Sampling Techniques, 3rd ed., section 5A.9; Miratrix, Sekhon & Yu (2013), JRSS-B 75(2),
 * doi:10.1111/j.1467-9868.2012.01048.x
 */
export function postStratify(strata: readonly Stratum[]): SampleMoments | undefined {
  if (strata.length === 0) throw new InvalidDataError('strata', strata, 'at least one stratum');
  checkShares(
    'shares',
    strata.map(({ share }) => share),
  );
  let [n, mean, squaredError] = [0, 0, 0];
  for (const [i, { share, moments }] of strata.entries()) {
    checkMoments(`strata[${i}].moments`, moments);
    if (share === 0) continue;
    if (moments.n < 2) return undefined;
    n += moments.n;
    mean += share * moments.mean;
    squaredError += (share * share * moments.variance) / moments.n;
  }
  return { n, mean, variance: n * squaredError };
}
