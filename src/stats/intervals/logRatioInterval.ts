import { checkMoments } from '../checkMoments.ts';
import { studentTDistribution } from '../distributions/studentTDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { varies } from '../tests/varies.ts';
import type { IntervalResult, SampleMoments } from '../types.ts';
import { welchError } from '../welchError.ts';
import { constantWarnings } from './constantWarnings.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';

/**
 * The interval of a ratio of means (`a` over `b`) on the logarithmic scale: log ratio ± t √(s²_a / n_a ā² + s²_b / n_b b̄²),
 * taken back. It holds its level where the linear delta method, on which most tools rely for relative lifts, does not.
 * Degrees of freedom by Welch and Satterthwaite. For means that may be 0 take {@link fiellerInterval}.
 *
 * @returns inconclusive unless both means are positive (or both negative), below two observations in a sample, and
 * where neither sample varies. `standardError` is that of the logarithm.
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * logRatioInterval({ n: 100, mean: 12, variance: 9 }, { n: 100, mean: 10, variance: 9 }); // interval [1.1110..., 1.2960...]
 * @see Fleiss (1993), Stat. Methods Med. Res. 2(2), doi:10.1177/096228029300200202; Hedges, Gurevitch & Curtis (1999),
 * Ecology 80(4), doi:10.1890/0012-9658(1999)080[1150:TMAORR]2.0.CO;2
 */
export function logRatioInterval(a: SampleMoments, b: SampleMoments, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  checkMoments('a', a);
  checkMoments('b', b);
  const n = [a.n, b.n];
  if (a.n < 2 || b.n < 2) return inconclusive('log-ratio', n, 'each sample needs at least 2 observations');
  const ratio = a.mean / b.mean;
  if (!(ratio > 0 && Number.isFinite(ratio))) {
    return inconclusive(
      'log-ratio',
      n,
      'a ratio on the logarithmic scale needs two means of the same sign, none of them 0',
    );
  }
  if (!varies(a) && !varies(b)) return inconclusive('log-ratio', n, 'the values do not vary');
  const error = welchError(a, b, ratio);
  const standardError = error.standardError / Math.abs(a.mean);
  const half = studentTDistribution.isf(tail, error.df) * standardError;
  return intervalEstimate(
    'log-ratio',
    n,
    level,
    ratio,
    boundsFor(alternative, ratio * Math.exp(-half), ratio * Math.exp(half), [0, Number.POSITIVE_INFINITY]),
    { standardError, warnings: constantWarnings(a, b) },
  );
}
