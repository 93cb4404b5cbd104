import { checkMoments } from '../checkMoments.ts';
import { inconclusive } from '../inconclusive.ts';
import { meanDifference } from '../meanDifference.ts';
import type { SampleMoments, TestResult } from '../types.ts';
import { degreesOf } from '../welchError.ts';
import { standardisedDifference } from './standardisedDifference.ts';
import { checkTestOptions, type LocationTestOptions } from './TestOptions.ts';
import { tTestEstimate } from './tTestEstimate.ts';
import { varies } from './varies.ts';

/**
 * Student's t-test of the difference of two means, `a` minus `b`, with a pooled variance: exact for normal samples of
 * equal variance. Where the variances may differ, use {@link welchTest}; one observation against several is the case
 * that only this test answers. The effect size is Hedges' g.
 *
 * @param a the first sample, not empty
 * @param b the second sample, not empty
 * @returns `inconclusive` for an empty sample, below three observations in total, or where neither sample varies
 * @throws InvalidOptionError, InvalidDataError for moments that no sample can have
 * @example
 * const result = studentTest({ n: 20, mean: 12, variance: 4 }, { n: 25, mean: 11, variance: 9 });
 * result.status === 'ok' && result.df; // 43
 * @see Student (1908), doi:10.1093/biomet/6.1.1; Fisher (1925), Metron 5(3)
 */
export function studentTest(a: SampleMoments, b: SampleMoments, options: LocationTestOptions = {}): TestResult {
  const checked = checkTestOptions('studentTest', options, ['nullValue']);
  checkMoments('a', a);
  checkMoments('b', b);
  const method = 'student-t';
  const n = [a.n, b.n];
  const df = degreesOf(a) + degreesOf(b);
  if (!(a.n >= 1 && b.n >= 1 && df > 0)) {
    return inconclusive(method, n, 'needs an observation in each sample and three in total');
  }
  if (!(varies(a) || varies(b))) return inconclusive(method, n, 'neither sample varies: there is no standard error');
  // A single observation has no variance and adds nothing to the pooled sum of squares.
  const part = (sample: SampleMoments): number => (sample.n > 1 ? (degreesOf(sample) / df) * sample.variance : 0);
  const pooled = part(a) + part(b);
  const standardError = Math.sqrt(pooled / a.n + pooled / b.n);
  const estimate = meanDifference(a, b);
  const effectSize = standardisedDifference(a, b);
  return tTestEstimate({ method, n, estimate, standardError, df, effectSize }, checked);
}
