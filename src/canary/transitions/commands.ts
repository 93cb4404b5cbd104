import { IllegalTransitionError } from '../../core/errors.ts';
import type { CanaryPhase } from '../CanaryPhase.ts';
import { type CanaryPlan, type CanarySignal, type CanaryState, initialCanaryState } from '../CanaryState.ts';
import { tick } from './judgements.ts';
import { enter, gateAhead, isActive, refuse, rollBack, stageOf, type Transition } from './moves.ts';

/** From pending to the first stage, or to shadowing. @throws IllegalTransitionError */
export function start(state: CanaryState, at: number, plan: CanaryPlan): Transition {
  if (state.phase.phase !== 'pending') return refuse(state, 'start');
  const phase: CanaryPhase = plan.shadowFirst ? { phase: 'shadowing' } : { phase: 'progressing', stage: 0 };
  return enter({ ...state, startedAt: at }, phase, at, 'started');
}

/** Past a gate. @throws IllegalTransitionError also when its time is over */
export function approve(state: CanaryState, at: number, plan: CanaryPlan): Transition {
  const { phase } = state;
  if (phase.phase !== 'gated') return refuse(state, 'approve');
  if (tick(state, at, plan).reason !== undefined) {
    throw new IllegalTransitionError('gated', 'approve', 'the time for it is over');
  }
  const stage = phase.stage + 1;
  const approved = [...state.approved, stage];
  const next: CanaryPhase = stage < plan.stages.length ? { phase: 'progressing', stage } : { phase: 'baking' };
  return enter({ ...state, approved }, next, at, 'approved');
}

/** On after a pause, with its counters and a deadline's time anew. @throws IllegalTransitionError */
export function resume(state: CanaryState, at: number): Transition {
  const { phase } = state;
  if (phase.phase !== 'paused') return refuse(state, 'resume');
  // What made it pause starts over: or it would pause again at once. A deadline gives the stage its time anew.
  const dwelt = phase.reason === 'deadline' ? 0 : state.dwelt;
  const spent = phase.reason === 'deadline' ? 0 : state.spent;
  const counters = { fails: 0, undecided: 0, errors: 0 };
  const next = { ...state, ...counters, phase: phase.previous, enteredAt: at, dwelt, spent, runningSince: at };
  return { state: next, reason: 'resumed' };
}

/** To the next stage without a verdict. @throws IllegalTransitionError also where that stage wants an approval */
export function skip(state: CanaryState, at: number, plan: CanaryPlan): Transition {
  const { phase } = state;
  if (phase.phase !== 'progressing' && phase.phase !== 'shadowing') return refuse(state, 'skip-stage');
  const stage = stageOf(phase) + 1;
  if (stage === plan.stages.length) return enter(state, { phase: 'baking' }, at, 'stage skipped');
  const gated = stage > 0 && plan.stages[stage]!.requireApproval && !state.approved.includes(stage);
  if (gated) throw new IllegalTransitionError('progressing', 'skip-stage', `stage ${stage + 1} needs an approval`);
  return enter(state, { phase: 'progressing', stage }, at, 'stage skipped');
}

/** To all of the traffic at once. @throws IllegalTransitionError also where an approval is missing and not forced */
export function promoteBy(
  state: CanaryState,
  signal: Extract<CanarySignal, { type: 'promote' }>,
  plan: CanaryPlan,
): Transition {
  const { phase } = state;
  const active = phase.phase === 'paused' ? phase.previous : phase;
  if (!isActive(active)) return refuse(state, 'promote');
  if (!signal.force && active.phase !== 'baking' && gateAhead(state, stageOf(active), plan)) {
    throw new IllegalTransitionError(phase.phase, 'promote', 'an approval ahead is missing; force passes over it');
  }
  return enter(state, { phase: 'promoted' }, signal.at, signal.force ? 'promoted by force' : 'promoted');
}

/** Back to the baseline. @throws IllegalTransitionError also beyond the rollback window */
export function rollBackBy(state: CanaryState, at: number, reason: string, plan: CanaryPlan): Transition {
  const { phase } = state.phase;
  if (phase === 'pending' || phase === 'rolled-back') return refuse(state, 'rollback');
  if (phase === 'promoted' && at - state.enteredAt > plan.rollbackWindowMs) {
    throw new IllegalTransitionError(phase, 'rollback', `the rollback window of ${plan.rollbackWindowMs} ms is over`);
  }
  return rollBack(state, at, reason);
}

/** A new attempt. @throws IllegalTransitionError */
export function retry(state: CanaryState, at: number): Transition {
  if (state.phase.phase !== 'rolled-back') return refuse(state, 'retry');
  return { state: { ...initialCanaryState, enteredAt: at }, reason: 'retried' };
}
