/** Stable, documented codes; a message may change between releases, a code only in a major one. */
export type ErrorCode =
  | 'ERR_INVALID_OPTION'
  | 'ERR_INVALID_DATA'
  | 'ERR_NO_CONVERGENCE'
  | 'ERR_UNKNOWN_VARIANT'
  | 'ERR_SNAPSHOT'
  | 'ERR_ILLEGAL_TRANSITION'
  | 'ERR_TIMEOUT'
  | 'ERR_RNG_EXHAUSTED';

/** The parent of every error that this library throws itself. Test `error.code`, not the message. */
export class CoronateError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/**
 * An option or argument breaks its rule. Thrown at construction or at the call, before anything has happened.
 * The message reads `<option> must be <rule>, got <value>`.
 */
export class InvalidOptionError extends CoronateError {
  readonly option: string;
  readonly value: unknown;
  readonly rule: string;
  constructor(option: string, value: unknown, rule: string) {
    super('ERR_INVALID_OPTION', `${option} must be ${rule}, got ${show(value)}`);
    this.option = option;
    this.value = value;
    this.rule = rule;
  }
}

/** A sample or table that the caller hands to a statistic breaks its domain: NaN in a sample, a negative count. */
export class InvalidDataError extends CoronateError {
  readonly argument: string;
  readonly value: unknown;
  readonly rule: string;
  constructor(argument: string, value: unknown, rule: string) {
    super('ERR_INVALID_DATA', `${argument} must be ${rule}, got ${show(value)}`);
    this.argument = argument;
    this.value = value;
    this.rule = rule;
  }
}

/** A numerical method ran out of iterations: thrown instead of answering with a number that is not right. */
export class NoConvergenceError extends CoronateError {
  constructor(method: string, detail: string) {
    super('ERR_NO_CONVERGENCE', `${method} did not converge: ${detail}`);
  }
}

/** A variant, arm, metric or stage name that the strategy does not have. */
export class UnknownVariantError extends CoronateError {
  readonly variant: string;
  constructor(what: string, variant: string, known: readonly string[]) {
    super('ERR_UNKNOWN_VARIANT', `${what} must be one of ${known.map(show).join(', ')}, got ${show(variant)}`);
    this.variant = variant;
  }
}

/** A snapshot of another kind or version, or one that does not fit the options it is restored with. */
export class SnapshotError extends CoronateError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_SNAPSHOT', message, options);
  }
}

/** A method that the present state does not allow: approving where no gate waits, resuming what is not paused. */
export class IllegalTransitionError extends CoronateError {
  readonly from: string;
  readonly event: string;
  constructor(from: string, event: string, why: string) {
    super('ERR_ILLEGAL_TRANSITION', `${event} is not possible in state ${show(from)}: ${why}`);
    this.from = from;
    this.event = event;
  }
}

/** An asynchronous model did not answer within its `timeoutMs`. Seen in outcomes; thrown only where nobody falls back. */
export class ModelTimeoutError extends CoronateError {
  readonly timeoutMs: number;
  constructor(variant: string, timeoutMs: number) {
    super('ERR_TIMEOUT', `${variant} did not answer within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** A value as a person would read it in an error message: short, quoted where it is text, never throwing. */
export function show(value: unknown): string {
  try {
    return tell(value, 0);
  } catch {
    // A proxy, or a getter that throws.
    return 'a value that cannot be read';
  }
}

/** Lists deeper than this are not told: one may hold itself. */
const DEEPEST = 3;

function tell(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`;
  if (Array.isArray(value)) {
    if (depth >= DEEPEST) return '[…]';
    const head = value
      .slice(0, 5)
      .map((item) => tell(item, depth + 1))
      .join(', ');
    return value.length > 5 ? `[${head}, … ${value.length} items]` : `[${head}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value).slice(0, 5);
    return `an object with ${keys.length === 0 ? 'no keys' : `keys ${keys.join(', ')}`}`;
  }
  return String(value);
}
