import { checkMoments } from '../checkMoments.ts';
import { inconclusive } from '../inconclusive.ts';
import type { SampleMoments, TestResult } from '../types.ts';
import { degreesOf } from '../welchError.ts';
import { studentInference } from './studentInference.ts';
import { checkTestOptions, type LocationTestOptions } from './TestOptions.ts';
import { varies } from './varies.ts';

/**
 * Student's t-test of one mean against `nullValue`. On the moments of paired differences it is the paired t-test, which
 * is how to run that one on a stream. The effect size is Cohen's d: the mean minus `nullValue` in standard deviations.
 *
 * @param sample two observations or more
 * @returns `inconclusive` below two observations, or where they do not vary
 * @throws InvalidOptionError, InvalidDataError for moments that no sample can have
 * @example
 * const result = oneSampleTTest({ n: 16, mean: 10.5, variance: 1 }, { nullValue: 10 });
 * result.status === 'ok' && result.statistic; // 2
 * @see Student (1908), doi:10.1093/biomet/6.1.1
 */
export function oneSampleTTest(sample: SampleMoments, options: LocationTestOptions = {}): TestResult {
  const checked = checkTestOptions('oneSampleTTest', options, ['nullValue']);
  checkMoments('sample', sample);
  const method = 'one-sample-t';
  const n = [sample.n];
  if (!(sample.n >= 2)) return inconclusive(method, n, 'needs at least two observations');
  if (!varies(sample)) return inconclusive(method, n, 'the observations do not vary: there is no standard error');
  const { pivot, offset, variance } = sample;
  const { nullValue } = checked;
  // The null value first, so that a mean of 1e9 keeps what it has beyond its double.
  const distance = pivot === undefined || offset === undefined ? sample.mean - nullValue : pivot - nullValue + offset;
  const standardError = Math.sqrt(variance / sample.n);
  const df = degreesOf(sample);
  const inference = studentInference(distance, standardError, df, { ...checked, nullValue: 0 });
  const [lower, upper] = inference.interval;
  return {
    status: 'ok',
    method,
    validity: 'fixed-n',
    n,
    warnings: [],
    estimate: nullValue + distance,
    ...inference,
    interval: [nullValue + lower, nullValue + upper],
    level: checked.level,
    alternative: checked.alternative,
    standardError,
    df,
    effectSize: { name: 'cohen-d', value: distance / Math.sqrt(variance) },
  };
}
