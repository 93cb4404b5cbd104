import { checkMoments } from '../checkMoments.ts';
import { studentTDistribution } from '../distributions/studentTDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from '../intervals/IntervalOptions.ts';
import { intervalEstimate } from '../intervals/intervalEstimate.ts';
import type { IntervalResult, SampleMoments } from '../types.ts';

/**
 * The interval of a root mean squared error from the moments of the squared errors: the delta method on the logarithm
 * of the mean square, so that both ends are positive. Its level holds in the limit; heavy-tailed errors need many
 * (docs/accuracy.md).
 *
 * @param squares the moments of the squared errors
 * @returns inconclusive below two observations, and where the squares do not vary. `standardError` is that of the
 * logarithm of the root.
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @see van der Vaart (1998), Asymptotic Statistics, section 3.1
 */
export function rootMeanSquareInterval(squares: SampleMoments, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  const { n, mean, variance } = checkMoments('squares', squares);
  if (n < 2) return inconclusive('log-root-mean-square', [n], `${n} of at least 2 observations`);
  if (!(variance > 0 && mean > 0)) return inconclusive('log-root-mean-square', [n], 'the squares do not vary');
  const estimate = Math.sqrt(mean);
  const standardError = Math.sqrt(variance / n) / (2 * mean);
  const factor = Math.exp(studentTDistribution.isf(tail, n - 1) * standardError);
  const bounds = boundsFor(alternative, estimate / factor, estimate * factor, [0, Number.POSITIVE_INFINITY]);
  return intervalEstimate('log-root-mean-square', [n], level, estimate, bounds, { standardError });
}
