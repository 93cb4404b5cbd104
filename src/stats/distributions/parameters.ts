import { checkFinite, checkInteger, checkNumber, checkShare } from '../../core/check.ts';
import { GREATEST_SHAPE } from '../special/incompleteBeta.ts';

// The comparisons come first, so that the checker's bounds are only built where it is going to throw.

/** @throws InvalidOptionError */
export function requireNumber(name: string, value: number): void {
  if (!(value >= Number.NEGATIVE_INFINITY)) checkNumber(name, value);
}

/** @throws InvalidOptionError */
export function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) checkFinite(name, value);
}

/** @throws InvalidOptionError */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) checkFinite(name, value, { gt: 0 });
}

/** A parameter of the beta distribution and its kin. @throws InvalidOptionError */
export function requireShape(name: string, value: number): void {
  if (!(value > 0 && value <= GREATEST_SHAPE)) checkFinite(name, value, { gt: 0, le: GREATEST_SHAPE });
}

/** @throws InvalidOptionError */
export function requireProbability(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) checkShare(name, value);
}

/** @throws InvalidOptionError */
export function requireCount(name: string, value: number, most: number = Number.MAX_SAFE_INTEGER): void {
  if (!(value >= 0 && value <= most && Number.isSafeInteger(value))) checkInteger(name, value, { ge: 0, le: most });
}
