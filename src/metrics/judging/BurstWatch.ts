import type { EventBase } from '../../core/events.ts';
import type { Arm } from './Arm.ts';
import { checkBurst, ErrorBurst } from './ErrorBurst.ts';

/** The new model's errors burst while the other's burst as well: a common cause, so nobody is taken out. */
export interface CommonCauseEvent extends EventBase {
  readonly type: 'common-cause';
  readonly canaryErrors: number;
  readonly baselineErrors: number;
}

/** So many failures among so many of the last requests. */
export interface BurstLimit {
  readonly errors: number;
  readonly of: number;
}

type SavedBurst = ReturnType<ErrorBurst['toJSON']>;

/** Watches both models' last requests for bursts of errors. */
export class BurstWatch {
  readonly #limit: BurstLimit;
  readonly #bursts: Readonly<Record<Arm, ErrorBurst>>;

  /** @throws InvalidOptionError */
  constructor(limit?: BurstLimit) {
    this.#limit = checkBurst(limit);
    this.#bursts = { canary: new ErrorBurst(this.#limit.of), baseline: new ErrorBurst(this.#limit.of) };
  }

  /** A model answered or failed. Returns what is now wrong with the canary: nothing, a burst, or one that both have. */
  push(arm: Arm, failed: boolean): 'burst' | 'common-cause' | undefined {
    this.#bursts[arm].push(failed);
    const { canary, baseline } = this.#bursts;
    const { errors } = this.#limit;
    if (!failed || arm !== 'canary' || canary.errors < errors) return undefined;
    return baseline.errors >= errors ? 'common-cause' : 'burst';
  }

  /** Failures among the last requests of each. */
  get errors(): Readonly<Record<Arm, number>> {
    return { canary: this.#bursts.canary.errors, baseline: this.#bursts.baseline.errors };
  }

  /** A burst in words. */
  describe(model: string): string {
    return `error burst: ${this.#bursts.canary.errors} of the ${model}'s last ${this.#limit.of} requests failed`;
  }

  /** Forgets the canary's requests. */
  clearCanary(): void {
    this.#bursts.canary.clear();
  }

  toJSON(): Readonly<Record<Arm, SavedBurst>> {
    return { canary: this.#bursts.canary.toJSON(), baseline: this.#bursts.baseline.toJSON() };
  }

  load({ canary, baseline }: Readonly<Record<Arm, SavedBurst>>): void {
    this.#bursts.canary.load(canary);
    this.#bursts.baseline.load(baseline);
  }
}
