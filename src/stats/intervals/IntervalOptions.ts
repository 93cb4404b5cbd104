import { checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import type { Alternative, Interval } from '../types.ts';

/** Options that every interval takes. */
export interface IntervalOptions {
  /**
   * The confidence level, strictly between 0 and 1.
   * @defaultValue 0.95
   */
  readonly level?: number;
  /**
   * `two-sided` gives both bounds, each with half of 1 - level. `greater` gives a lower bound only (is the quantity
   * greater than …?) and `less` an upper one only, with all of 1 - level; the other end is as far as the quantity goes.
   * @defaultValue 'two-sided'
   */
  readonly alternative?: Alternative;
}

/** Checked options, with the error probability that each bound may spend. */
export interface ResolvedIntervalOptions {
  readonly level: number;
  readonly alternative: Alternative;
  readonly tail: number;
}

/** Applies the defaults. `known` are the keys that a function takes beyond the common ones. @throws InvalidOptionError */
export function resolveIntervalOptions(
  options: IntervalOptions,
  known: readonly string[] = [],
): ResolvedIntervalOptions {
  checkOptions('options', options, ['level', 'alternative', ...known]);
  const { level = 0.95, alternative = 'two-sided' } = options;
  checkProbability('level', level);
  checkOneOf('alternative', alternative, ['two-sided', 'less', 'greater']);
  return { level, alternative, tail: alternative === 'two-sided' ? (1 - level) / 2 : 1 - level };
}

/** Two bounds, of which the one that the alternative does not ask for gives way to the end of the range. */
export function boundsFor(
  alternative: Alternative,
  lower: number,
  upper: number,
  range: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): Interval {
  return [alternative === 'less' ? range[0] : lower, alternative === 'greater' ? range[1] : upper];
}
