import { IllegalTransitionError } from '../core/errors.ts';
import type { GatedRollout, RolloutPhase, RunningRollout } from './RolloutPhase.ts';
import {
  elapsedOf,
  initialRolloutState,
  limitOf,
  type RolloutPlan,
  type RolloutSignal,
  type RolloutState,
} from './RolloutState.ts';

/** The state after a signal, and why. `state` is the very one handed in where nothing changed. */
export interface RolloutTransition {
  readonly state: RolloutState;
  /** Undefined where the phase is what it was. */
  readonly reason: string | undefined;
}

type Verdict = Extract<RolloutSignal, { type: 'verdict' }>;
type Active = GatedRollout | RunningRollout;

/**
 * The state machine of a rollout: pure, without a clock. It goes one step at a time, never past a gate without a
 * person's word, and forward only on a verdict, a person's word or a deadline that was told to.
 *
 * @throws IllegalTransitionError where a person asks for what the phase does not allow
 */
export function transition(state: RolloutState, signal: RolloutSignal, plan: RolloutPlan): RolloutTransition {
  const { phase } = state;
  switch (signal.type) {
    case 'start':
      if (phase.phase !== 'pending') return refuse(state, 'start', 'it has started');
      return advance({ ...state, startedAt: signal.at }, 0, signal.at, plan, signal.reason ?? 'started');
    case 'verdict':
      return judge(state, signal, plan);
    case 'tick':
      return tick(state, signal.at, plan);
    case 'approve':
      if (phase.phase !== 'gated') return refuse(state, 'approve', 'no gate waits');
      return enter(state, begin(phase.step, plan), signal.at, signal.reason ?? 'approved');
    case 'pause':
      if (!isActive(phase)) return refuse(state, 'pause', 'only what is under way can be paused');
      return pause(state, phase, signal.at, signal.why, signal.reason ?? 'paused by hand');
    case 'resume':
      return resume(state, signal.at, signal.reason ?? 'resumed');
    case 'skip':
      return skip(state, signal.at, plan, signal.reason ?? 'skipped by hand');
    case 'reject':
      if (phase.phase === 'promoted' || phase.phase === 'rejected') return refuse(state, 'reject', 'it has ended');
      return reject(state, signal.at, signal.reason);
    case 'rollback':
      return rollBack(state, signal.at, signal.reason, plan);
    case 'retry':
      if (phase.phase !== 'rejected') return refuse(state, 'retry', 'only what was rejected is tried again');
      return enter(
        { ...initialRolloutState, attempt: state.attempt + 1 },
        { phase: 'pending' },
        signal.at,
        signal.reason ?? 'tried again',
      );
  }
}

function isActive(phase: RolloutPhase): phase is Active {
  return phase.phase === 'running' || phase.phase === 'gated';
}

/** What comes with the step of this index: its gate first, where it has one. */
function advance(state: RolloutState, step: number, at: number, plan: RolloutPlan, reason: string): RolloutTransition {
  const gated = step === plan.steps.length ? plan.approveProduction : plan.steps[step]!.requireApproval;
  return enter(state, gated ? { phase: 'gated', step } : begin(step, plan), at, reason);
}

function begin(step: number, plan: RolloutPlan): RolloutPhase {
  return step === plan.steps.length ? { phase: 'promoted' } : { phase: 'running', step };
}

function enter(state: RolloutState, phase: RolloutPhase, at: number, reason: string): RolloutTransition {
  const runningSince = isActive(phase) ? at : -1;
  return { state: { ...state, phase, enteredAt: at, runningSince, spent: 0 }, reason };
}

function judge(state: RolloutState, { verdict, urgent, at, reason }: Verdict, plan: RolloutPlan): RolloutTransition {
  const { phase } = state;
  if (phase.phase === 'paused') return verdict === 'reject' && urgent ? reject(state, at, reason) : stay(state);
  if (!isActive(phase)) return stay(state);
  if (verdict === 'reject') return reject(state, at, reason);
  if (phase.phase === 'gated') return stay(state);
  if (verdict === 'promote') return advance(state, phase.step + 1, at, plan, reason);
  return verdict === 'invalid' ? pause(state, phase, at, 'invalid', reason) : stay(state);
}

function tick(state: RolloutState, at: number, plan: RolloutPlan): RolloutTransition {
  const { phase } = state;
  if (!isActive(phase) || elapsedOf(state, at) < limitOf(state, plan)) return stay(state);
  if (phase.phase === 'gated') return reject(state, at, 'nobody approved in time');
  const { name, onDeadline } = plan.steps[phase.step]!;
  const reason = `the deadline of ${name} has come`;
  if (onDeadline === 'promote') return advance(state, phase.step + 1, at, plan, reason);
  return onDeadline === 'reject' ? reject(state, at, reason) : pause(state, phase, at, 'deadline', reason);
}

function pause(
  state: RolloutState,
  previous: Active,
  at: number,
  why: Extract<RolloutSignal, { type: 'pause' }>['why'],
  reason: string,
): RolloutTransition {
  // After a deadline a person's word gives the step its whole time again.
  const spent = why === 'deadline' ? 0 : elapsedOf(state, at);
  const phase: RolloutPhase = { phase: 'paused', reason: why, previous };
  return { state: { ...state, phase, enteredAt: at, runningSince: -1, spent }, reason };
}

function resume(state: RolloutState, at: number, reason: string): RolloutTransition {
  if (state.phase.phase !== 'paused') return refuse(state, 'resume', 'it is not paused');
  return { state: { ...state, phase: state.phase.previous, enteredAt: at, runningSince: at }, reason };
}

function skip(state: RolloutState, at: number, plan: RolloutPlan, reason: string): RolloutTransition {
  const active = state.phase.phase === 'paused' ? state.phase.previous : state.phase;
  if (!isActive(active)) return refuse(state, 'skip', 'no step is under way');
  if (active.step === plan.steps.length)
    return refuse(state, 'skip', 'production is approved or rejected, not skipped');
  return advance(state, active.step + 1, at, plan, reason);
}

function reject(state: RolloutState, at: number, reason: string): RolloutTransition {
  return enter(state, { phase: 'rejected', reason }, at, reason);
}

function rollBack(state: RolloutState, at: number, reason: string, plan: RolloutPlan): RolloutTransition {
  const { phase } = state;
  if (phase.phase === 'rejected' || phase.phase === 'pending') {
    return refuse(state, 'rollback', 'the current model answers alone already');
  }
  if (phase.phase === 'promoted' && at - state.enteredAt > plan.rollbackWindowMs) {
    return refuse(state, 'rollback', 'the rollback window is over');
  }
  return reject(state, at, reason);
}

function stay(state: RolloutState): RolloutTransition {
  return { state, reason: undefined };
}

function refuse(state: RolloutState, event: string, why: string): never {
  throw new IllegalTransitionError(state.phase.phase, event, why);
}
