import type { Verdict } from '../metrics/judging/HealthCheck.ts';
import type { CanaryPhase, PauseReason } from './CanaryPhase.ts';

/** All that decides about a rollout besides its evidence. Plain data. */
export interface CanaryState {
  readonly phase: CanaryPhase;
  /** When the rollout was started, milliseconds since the epoch; -1 before. */
  readonly startedAt: number;
  /** When the present phase or stage was entered. */
  readonly enteredAt: number;
  /** Since when the dwell clock runs; -1 while it stands still. */
  readonly runningSince: number;
  /** Dwell time of the present stage before `runningSince`, in milliseconds. */
  readonly dwelt: number;
  /** Dwell time of all stages before the present one, in milliseconds. */
  readonly spent: number;
  /** Verdicts in a row, counted apart. */
  readonly fails: number;
  readonly undecided: number;
  readonly errors: number;
  /** Stages whose gate was approved. */
  readonly approved: readonly number[];
}

/** What a deadline does when it has come. */
export type DeadlinePolicy = 'pause' | 'rollback' | 'promote';

/** A stage as the state machine sees it. */
export interface StagePlan {
  /** Percent of the traffic, within (0, 100]. */
  readonly weight: number;
  /** Canary observations of the stage without which it is not passed. */
  readonly minSamples: number;
  readonly minDwellMs: number;
  readonly maxDwellMs: number;
  readonly requireApproval: boolean;
}

/** The rules of a rollout: all options that the state machine needs. */
export interface CanaryPlan {
  readonly stages: readonly StagePlan[];
  /** Whether the canary must pass beside the baseline before any caller sees an answer of it. */
  readonly shadowFirst: boolean;
  readonly bakeMs: number;
  readonly rollbackWindowMs: number;
  readonly deadlineMs: number;
  readonly onDeadline: DeadlinePolicy;
  readonly approvalTimeoutMs: number;
  /** Failing verdicts in a row that are tolerated. */
  readonly failLimit: number;
  readonly inconclusiveLimit: number;
  readonly errorLimit: number;
}

/** What happens to a rollout. `at` is milliseconds since the epoch. */
export type CanarySignal =
  | { readonly type: 'start' | 'approve' | 'resume' | 'skip-stage' | 'retry' | 'tick'; readonly at: number }
  | { readonly type: 'reject' | 'rollback' | 'burst'; readonly at: number; readonly reason: string }
  | { readonly type: 'pause'; readonly at: number; readonly reason: PauseReason }
  | { readonly type: 'promote'; readonly at: number; readonly force: boolean }
  | {
      readonly type: 'verdict';
      readonly at: number;
      readonly verdict: Verdict;
      /** Whether the canary has the samples without which a verdict neither fails nor passes. */
      readonly enough: boolean;
      /** Whether a critical metric failed. */
      readonly critical: boolean;
      readonly reason: string;
    };

/** The state before anything has happened. */
export const initialCanaryState: CanaryState = {
  phase: { phase: 'pending' },
  startedAt: -1,
  enteredAt: -1,
  runningSince: -1,
  dwelt: 0,
  spent: 0,
  fails: 0,
  undecided: 0,
  errors: 0,
  approved: [],
};

/** How long the present stage has lasted, pauses not counted, in milliseconds. */
export function dwellOf(state: CanaryState, now: number): number {
  return state.dwelt + (state.runningSince < 0 ? 0 : Math.max(0, now - state.runningSince));
}

/** The canary's share of the traffic in percent. */
export function weightOf(phase: CanaryPhase, plan: CanaryPlan): number {
  switch (phase.phase) {
    case 'pending':
    case 'shadowing':
    case 'rolled-back':
      return 0;
    case 'progressing':
    case 'gated':
      return plan.stages[phase.stage]!.weight;
    case 'paused':
      return weightOf(phase.previous, plan);
    default:
      return 100;
  }
}

/** The phase that a rollout is in, or from which it was paused. */
export function activeOf(phase: CanaryPhase): CanaryPhase {
  return phase.phase === 'paused' ? phase.previous : phase;
}

/**
 * The index under which evidence is kept: the stage's own, then one for baking, then one for shadowing; -1 where nobody
 * judges.
 */
export function evidenceIndex(phase: CanaryPhase, plan: CanaryPlan): number {
  const active = activeOf(phase);
  if (active.phase === 'progressing' || active.phase === 'gated') return active.stage;
  if (active.phase === 'baking') return plan.stages.length;
  return active.phase === 'shadowing' ? plan.stages.length + 1 : -1;
}
