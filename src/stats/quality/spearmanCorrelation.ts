import { checkPairs } from '../checkSample.ts';
import type { IntervalOptions } from '../intervals/IntervalOptions.ts';
import { midranks } from '../midranks.ts';
import type { TestResult } from '../types.ts';
import { correlate } from './correlate.ts';
import { correlationTest } from './correlationTest.ts';

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks (ties have the mean of their ranks), within [-1, 1].
 * How well any rising curve describes the pairs.
 *
 * @returns `undefined` below two pairs, and where one of the variables does not vary
 * @throws InvalidDataError for a value that is not finite or lengths that differ
 * @example
 * spearmanCorrelation([1, 2, 3, 4], [1, 30, 20, 500]); // 0.8
 * @see Spearman (1904), Amer. J. Psychol. 15(1), doi:10.2307/1412159
 */
export function spearmanCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  checkPairs('x', x, 'y', y);
  return correlate(midranks(x), midranks(y))?.r;
}

/**
 * The t-test of Spearman's correlation against 0 (an approximation, good from about ten pairs on), with the interval of
 * Bonett and Wright, whose squared standard error on Fisher's scale is (1 + r²/2) / (n - 3).
 *
 * @returns inconclusive below three pairs, and where one of the variables does not vary. Of three pairs the interval is
 * [-1, 1]; a perfect correlation has a p-value of 0 and an interval of no width, with a warning.
 * @throws InvalidDataError for a value that is not finite or lengths that differ
 * @throws InvalidOptionError
 * @see Bonett & Wright (2000), Psychometrika 65(1), doi:10.1007/BF02294183
 */
export function spearmanTest(x: ArrayLike<number>, y: ArrayLike<number>, options: IntervalOptions = {}): TestResult {
  checkPairs('x', x, 'y', y);
  const correlation = correlate(midranks(x), midranks(y));
  return correlationTest('spearman', correlation, x.length, options, (r) => 1 + (r * r) / 2);
}
