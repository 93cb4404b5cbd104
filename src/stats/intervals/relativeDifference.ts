import type { IntervalResult, SampleMoments } from '../types.ts';
import type { IntervalOptions } from './IntervalOptions.ts';
import { logRatioInterval } from './logRatioInterval.ts';

/**
 * The relative difference of two means, (treatment - control) / control, with its interval by the log-ratio: 0.1 is a
 * lift of 10 %. For reading, not for testing: whether there is an effect is asked on the absolute scale.
 *
 * @returns inconclusive where {@link logRatioInterval} is. `standardError` is that of the logarithm of the ratio.
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * relativeDifference({ n: 100, mean: 12, variance: 9 }, { n: 100, mean: 10, variance: 9 }); // estimate 0.2
 */
export function relativeDifference(
  treatment: SampleMoments,
  control: SampleMoments,
  options: IntervalOptions = {},
): IntervalResult {
  const ratio = logRatioInterval(treatment, control, options);
  if (ratio.status === 'inconclusive') return { ...ratio, method: 'relative-log-ratio' };
  const [lower, upper] = ratio.interval;
  return {
    ...ratio,
    method: 'relative-log-ratio',
    estimate: (treatment.mean - control.mean) / control.mean,
    interval: [lower - 1, upper - 1],
  };
}
