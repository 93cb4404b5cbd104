import { checkMoments } from '../checkMoments.ts';
import { inconclusive } from '../inconclusive.ts';
import { meanDifference } from '../meanDifference.ts';
import type { SampleMoments, TestResult } from '../types.ts';
import { welchError } from '../welchError.ts';
import { standardisedDifference } from './standardisedDifference.ts';
import { checkTestOptions, type LocationTestOptions } from './TestOptions.ts';
import { tTestEstimate } from './tTestEstimate.ts';
import { varies } from './varies.ts';

/**
 * Welch's t-test of the difference of two means, `a` minus `b`, without assuming equal variances: the default for
 * comparing two groups at one planned look.
 *
 * Works on sufficient statistics: hand in two `Moments`, or `{ n, mean, variance }`. Survives values of 1e±120 and,
 * with the pivots that `Moments` carry, means of 1e9 whose samples deviate by 1e-3. The effect size is Hedges' g.
 *
 * @param a the first sample, two observations or more
 * @param b the second sample, two observations or more
 * @returns `inconclusive` below two observations in a sample, or where neither varies
 * @throws InvalidOptionError, InvalidDataError for moments that no sample can have
 * @example
 * const result = welchTest({ n: 20, mean: 12, variance: 4 }, { n: 25, mean: 11, variance: 9 });
 * result.status === 'ok' && result.pValue; // 0.18868121090751455
 * @see Welch (1947), doi:10.1093/biomet/34.1-2.28; Satterthwaite (1946), doi:10.2307/3002019
 */
export function welchTest(a: SampleMoments, b: SampleMoments, options: LocationTestOptions = {}): TestResult {
  const checked = checkTestOptions('welchTest', options, ['nullValue']);
  checkMoments('a', a);
  checkMoments('b', b);
  const method = 'welch-t';
  const n = [a.n, b.n];
  if (!(a.n >= 2 && b.n >= 2)) return inconclusive(method, n, 'each sample needs at least two observations');
  if (!(varies(a) || varies(b))) return inconclusive(method, n, 'neither sample varies: there is no standard error');
  const estimate = meanDifference(a, b);
  const { standardError, df } = welchError(a, b);
  const effectSize = standardisedDifference(a, b);
  return tTestEstimate({ method, n, estimate, standardError, df, effectSize }, checked);
}
