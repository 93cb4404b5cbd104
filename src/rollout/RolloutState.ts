import type { RolloutPauseReason, RolloutPhase, StepName } from './RolloutPhase.ts';
import type { StepVerdict } from './StepVerdict.ts';

/** All that decides about a rollout besides the evidence of its steps. Plain data. */
export interface RolloutState {
  readonly phase: RolloutPhase;
  /** When it was started, milliseconds since the epoch; -1 before. */
  readonly startedAt: number;
  /** When the present phase was entered; -1 before anything has happened. */
  readonly enteredAt: number;
  /** Since when the time of the present step or gate runs; -1 while it stands still. */
  readonly runningSince: number;
  /** How long the step or gate had lasted before that, in milliseconds. */
  readonly spent: number;
  /** Counts from 1; a retry is another attempt. */
  readonly attempt: number;
}

/** What a deadline does when it has come. */
export type StepDeadlinePolicy = 'reject' | 'pause' | 'promote';

/** A step as the state machine sees it. */
export interface StepPlan {
  readonly name: StepName;
  readonly requireApproval: boolean;
  readonly deadlineMs: number;
  readonly onDeadline: StepDeadlinePolicy;
}

/** The rules of a rollout: all options that the state machine needs. */
export interface RolloutPlan {
  readonly steps: readonly StepPlan[];
  /** Whether a person must approve before the candidate answers alone. */
  readonly approveProduction: boolean;
  /** How long a gate waits before the candidate is rejected, in milliseconds. */
  readonly approvalTimeoutMs: number;
  readonly rollbackWindowMs: number;
}

/** What happens to a rollout. `at` is milliseconds since the epoch. */
export type RolloutSignal =
  | { readonly type: 'start' | 'approve' | 'resume' | 'skip' | 'retry'; readonly at: number; readonly reason?: string }
  | { readonly type: 'tick'; readonly at: number }
  | { readonly type: 'reject' | 'rollback'; readonly at: number; readonly reason: string }
  | { readonly type: 'pause'; readonly at: number; readonly why: RolloutPauseReason; readonly reason?: string }
  | {
      readonly type: 'verdict';
      readonly at: number;
      readonly verdict: StepVerdict['verdict'];
      /** Whether a rejection counts while the rollout stands still as well. */
      readonly urgent: boolean;
      readonly reason: string;
    };

/** The state before anything has happened. */
export const initialRolloutState: RolloutState = {
  phase: { phase: 'pending' },
  startedAt: -1,
  enteredAt: -1,
  runningSince: -1,
  spent: 0,
  attempt: 1,
};

/** How long the present step or gate has lasted, pauses not counted, in milliseconds. */
export function elapsedOf(state: RolloutState, now: number): number {
  return state.spent + (state.runningSince < 0 ? 0 : Math.max(0, now - state.runningSince));
}

/** How long the present phase may last, in milliseconds. */
export function limitOf({ phase }: RolloutState, plan: RolloutPlan): number {
  if (phase.phase === 'running') return plan.steps[phase.step]!.deadlineMs;
  return phase.phase === 'gated' ? plan.approvalTimeoutMs : Number.POSITIVE_INFINITY;
}

/** When the present phase is over at the latest, milliseconds since the epoch; Infinity where it has no end. */
export function deadlineOf(state: RolloutState, plan: RolloutPlan): number {
  return state.runningSince < 0 ? Number.POSITIVE_INFINITY : state.runningSince + limitOf(state, plan) - state.spent;
}

/** The phase that a rollout is in, or from which it was paused. */
export function activePhase(phase: RolloutPhase): Exclude<RolloutPhase, { phase: 'paused' }> {
  return phase.phase === 'paused' ? phase.previous : phase;
}

/** The step that serves and is judged: the one before a gate; -1 where there is none. */
export function servingStep(phase: RolloutPhase): number {
  const active = activePhase(phase);
  if (active.phase === 'running') return active.step;
  return active.phase === 'gated' ? active.step - 1 : -1;
}
