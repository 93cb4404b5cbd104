import { checkFinite, checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import type { Alternative } from '../types.ts';

/** Options that all tests share. */
export interface TestOptions {
  /** What the test looks for, in terms of the estimate minus the null value. @defaultValue 'two-sided' */
  readonly alternative?: Alternative;
  /** The confidence level of the interval, strictly between 0 and 1. @defaultValue 0.95 */
  readonly level?: number;
}

/** Options of tests on a mean, a shift or a difference. */
export interface LocationTestOptions extends TestOptions {
  /** The value of the estimated quantity under the null hypothesis. @defaultValue 0 */
  readonly nullValue?: number;
}

/** The shared options with their defaults. */
export interface CheckedOptions {
  readonly alternative: Alternative;
  readonly level: number;
  readonly nullValue: number;
}

/** Checks what all tests share and fills in the defaults; `own` are the names of the test's own options. @throws InvalidOptionError */
export function checkTestOptions(
  test: string,
  options: LocationTestOptions,
  own: readonly string[] = [],
): CheckedOptions {
  checkOptions(`${test} options`, options, ['alternative', 'level', ...own]);
  const { alternative = 'two-sided', level = 0.95, nullValue = 0 } = options;
  return {
    alternative: checkOneOf('alternative', alternative, ['two-sided', 'less', 'greater']),
    level: checkProbability('level', level),
    nullValue: checkFinite('nullValue', nullValue),
  };
}
