import type { EventBase } from './events.ts';
import type { Unit } from './Unit.ts';

/**
 * What became of one call of one model. `invalid`: it answered with what is no answer (NaN, an infinity, undefined).
 * `cancelled`: the caller gave up, which is no error of the model.
 */
export type AttemptStatus = 'ok' | 'error' | 'timeout' | 'invalid' | 'cancelled';

/** One call of one variant's model, as a watcher sees it. */
export interface ObservedCall {
  /** Undefined where nobody can ask for it: `predict()` without an id. */
  readonly requestId: string | undefined;
  readonly variant: string;
  readonly unit: Unit | undefined;
  readonly status: AttemptStatus;
  readonly error: unknown;
  /** Milliseconds around the call. */
  readonly latencyMs: number;
  /** When the request came, milliseconds since the epoch. */
  readonly at: number;
  /** Whether this model answered in the place of the chosen one, which had failed. */
  readonly fallback: boolean;
}

/** A request whose truth came, or will not. */
export type ObservedTruth = Pick<ObservedCall, 'requestId' | 'variant' | 'at'>;

/**
 * Watches a strategy from outside: metrics exporters, tracers. Called on the serving path, so it must be quick; what it
 * throws is contained.
 */
export interface StrategyObserver {
  /** A variant's model was called, and has answered or failed. */
  called?(call: ObservedCall): void;
  /** The truth of a request has come. */
  joined?(truth: ObservedTruth): void;
  /** The truth of a request will not come. */
  lost?(truth: ObservedTruth, why: 'expired' | 'dropped'): void;
  /** An event entered the audit log. Those that happen per request never do. */
  audited?(event: EventBase): void;
}
