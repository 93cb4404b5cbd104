/** The steps that a rollout may take, in this order. */
export type StepName = 'shadow' | 'abTest' | 'canary';

/** Waiting for `start()`: the current model answers alone. */
export interface PendingRollout {
  readonly phase: 'pending';
}

/**
 * A person must approve the step `step` (an index into the steps; their number means production). Until then what
 * served before goes on serving, and being judged.
 */
export interface GatedRollout {
  readonly phase: 'gated';
  readonly step: number;
}

/** The step `step` serves and is judged. */
export interface RunningRollout {
  readonly phase: 'running';
  readonly step: number;
}

/**
 * Why a rollout stands still. `invalid`: the step says that its evidence cannot be trusted, or has stopped by itself
 * and waits for a person.
 */
export type RolloutPauseReason = 'manual' | 'deadline' | 'invalid';

/** Standing still: what served goes on serving, and nothing but an urgent rejection moves it. */
export interface PausedRollout {
  readonly phase: 'paused';
  readonly reason: RolloutPauseReason;
  readonly previous: GatedRollout | RunningRollout;
}

/** The candidate answers alone. Within the rollback window one call goes back. */
export interface PromotedRollout {
  readonly phase: 'promoted';
}

/** The current model answers alone, from the next request on. */
export interface RejectedRollout {
  readonly phase: 'rejected';
  readonly reason: string;
}

/** The phase of a rollout. A combination that cannot be does not type. */
export type RolloutPhase =
  | PendingRollout
  | GatedRollout
  | RunningRollout
  | PausedRollout
  | PromotedRollout
  | RejectedRollout;
