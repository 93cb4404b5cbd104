import { checkFinite, checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import type { Alternative } from '../types.ts';

/** What every power calculation asks: how the test will be done. */
export interface PowerOptions {
  /**
   * The probability of a false alarm that the test allows.
   * @defaultValue 0.05
   */
  readonly alpha?: number;
  /**
   * The alternative that the test will look for; `greater` means that the first group has the greater mean.
   * @defaultValue 'two-sided'
   */
  readonly alternative?: Alternative;
}

/** What every calculation of a size or an effect asks besides. */
export interface TargetPowerOptions extends PowerOptions {
  /**
   * The probability of detecting the effect that is wanted. Greater than `alpha`, less than 1.
   * @defaultValue 0.8
   */
  readonly power?: number;
}

/** Sizes of the two groups. */
export type GroupSizes = readonly [first: number, second: number];

/** How large the two groups must be. */
export interface SampleSize {
  /** Whole numbers, rounded up. */
  readonly n: GroupSizes;
  /** The solution before rounding. */
  readonly exact: GroupSizes;
}

/** Checked options; `tail` is the error probability on the side of the effect. */
export interface ResolvedPower {
  readonly alpha: number;
  readonly alternative: Alternative;
  readonly power: number;
  readonly tail: number;
}

/** Applies the defaults. @throws InvalidOptionError */
export function resolvePower(options: TargetPowerOptions, known: readonly string[]): ResolvedPower {
  checkOptions('options', options, ['alpha', 'alternative', ...known]);
  const { alpha = 0.05, alternative = 'two-sided', power = 0.8 } = options;
  checkProbability('alpha', alpha);
  checkOneOf('alternative', alternative, ['two-sided', 'less', 'greater']);
  checkProbability('power', power);
  if (known.includes('power') && power <= alpha)
    throw new InvalidOptionError('power', power, `greater than alpha (${alpha})`);
  return { alpha, alternative, power, tail: alternative === 'two-sided' ? alpha / 2 : alpha };
}

/** An effect that is there, and on the side that the alternative looks for. @throws InvalidOptionError */
export function checkEffect(option: string, effect: number, alternative: Alternative): number {
  const bounds = alternative === 'greater' ? { gt: 0 } : alternative === 'less' ? { lt: 0 } : {};
  checkFinite(option, effect, bounds);
  if (effect === 0) throw new InvalidOptionError(option, effect, 'other than 0: no size detects no effect');
  return effect;
}

/** A standardised effect, of a size for which a number of observations can be computed. @throws InvalidOptionError */
export function checkEffectSize(effectSize: number, alternative: Alternative): number {
  checkEffect('effectSize', effectSize, alternative);
  const size = Math.abs(effectSize);
  if (size >= 1e-9 && size <= 1e9) return effectSize;
  throw new InvalidOptionError('effectSize', effectSize, 'between 1e-9 and 1e9 in size');
}

/** Sizes of two groups that can have a variance. @throws InvalidOptionError */
export function checkSizes(option: string, n: GroupSizes): GroupSizes {
  if (!Array.isArray(n) || n.length !== 2) throw new InvalidOptionError(option, n, 'the sizes of two groups');
  n.forEach((size, i) => {
    checkFinite(`${option}[${i}]`, size, { ge: 2 });
  });
  return n;
}

/** Rounds up, but not what exceeds a whole number by no more than the solver's tolerance. */
export function roundUp(n: number): number {
  return Math.ceil(n - Math.min(1e-6, 1e-9 * n));
}
