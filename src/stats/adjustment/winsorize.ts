import { checkNumber, checkOptions } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { checkSample } from '../checkSample.ts';

/** The values to which a sample is pulled in. */
export interface Caps {
  /**
   * What is below becomes this.
   * @defaultValue -Infinity
   */
  readonly lower?: number;
  /**
   * What is above becomes this.
   * @defaultValue Infinity
   */
  readonly upper?: number;
}

/**
 * Pulls the values beyond the caps in to the caps: one huge value no longer makes the variance. The caps must not
 * depend on the arm: fix them beforehand, or take `quantileCaps` of all arms together.
 *
 * @returns a new array, in the order of the input
 * @throws InvalidOptionError if `lower` exceeds `upper`
 * @throws InvalidDataError if a value is not finite
 * @example
 * winsorize([1, 2, 3, 1000], { upper: 10 }); // [1, 2, 3, 10]
 * @see Dixon (1960), Ann. Math. Statist. 31(2), doi:10.1214/aoms/1177705900
 */
export function winsorize(values: ArrayLike<number>, caps: Caps): number[] {
  checkOptions('caps', caps, ['lower', 'upper']);
  const { lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY } = caps;
  checkNumber('caps.lower', lower);
  checkNumber('caps.upper', upper);
  if (lower > upper) throw new InvalidOptionError('caps.lower', lower, `at most ${upper}, the upper cap`);
  checkSample('values', values);
  return Array.from(values, (value) => Math.min(upper, Math.max(lower, value)));
}
