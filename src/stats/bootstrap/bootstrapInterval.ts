import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import type { Rng } from '../../random/Rng.ts';
import { inconclusive } from '../inconclusive.ts';
import type { IntervalResult } from '../types.ts';
import { type BootstrapOptions, resolveBootstrap } from './BootstrapOptions.ts';
import { intervalOfReplicates } from './intervalOfReplicates.ts';
import { accelerationOf, jackknife } from './jackknife.ts';
import { resample } from './resample.ts';

/** Resamples given instead of drawn: which observation comes where. */
export interface GivenResamples extends Omit<BootstrapOptions, 'rng' | 'replicates'> {
  /** One list of indices for each replicate. */
  readonly indices: readonly ArrayLike<number>[];
}

function drawn<T>(
  sample: readonly T[],
  statistic: (resample: readonly T[]) => number,
  rng: Rng,
  replicates: number,
): Float64Array {
  return Float64Array.from({ length: replicates }, () => statistic(resample(sample, rng)));
}

function given<T>(
  sample: readonly T[],
  statistic: (resample: readonly T[]) => number,
  indices: GivenResamples['indices'],
): Float64Array {
  const n = sample.length;
  return Float64Array.from(indices, (list, r) => {
    const chosen = Array.from(list, (index, i) => {
      if (Number.isInteger(index) && index >= 0 && index < n) return sample[index] as T;
      throw new InvalidDataError(`indices[${r}][${i}]`, index, `an integer within [0, ${n})`);
    });
    return statistic(chosen);
  });
}

/**
 * The bootstrap interval of any statistic of one sample: a median, a trimmed mean, an average precision, a ratio.
 * Observations may be of any kind; pairs (score, label) are resampled as pairs. They must be independent: resample
 * clusters, not their members.
 *
 * @param sample the observations
 * @param statistic a function of a resample, which it must neither keep nor change
 * @param options with `rng`; or with `indices` instead, to replay resamples drawn elsewhere
 * @returns inconclusive below two observations, where the replicates do not vary, and where the statistic or most of
 * its replicates are no finite numbers
 * @throws InvalidOptionError, InvalidDataError for an index that is none
 * @example
 * const median = (xs: readonly number[]) => [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)]!;
 * bootstrapInterval([3, 1, 4, 1, 5, 9, 2, 6, 5], median, { rng: createRng(42) }); // estimate 4, interval [2, 6]
 * @see Efron (1987), JASA 82(397), doi:10.1080/01621459.1987.10478410; Davison & Hinkley (1997), Bootstrap Methods and
 * their Application, chapter 5
 */
export function bootstrapInterval<T>(
  sample: readonly T[],
  statistic: (resample: readonly T[]) => number,
  options: BootstrapOptions | GivenResamples,
): IntervalResult {
  const resolved = resolveBootstrap(options, statistic, ['indices']);
  const indices = 'indices' in options ? options.indices : undefined;
  const n = sample.length;
  if (n < 2) return inconclusive(`bootstrap-${resolved.method}`, [n], `${n} of at least 2 observations`);
  const { rng, replicates } = resolved;
  if (indices === undefined && rng === undefined) throw new InvalidOptionError('rng', rng, 'a random generator');
  const values = indices === undefined ? drawn(sample, statistic, rng!, replicates) : given(sample, statistic, indices);
  const acceleration = (): number =>
    accelerationOf([jackknife(n, (start, end) => statistic([...sample.slice(0, start), ...sample.slice(end)]))]);
  return intervalOfReplicates({ estimate: statistic(sample), values, acceleration }, [n], resolved);
}
