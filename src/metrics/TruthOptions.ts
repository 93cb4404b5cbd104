import { checkBoolean, checkInteger, checkNumber, checkOptions } from '../core/check.ts';

/** How long, and how many, outcomes wait for their truth. */
export interface TruthOptions {
  /** At most so many outcomes wait; beyond that the oldest is dropped and counted. @defaultValue 100_000 */
  readonly capacity?: number;
  /** An outcome waits so many milliseconds for its truth. @defaultValue 2_592_000_000 (30 days) */
  readonly windowMs?: number;
  /** Whether waiting outcomes keep their input and context, for metrics of the truth that look at them. @defaultValue true */
  readonly keepInput?: boolean;
}

/** Fills in the defaults. @throws InvalidOptionError */
export function resolveTruthOptions(options: TruthOptions): Required<TruthOptions> {
  checkOptions('truth', options, ['capacity', 'windowMs', 'keepInput']);
  const { capacity = 100_000, windowMs = 30 * 24 * 3_600_000, keepInput = true } = options;
  return {
    capacity: checkInteger('truth.capacity', capacity, { ge: 1 }),
    windowMs: checkNumber('truth.windowMs', windowMs, { gt: 0 }),
    keepInput: checkBoolean('truth.keepInput', keepInput),
  };
}
