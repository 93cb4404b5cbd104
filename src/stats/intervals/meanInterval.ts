import { checkMoments } from '../checkMoments.ts';
import { studentTDistribution } from '../distributions/studentTDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { varies } from '../tests/varies.ts';
import type { IntervalResult, SampleMoments } from '../types.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';

/**
 * Student's t interval of a mean. Exact for normal data; for others right in the limit, and short of its level where
 * few values of a heavy-tailed sample decide (95 % becomes about 79 % with 30 lognormal(1.5) values: docs/accuracy.md).
 *
 * @returns inconclusive below two observations, and where the values do not vary
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * meanInterval({ n: 25, mean: 10, variance: 4 }); // interval [9.1744..., 10.8255...]
 * @see Student (1908), Biometrika 6(1), doi:10.1093/biomet/6.1.1
 */
export function meanInterval(sample: SampleMoments, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  const { n, mean, variance } = checkMoments('sample', sample);
  if (n < 2) return inconclusive('student-t', [n], `${n} of at least 2 observations`);
  if (!varies(sample)) return inconclusive('student-t', [n], 'the values do not vary');
  const standardError = Math.sqrt(variance / n);
  const half = studentTDistribution.isf(tail, n - 1) * standardError;
  return intervalEstimate('student-t', [n], level, mean, boundsFor(alternative, mean - half, mean + half), {
    standardError,
  });
}
