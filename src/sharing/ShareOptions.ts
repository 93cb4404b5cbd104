import { checkFinite, checkInteger, checkName, checkNumber, checkOptions } from '../core/check.ts';
import { type Clock, isClock, systemClock } from '../core/clock.ts';
import { InvalidOptionError } from '../core/errors.ts';

/** Options of `share`. */
export interface ShareOptions {
  /**
   * Names this replica: a host, a pod, a worker. Two that live at once under one name are told apart all the same.
   * @defaultValue 'replica'
   */
  readonly replica?: string;
  /** @defaultValue the platform's clock */
  readonly clock?: Clock;
  /**
   * A round with the hub after so many milliseconds: how old what the others learnt can be, how much a crash can lose, and
   * how long replicas can disagree where the hub has no `watch`.
   * @defaultValue 1000
   */
  readonly everyMs?: number;
  /** A round after so many requests as well, one at a time. @defaultValue none */
  readonly everyRequests?: number;
  /** A round is given up, and tried again, after so many milliseconds. @defaultValue 5000 */
  readonly timeoutMs?: number;
  /** The event `stale` tells that the last good round is longer ago than this. @defaultValue 30_000 */
  readonly maxStalenessMs?: number;
  /** A truth waits so many milliseconds for a replica that has not told its outcome yet. @defaultValue 60_000 */
  readonly graceMs?: number;
  /** At most so many truths wait for the hub. @defaultValue 100_000 */
  readonly truthCapacity?: number;
  /** The log at the hub is folded into one state once it holds so many deltas. @defaultValue 256 */
  readonly foldAt?: number;
}

/** Options with their defaults. */
export type ShareSettings = Required<ShareOptions>;

/** @throws InvalidOptionError */
export function checkShareOptions(options: ShareOptions): ShareSettings {
  checkOptions('options', options, [
    'replica',
    'clock',
    'everyMs',
    'everyRequests',
    'timeoutMs',
    'maxStalenessMs',
    'graceMs',
    'truthCapacity',
    'foldAt',
  ]);
  const { clock = systemClock } = options;
  if (!isClock(clock)) throw new InvalidOptionError('clock', clock, 'a clock: now(), monotonic() and schedule()');
  return {
    replica: checkName('replica', options.replica ?? 'replica'),
    clock,
    everyMs: checkFinite('everyMs', options.everyMs ?? 1000, { gt: 0 }),
    everyRequests: checkNumber('everyRequests', options.everyRequests ?? Number.POSITIVE_INFINITY, { ge: 1 }),
    timeoutMs: checkFinite('timeoutMs', options.timeoutMs ?? 5000, { gt: 0 }),
    maxStalenessMs: checkFinite('maxStalenessMs', options.maxStalenessMs ?? 30_000, { gt: 0 }),
    graceMs: checkFinite('graceMs', options.graceMs ?? 60_000, { ge: 0 }),
    truthCapacity: checkInteger('truthCapacity', options.truthCapacity ?? 100_000, { ge: 1 }),
    foldAt: checkInteger('foldAt', options.foldAt ?? 256, { ge: 2 }),
  };
}
