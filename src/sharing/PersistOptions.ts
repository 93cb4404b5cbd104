import { checkBoolean, checkFinite, checkName, checkNumber, checkOptions } from '../core/check.ts';
import { type Clock, isClock, systemClock } from '../core/clock.ts';
import { InvalidOptionError } from '../core/errors.ts';

/** Options of `persist`. */
export interface PersistOptions {
  /** Under which the store keeps it. @defaultValue the strategy's name */
  readonly key?: string;
  /** @defaultValue the platform's clock */
  readonly clock?: Clock;
  /** Saves after so many milliseconds: what a crash can lose. @defaultValue 10_000 */
  readonly everyMs?: number;
  /** Saves after so many requests as well. @defaultValue none */
  readonly everyRequests?: number;
  /** A call of the store is given up after so many milliseconds. @defaultValue 5000 */
  readonly timeoutMs?: number;
  /**
   * Whether `persist` rejects where the store cannot be read: then the service decides. Otherwise the strategy starts
   * afresh, and nothing is saved until the store could be read and turned out to hold nothing.
   * @defaultValue true
   */
  readonly required?: boolean;
  /** Whether the audit log is appended to the store's list of events. @defaultValue true */
  readonly audit?: boolean;
}

/** Options with their defaults. */
export type PersistSettings = Required<PersistOptions>;

/** @throws InvalidOptionError */
export function checkPersistOptions(options: PersistOptions, name: string): PersistSettings {
  const known = ['key', 'clock', 'everyMs', 'everyRequests', 'timeoutMs', 'required', 'audit'];
  checkOptions('options', options, known);
  const { clock = systemClock } = options;
  if (!isClock(clock)) throw new InvalidOptionError('clock', clock, 'a clock: now(), monotonic() and schedule()');
  return {
    key: checkName('key', options.key ?? name),
    clock,
    everyMs: checkFinite('everyMs', options.everyMs ?? 10_000, { gt: 0 }),
    everyRequests: checkNumber('everyRequests', options.everyRequests ?? Number.POSITIVE_INFINITY, { ge: 1 }),
    timeoutMs: checkFinite('timeoutMs', options.timeoutMs ?? 5000, { gt: 0 }),
    required: checkBoolean('required', options.required ?? true),
    audit: checkBoolean('audit', options.audit ?? true),
  };
}
