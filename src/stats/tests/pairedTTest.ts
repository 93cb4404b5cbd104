import { checkPairs } from '../checkSample.ts';
import { inconclusive } from '../inconclusive.ts';
import { Moments } from '../summaries/index.ts';
import type { TestResult } from '../types.ts';
import { oneSampleTTest } from './oneSampleTTest.ts';
import { checkTestOptions, type LocationTestOptions } from './TestOptions.ts';

/** Differences below this share of the numbers themselves are their rounding. */
const ROUNDING = 4 * Number.EPSILON;

/**
 * The paired t-test: the mean of the differences `a[i] - b[i]`, for two models that scored the same requests. It needs
 * no assumption on the two samples, only on their differences. The effect size is Cohen's d of the differences.
 *
 * On a stream push the differences into `Moments` and ask {@link oneSampleTTest}.
 *
 * @param a the first measurement of each pair
 * @param b the second measurement of each pair, as many
 * @returns `inconclusive` below two pairs, or where all differences are equal up to rounding
 * @throws InvalidOptionError, InvalidDataError for samples of unequal length or with numbers that are not finite
 * @example
 * const result = pairedTTest([12, 15, 11], [10, 14, 8]);
 * result.status === 'ok' && result.estimate; // 2
 * @see Student (1908), doi:10.1093/biomet/6.1.1, section IX
 */
export function pairedTTest(a: ArrayLike<number>, b: ArrayLike<number>, options: LocationTestOptions = {}): TestResult {
  checkTestOptions('pairedTTest', options, ['nullValue']);
  checkPairs('a', a, 'b', b);
  const differences = new Moments();
  let largest = 0;
  for (let i = 0; i < a.length; i += 1) {
    differences.push(a[i]! - b[i]!);
    largest = Math.max(largest, Math.abs(a[i]!), Math.abs(b[i]!));
  }
  const method = 'paired-t';
  if (differences.standardDeviation <= ROUNDING * largest) {
    return inconclusive(method, [a.length], 'the differences do not vary beyond rounding: there is no standard error');
  }
  return { ...oneSampleTTest(differences, options), method };
}
