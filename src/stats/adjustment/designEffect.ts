import { checkMoments } from '../checkMoments.ts';
import type { SampleMoments } from '../types.ts';

/**
 * The design effect: how many times larger the squared standard error is than if the observations were independent.
 * 1 where clustering does nothing.
 *
 * @param clustered from `clusteredVariance`
 * @param observations the moments of the single observations
 * @returns `undefined` where the observations do not vary or there are fewer than two clusters
 * @throws InvalidDataError for moments that no sample can have
 * @see Kish (1965), Survey Sampling, section 8.2
 */
export function designEffect(clustered: SampleMoments, observations: SampleMoments): number | undefined {
  checkMoments('clustered', clustered);
  checkMoments('observations', observations);
  if (!(clustered.n >= 2 && observations.variance > 0)) return undefined;
  return clustered.variance / clustered.n / (observations.variance / observations.n);
}
