/** Why a rollout stands still. */
export type PauseReason = 'manual' | 'inconclusive' | 'judge-error' | 'deadline' | 'assignment';

/** Waiting for `start()`: no traffic for the canary. */
export interface PendingPhase {
  readonly phase: 'pending';
}

/** Before the first stage: both models answer every request, and callers see the baseline's answer alone. */
export interface ShadowingPhase {
  readonly phase: 'shadowing';
}

/** Serving `stages[stage]` percent, judged at every outcome. */
export interface ProgressingPhase {
  readonly phase: 'progressing';
  readonly stage: number;
}

/** Passed its stage; the next one waits for an approval. Weight unchanged, still judged. */
export interface GatedPhase {
  readonly phase: 'gated';
  readonly stage: number;
}

/** After the last stage: full weight, judged for the bake time. */
export interface BakingPhase {
  readonly phase: 'baking';
}

/** A phase in which the canary is judged. */
export type ActivePhase = ShadowingPhase | ProgressingPhase | GatedPhase | BakingPhase;

/** Standing still at the weight it had; the error burst is still watched. */
export interface PausedPhase {
  readonly phase: 'paused';
  readonly reason: PauseReason;
  readonly previous: ActivePhase;
}

/** The canary serves everything. Within the rollback window one call goes back. */
export interface PromotedPhase {
  readonly phase: 'promoted';
}

/** The baseline serves everything, from the next request on. */
export interface RolledBackPhase {
  readonly phase: 'rolled-back';
  readonly reason: string;
}

/** The phase of a rollout. A combination that cannot be does not type. */
export type CanaryPhase = PendingPhase | ActivePhase | PausedPhase | PromotedPhase | RolledBackPhase;
