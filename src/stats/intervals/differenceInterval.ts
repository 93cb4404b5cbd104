import { checkMoments } from '../checkMoments.ts';
import { studentTDistribution } from '../distributions/studentTDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { meanDifference } from '../meanDifference.ts';
import { varies } from '../tests/varies.ts';
import type { IntervalResult, SampleMoments } from '../types.ts';
import { welchError } from '../welchError.ts';
import { constantWarnings } from './constantWarnings.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';

/**
 * Welch's t interval of a difference of means (`a` minus `b`), for samples whose spreads may differ. For rates take
 * {@link newcombeInterval}: with few events in one sample this one covers far less than its level (docs/accuracy.md).
 *
 * @returns inconclusive below two observations in a sample, and where neither varies
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * differenceInterval({ n: 20, mean: 12, variance: 4 }, { n: 20, mean: 11, variance: 4 }); // interval [-0.2803..., 2.2803...]
 * @see Welch (1947), Biometrika 34(1-2), doi:10.1093/biomet/34.1-2.28
 */
export function differenceInterval(a: SampleMoments, b: SampleMoments, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  checkMoments('a', a);
  checkMoments('b', b);
  const n = [a.n, b.n];
  if (a.n < 2 || b.n < 2) return inconclusive('welch-t', n, 'each sample needs at least 2 observations');
  if (!varies(a) && !varies(b)) return inconclusive('welch-t', n, 'the values do not vary');
  const { standardError, df } = welchError(a, b);
  const estimate = meanDifference(a, b);
  const half = studentTDistribution.isf(tail, df) * standardError;
  return intervalEstimate('welch-t', n, level, estimate, boundsFor(alternative, estimate - half, estimate + half), {
    standardError,
    warnings: constantWarnings(a, b),
  });
}
