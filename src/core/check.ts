import { InvalidOptionError, show } from './errors.ts';

/** Bounds of a number; an open end is left out. */
export interface Bounds {
  /** Strictly greater than. */
  readonly gt?: number;
  /** Greater than or equal to. */
  readonly ge?: number;
  /** Strictly less than. */
  readonly lt?: number;
  /** Less than or equal to. */
  readonly le?: number;
}

function interval({ gt, ge, lt, le }: Bounds): string {
  const low = gt !== undefined ? `(${gt}` : ge !== undefined ? `[${ge}` : undefined;
  const high = lt !== undefined ? `${lt})` : le !== undefined ? `${le}]` : undefined;
  if (low !== undefined && high !== undefined) return ` within ${low}, ${high}`;
  if (low !== undefined) return gt !== undefined ? ` greater than ${gt}` : ` at least ${ge}`;
  if (high !== undefined) return lt !== undefined ? ` less than ${lt}` : ` at most ${le}`;
  return '';
}

function inside(value: number, { gt, ge, lt, le }: Bounds): boolean {
  return (
    (gt === undefined || value > gt) &&
    (ge === undefined || value >= ge) &&
    (lt === undefined || value < lt) &&
    (le === undefined || value <= le)
  );
}

/** A finite number within bounds. @throws InvalidOptionError */
export function checkFinite(option: string, value: unknown, bounds: Bounds = {}): number {
  if (typeof value === 'number' && Number.isFinite(value) && inside(value, bounds)) return value;
  throw new InvalidOptionError(option, value, `a finite number${interval(bounds)}`);
}

/** A number within bounds that may be infinite where the bounds allow it, never NaN. @throws InvalidOptionError */
export function checkNumber(option: string, value: unknown, bounds: Bounds = {}): number {
  if (typeof value === 'number' && !Number.isNaN(value) && inside(value, bounds)) return value;
  throw new InvalidOptionError(option, value, `a number${interval(bounds)}`);
}

/** A safe integer within bounds. @throws InvalidOptionError */
export function checkInteger(option: string, value: unknown, bounds: Bounds = {}): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && inside(value, bounds)) return value;
  throw new InvalidOptionError(option, value, `an integer${interval(bounds)}`);
}

/** A fraction within [0, 1]. @throws InvalidOptionError */
export function checkShare(option: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new InvalidOptionError(option, value, 'within [0, 1]');
}

/** An error probability or confidence level, strictly between 0 and 1. @throws InvalidOptionError */
export function checkProbability(option: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && value < 1) return value;
  throw new InvalidOptionError(option, value, 'strictly between 0 and 1');
}

/** Shares that sum to one, within 1e-9. They are refused otherwise, never rescaled. @throws InvalidOptionError */
export function checkShares(option: string, shares: readonly number[]): readonly number[] {
  checkList(option, shares, 'a list of shares');
  let sum = 0;
  for (let i = 0; i < shares.length; i += 1) sum += checkShare(`${option}[${i}]`, shares[i]);
  if (Math.abs(sum - 1) <= 1e-9) return shares;
  throw new InvalidOptionError(option, shares, `shares that sum to 1 (they sum to ${Number(sum.toPrecision(12))})`);
}

/** A string that is not empty. @throws InvalidOptionError */
export function checkName(option: string, value: unknown): string {
  if (typeof value === 'string' && value.length > 0) return value;
  throw new InvalidOptionError(option, value, 'a non-empty string');
}

/** One of the listed strings. @throws InvalidOptionError */
export function checkOneOf<T extends string>(option: string, value: unknown, allowed: readonly T[]): T {
  if (typeof value === 'string' && (allowed as readonly string[]).includes(value)) return value as T;
  throw new InvalidOptionError(option, value, `one of ${allowed.map(show).join(', ')}`);
}

/** A function. @throws InvalidOptionError */
export function checkFunction<T>(option: string, value: T): T & ((...args: never) => unknown) {
  if (typeof value === 'function') return value as T & ((...args: never) => unknown);
  throw new InvalidOptionError(option, value, 'a function');
}

/** A boolean. @throws InvalidOptionError */
export function checkBoolean(option: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidOptionError(option, value, 'true or false');
}

/** A list. @throws InvalidOptionError */
export function checkList<T>(option: string, value: readonly T[], what = 'a list'): readonly T[] {
  if (Array.isArray(value)) return value;
  throw new InvalidOptionError(option, value, what);
}

/** Names without repetition. @throws InvalidOptionError */
export function checkDistinct(option: string, names: readonly string[]): readonly string[] {
  checkList(option, names, 'a list of names');
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      throw new InvalidOptionError(option, name, 'a list of distinct names (this one is there twice)');
    seen.add(name);
  }
  return names;
}

/**
 * An options object whose keys are all known: a misspelt option is an error, not silence.
 * @throws InvalidOptionError
 */
export function checkOptions(where: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidOptionError(where, value, 'an options object');
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw new InvalidOptionError(
        `${where}.${key}`,
        (value as Record<string, unknown>)[key],
        `left out: the options are ${known.join(', ')}`,
      );
    }
  }
}

/** The text of a plain JSON value. @throws InvalidOptionError where it has none: undefined, a function, a BigInt, a circle */
export function jsonTextOf(option: string, value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    // A circle, a BigInt, or something whose `toJSON` throws.
  }
  if (text === undefined) throw new InvalidOptionError(option, value, 'plain JSON');
  return text;
}
