import { checkPairs } from '../checkSample.ts';
import type { IntervalOptions } from '../intervals/IntervalOptions.ts';
import type { TestResult } from '../types.ts';
import { correlate } from './correlate.ts';
import { correlationTest } from './correlationTest.ts';

/**
 * Pearson's correlation of pairs, within [-1, 1]: how well a straight line describes them. Accurate also where it is
 * nearly 1 and 1 - r² would cancel.
 *
 * @returns `undefined` below two pairs, and where one of the variables does not vary
 * @throws InvalidDataError for a value that is not finite or lengths that differ
 * @example
 * pearsonCorrelation([1, 2, 3, 4], [1, 3, 2, 5]); // 0.8315218406202999
 * @see Pearson (1896), Phil. Trans. R. Soc. A 187, doi:10.1098/rsta.1896.0007
 */
export function pearsonCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number | undefined {
  checkPairs('x', x, 'y', y);
  return correlate(x, y)?.r;
}

/**
 * The t-test of Pearson's correlation against 0, with Fisher's interval tanh(artanh r ± z / √(n - 3)). Exact for
 * normal pairs (the test) and close (the interval); with heavy tails the interval is too narrow at any size
 * (docs/accuracy.md).
 *
 * @returns inconclusive below three pairs, and where one of the variables does not vary. Of three pairs the interval is
 * [-1, 1]; a perfect correlation has a p-value of 0 and an interval of no width, with a warning.
 * @throws InvalidDataError for a value that is not finite or lengths that differ
 * @throws InvalidOptionError
 * @see Fisher (1921), Metron 1(4), 3-32
 */
export function pearsonTest(x: ArrayLike<number>, y: ArrayLike<number>, options: IntervalOptions = {}): TestResult {
  checkPairs('x', x, 'y', y);
  return correlationTest('pearson', correlate(x, y), x.length, options, () => 1);
}
