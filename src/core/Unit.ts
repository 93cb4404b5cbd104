import { InvalidOptionError } from './errors.ts';

/**
 * Who is hashed for stickiness: a user, a wafer, a device. A unit is known by its text, `String(unit)`: so `1`, `1n` and
 * `'1'` are the same unit, `-0` is `0`, and `0` is a unit like any other. Text is taken as it is: `'é'` in its composed
 * and its decomposed form are two units, and so are `'1'` and `'01'`.
 *
 * Not a unit: `NaN`, infinities and the empty string. They are what a missing id turns into, and would all share one
 * variant. Numbers from 1e21 on print in exponent form, unlike the bigint of the same value; integers beyond 2^53 have
 * lost digits before they arrive here: use a string or a bigint for those.
 */
export type Unit = string | number | bigint;

/**
 * The text by which a unit is known, hashed, looked up and clustered. This rule is frozen: it changes in a major version
 * only.
 *
 * @throws InvalidOptionError unless the unit is a non-empty string, a finite number or a bigint
 * @example
 * unitText(0); // '0'
 * unitText(12n); // '12'
 */
export function unitText(unit: Unit): string {
  if (isUnit(unit)) return String(unit);
  throw new InvalidOptionError('unit', unit, 'a non-empty string, a finite number or a bigint');
}

/** Whether a value is a unit. */
export function isUnit(value: unknown): value is Unit {
  if (typeof value === 'string') return value.length > 0;
  return typeof value === 'number' ? Number.isFinite(value) : typeof value === 'bigint';
}
