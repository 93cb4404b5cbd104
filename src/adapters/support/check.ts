import { InvalidOptionError, show } from './errors.ts';

/** Bounds of a number, both included; an open end is left out. */
export interface Bounds {
  readonly ge?: number;
  readonly le?: number;
}

function interval({ ge, le }: Bounds): string {
  if (ge !== undefined && le !== undefined) return ` within [${ge}, ${le}]`;
  if (ge !== undefined) return ` at least ${ge}`;
  return le === undefined ? '' : ` at most ${le}`;
}

const inside = (value: number, { ge, le }: Bounds): boolean =>
  (ge === undefined || value >= ge) && (le === undefined || value <= le);

/** A safe integer within bounds. @throws InvalidOptionError */
export function checkInteger(option: string, value: unknown, bounds: Bounds = {}): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && inside(value, bounds)) return value;
  throw new InvalidOptionError(option, value, `an integer${interval(bounds)}`);
}

/** A number within bounds that may be infinite where the bounds allow it, never NaN. @throws InvalidOptionError */
export function checkNumber(option: string, value: unknown, bounds: Bounds = {}): number {
  if (typeof value === 'number' && !Number.isNaN(value) && inside(value, bounds)) return value;
  throw new InvalidOptionError(option, value, `a number${interval(bounds)}`);
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

/** An object with the methods named. @throws InvalidOptionError */
export function checkMethods<T>(option: string, value: T, what: string, methods: readonly (string | symbol)[]): T {
  const members = value as Record<string | symbol, unknown> | null | undefined;
  if (members !== null && members !== undefined && methods.every((name) => typeof members[name] === 'function'))
    return value;
  throw new InvalidOptionError(option, value, `${what}: an object with ${methods.map(String).join(', ')}`);
}

/** An options object whose keys are all known: a misspelt option is an error, not silence. @throws InvalidOptionError */
export function checkOptions(where: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidOptionError(where, value, 'an options object');
  for (const [key, held] of Object.entries(value)) {
    if (!known.includes(key))
      throw new InvalidOptionError(`${where}.${key}`, held, `left out: the options are ${known.join(', ')}`);
  }
}

/** A boolean. @throws InvalidOptionError */
export function checkBoolean(option: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidOptionError(option, value, 'true or false');
}

/** A finite number. @throws InvalidOptionError */
export function checkFinite(option: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new InvalidOptionError(option, value, 'a finite number');
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
