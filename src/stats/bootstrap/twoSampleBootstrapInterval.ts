import { InvalidOptionError } from '../../core/errors.ts';
import { inconclusive } from '../inconclusive.ts';
import type { IntervalResult } from '../types.ts';
import { type BootstrapOptions, resolveBootstrap } from './BootstrapOptions.ts';
import { intervalOfReplicates } from './intervalOfReplicates.ts';
import { accelerationOf, jackknife } from './jackknife.ts';
import { resample } from './resample.ts';

/**
 * The bootstrap interval of any statistic of two independent samples: a difference of medians, a ratio of quantiles.
 * Each sample is resampled for itself.
 *
 * @param a the first sample
 * @param b the second sample
 * @param statistic a function of the two resamples, which it must neither keep nor change
 * @returns inconclusive below two observations in a sample, where the replicates do not vary, and where the statistic or
 * most of its replicates are no finite numbers
 * @throws InvalidOptionError
 * @see Davison & Hinkley (1997), Bootstrap Methods and their Application, sections 3.2 and 5.4
 */
export function twoSampleBootstrapInterval<A, B>(
  a: readonly A[],
  b: readonly B[],
  statistic: (a: readonly A[], b: readonly B[]) => number,
  options: BootstrapOptions,
): IntervalResult {
  const resolved = resolveBootstrap(options, statistic);
  const { rng, replicates, method } = resolved;
  if (rng === undefined) throw new InvalidOptionError('rng', rng, 'a random generator');
  const n = [a.length, b.length];
  if (a.length < 2 || b.length < 2) {
    return inconclusive(`bootstrap-${method}`, n, 'each sample needs at least 2 observations');
  }
  const values = Float64Array.from({ length: replicates }, () => statistic(resample(a, rng), resample(b, rng)));
  const acceleration = (): number =>
    accelerationOf([
      jackknife(a.length, (start, end) => statistic([...a.slice(0, start), ...a.slice(end)], b)),
      jackknife(b.length, (start, end) => statistic(a, [...b.slice(0, start), ...b.slice(end)])),
    ]);
  return intervalOfReplicates({ estimate: statistic(a, b), values, acceleration }, n, resolved);
}
