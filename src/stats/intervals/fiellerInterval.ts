import { checkFinite, checkOptions } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import { checkMoments } from '../checkMoments.ts';
import { studentTDistribution } from '../distributions/studentTDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { varies } from '../tests/varies.ts';
import type { Interval, IntervalResult, SampleMoments } from '../types.ts';
import { welchError } from '../welchError.ts';
import { constantWarnings } from './constantWarnings.ts';
import { resolveIntervalOptions } from './IntervalOptions.ts';
import { intervalEstimate } from './intervalEstimate.ts';

/** Options of {@link fiellerInterval}. */
export interface FiellerOptions {
  /**
   * The confidence level, strictly between 0 and 1.
   * @defaultValue 0.95
   */
  readonly level?: number;
  /**
   * For paired samples: the unbiased covariance of the pairs. Both samples must then have the same n.
   * @defaultValue 0
   */
  readonly covariance?: number;
}

/** The solutions r of (ā - r b̄)² <= t² Var(ā - r b̄), or `undefined` where they reach infinity. */
function solve(a: number, b: number, errors: readonly [number, number, number], t: number): Interval | undefined {
  const [varianceA, varianceB, shared] = errors.map((error) => t * t * error) as [number, number, number];
  const leading = b * b - varianceB;
  if (!(leading > 0)) return undefined;
  const middle = a * b - shared;
  const last = a * a - varianceA;
  const root = Math.sqrt(Math.max(0, middle * middle - leading * last));
  // The larger of the two numerators first, the other end by the product of the roots: no cancellation.
  const far = middle >= 0 ? middle + root : middle - root;
  const first = far / leading;
  const second = far === 0 ? 0 : last / far;
  return first < second ? [first, second] : [second, first];
}

/**
 * Fieller's interval of a ratio of means (`a` over `b`): exact for normal means of known variance, and valid where the
 * numerator may be 0 or of either sign. Where the denominator itself may be 0 no bounded interval has the level: the
 * interval is then the whole line, with a warning. Degrees of freedom by Welch and Satterthwaite (n - 1 where paired).
 *
 * @returns inconclusive below two observations in a sample, where neither varies, and where the denominator is 0
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * fiellerInterval({ n: 100, mean: 12, variance: 9 }, { n: 100, mean: 10, variance: 9 }); // interval [1.1115..., 1.2969...]
 * @see Fieller (1954), JRSS-B 16(2), doi:10.1111/j.2517-6161.1954.tb00159.x
 */
export function fiellerInterval(a: SampleMoments, b: SampleMoments, options: FiellerOptions = {}): IntervalResult {
  checkOptions('options', options, ['level', 'covariance']);
  const { level, tail } = resolveIntervalOptions(options, ['covariance']);
  const { covariance } = options;
  checkMoments('a', a);
  checkMoments('b', b);
  if (covariance !== undefined) {
    checkFinite('covariance', covariance);
    if (a.n !== b.n) throw new InvalidDataError('b.n', b.n, `${a.n}, the n of a, where the samples are paired`);
  }
  const n = [a.n, b.n];
  if (a.n < 2 || b.n < 2) return inconclusive('fieller', n, 'each sample needs at least 2 observations');
  if (!varies(a) && !varies(b)) return inconclusive('fieller', n, 'the values do not vary');
  if (b.mean === 0) return inconclusive('fieller', n, 'the denominator is 0');
  const estimate = a.mean / b.mean;
  const df = covariance === undefined ? welchDf(a, b, estimate) : a.n - 1;
  const errors = [a.variance / a.n, b.variance / b.n, (covariance ?? 0) / a.n] as const;
  const interval = solve(a.mean, b.mean, errors, studentTDistribution.isf(tail, df));
  const unbounded = interval === undefined ? ['the denominator may be 0: no bounded interval has the level'] : [];
  return intervalEstimate(
    'fieller',
    n,
    level,
    estimate,
    interval ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    { warnings: [...constantWarnings(a, b), ...unbounded] },
  );
}

/** The degrees of freedom of ā - r b̄; those of b alone where r is 0 and a does not vary. */
function welchDf(a: SampleMoments, b: SampleMoments, ratio: number): number {
  const { df } = welchError(a, b, ratio);
  return Number.isFinite(df) ? df : b.n - 1;
}
