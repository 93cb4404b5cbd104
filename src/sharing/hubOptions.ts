import { checkFinite, checkInteger, checkOptions } from '../core/check.ts';

/** What bounds a hub. */
export interface HubOptions {
  /** At most so many outcomes wait for their truth; beyond that the oldest go. @defaultValue 100_000 */
  readonly waitingCapacity?: number;
  /** An outcome waits so many milliseconds. @defaultValue 2_592_000_000 (30 days) */
  readonly waitingMs?: number;
  /** The log keeps nothing for a replica that was silent for so many milliseconds: it joins anew. @defaultValue 60_000 */
  readonly silenceMs?: number;
}

/** Options with their defaults. */
export interface HubLimits {
  readonly waitingCapacity: number;
  readonly waitingMs: number;
  readonly silenceMs: number;
  /** How many deltas, and ids, one round returns. */
  readonly atOnce: number;
  /** How many lives are remembered, so that none flushes twice. */
  readonly livesCapacity: number;
}

/** @throws InvalidOptionError */
export function checkHubOptions(options: HubOptions): HubLimits {
  checkOptions('options', options, ['waitingCapacity', 'waitingMs', 'silenceMs']);
  const { waitingCapacity = 100_000, waitingMs = 30 * 24 * 3_600_000, silenceMs = 60_000 } = options;
  return {
    waitingCapacity: checkInteger('waitingCapacity', waitingCapacity, { ge: 1 }),
    waitingMs: checkFinite('waitingMs', waitingMs, { gt: 0 }),
    silenceMs: checkFinite('silenceMs', silenceMs, { gt: 0 }),
    atOnce: 64,
    livesCapacity: 10_000,
  };
}
