import { IllegalTransitionError } from '../../core/errors.ts';
import type { ActivePhase, CanaryPhase, PausedPhase, PauseReason } from '../CanaryPhase.ts';
import { type CanaryPlan, type CanaryState, dwellOf } from '../CanaryState.ts';

/** The state after a signal, and why. `state` is the very one handed in where nothing changed but counters. */
export interface Transition {
  readonly state: CanaryState;
  /** Undefined where the phase or stage is what it was. */
  readonly reason: string | undefined;
}

/** A new phase or stage: counters and the stage's dwell start over. */
export function enter(state: CanaryState, phase: CanaryPhase, at: number, reason: string): Transition {
  const spent = state.spent + dwellOf(state, at);
  const fresh = { dwelt: 0, fails: 0, undecided: 0, errors: 0 };
  return { state: { ...state, ...fresh, phase, spent, enteredAt: at, runningSince: at }, reason };
}

/** Out of the traffic. */
export function rollBack(state: CanaryState, at: number, reason: string): Transition {
  return enter(state, { phase: 'rolled-back', reason }, at, reason);
}

/** Standing still at the present weight: the dwell clock stops. */
export function pause(state: CanaryState, previous: ActivePhase, at: number, reason: PauseReason): Transition {
  const phase: CanaryPhase = { phase: 'paused', reason, previous };
  const next = { ...state, phase, enteredAt: at, dwelt: dwellOf(state, at), runningSince: -1 };
  return { state: next, reason: `paused: ${reason}` };
}

/** Nothing but counters has changed. */
export function stay(state: CanaryState): Transition {
  return { state, reason: undefined };
}

/** What the phase does not allow. @throws IllegalTransitionError */
export function refuse(state: CanaryState, event: string): never {
  throw new IllegalTransitionError(state.phase.phase, event, 'see the transition table in the guide');
}

/** Whether a later stage still wants an approval. */
export function gateAhead(state: CanaryState, stage: number, plan: CanaryPlan): boolean {
  return plan.stages.some((next, i) => i > Math.max(0, stage) && next.requireApproval && !state.approved.includes(i));
}

/** The index of the stage; -1 outside of stages. */
export function stageOf(phase: ActivePhase): number {
  return 'stage' in phase ? phase.stage : -1;
}

/** Whether the canary is judged. */
export function isActive(phase: CanaryPhase): phase is ActivePhase {
  const { phase: name } = phase;
  return name === 'shadowing' || name === 'progressing' || name === 'gated' || name === 'baking';
}

/** Whether the canary is called and may still be taken out by an error burst. */
export function isServing(phase: CanaryPhase): phase is ActivePhase | PausedPhase {
  return isActive(phase) || phase.phase === 'paused';
}
