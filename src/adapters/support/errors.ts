import type { ErrorCode as CoreErrorCode } from '../../core/errors.ts';

/** Stable, documented codes; a message may change between releases, a code only in a major one. */
export type AdapterErrorCode =
  | Extract<CoreErrorCode, 'ERR_INVALID_OPTION'>
  | 'ERR_INVALID_RECORD'
  | 'ERR_LOG_FORMAT'
  | 'ERR_LOG_INTEGRITY'
  | 'ERR_CLOSED'
  | 'ERR_REFUSED'
  | 'ERR_FULL'
  | 'ERR_WORKER_EXITED'
  | 'ERR_WORKER_START'
  | 'ERR_LOCKED'
  | 'ERR_DAMAGED';

/** The parent of every error that an adapter throws itself. Test `error.code`, not the message. */
export class AdapterError extends Error {
  readonly code: AdapterErrorCode;
  constructor(code: AdapterErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/**
 * An option or argument breaks its rule. Thrown at construction or at the call, before anything has happened.
 * The message reads `<option> must be <rule>, got <value>`. It has the code, name and fields of the core's error of this
 * name: adapters load nothing of the core.
 */
export class InvalidOptionError extends AdapterError {
  readonly option: string;
  readonly value: unknown;
  readonly rule: string;
  constructor(option: string, value: unknown, rule: string, options?: ErrorOptions) {
    super('ERR_INVALID_OPTION', `${option} must be ${rule}, got ${show(value)}`, options);
    this.option = option;
    this.value = value;
    this.rule = rule;
  }
}

/** A record that cannot be written down: it is no JSON, or its own `toJSON` throws. */
export class InvalidRecordError extends AdapterError {
  /** Its place in the batch. */
  readonly index: number;
  constructor(index: number, value: unknown, options?: ErrorOptions) {
    super('ERR_INVALID_RECORD', `records[${index}] must be plain JSON, got ${show(value)}`, options);
    this.index = index;
  }
}

/** A log holds what its codec never wrote. */
export class LogFormatError extends AdapterError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_LOG_FORMAT', message, options);
  }
}

/** A call to something that has been closed. */
export class ClosedError extends AdapterError {
  constructor(what: string) {
    super('ERR_CLOSED', `${what} has been closed`);
  }
}

/** A bounded queue has no room: nothing of the call was taken in. */
export class FullError extends AdapterError {
  constructor(what: string, waiting: number, limit: number) {
    super('ERR_FULL', `${what} is full: ${waiting} wait, ${limit} are the limit`);
  }
}

/** Another process has what this one asked for. */
export class LockedError extends AdapterError {
  constructor(path: string, pid: number, host: string) {
    const owner = pid === 0 ? host : `process ${pid} on ${host}`;
    super('ERR_LOCKED', `${path} is held by ${owner}; if that is gone, remove the file`);
  }
}

/** A store holds what was never written there. */
export class DamagedError extends AdapterError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_DAMAGED', message, options);
  }
}

/** A value as a person would read it in an error message: short, quoted where it is text, never throwing. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
