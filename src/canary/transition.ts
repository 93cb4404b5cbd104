import { IllegalTransitionError } from '../core/errors.ts';
import type { ActivePhase, CanaryPhase, PausedPhase, PauseReason } from './CanaryPhase.ts';
import { type CanaryPlan, type CanarySignal, type CanaryState, dwellOf, initialCanaryState } from './CanaryState.ts';

type Verdict = Extract<CanarySignal, { type: 'verdict' }>;

/** The state after a signal, and why. `state` is the very one handed in where nothing changed but counters. */
export interface Transition {
  readonly state: CanaryState;
  /** Undefined where the phase or stage is what it was. */
  readonly reason: string | undefined;
}

/**
 * The state machine of a rollout: pure, without a clock. Too little data, no data and broken judges hold or pause, and
 * never roll back; the weight rises on a pass or on a person's word only, one stage at a time.
 *
 * @throws IllegalTransitionError where a person asks for what the phase does not allow
 */
export function transition(state: CanaryState, signal: CanarySignal, plan: CanaryPlan): Transition {
  switch (signal.type) {
    case 'start':
      return start(state, signal.at, plan);
    case 'verdict':
      return isServing(state.phase) ? judge(state, state.phase, signal, plan) : stay(state);
    case 'burst':
      return isServing(state.phase) ? rollBack(state, signal.at, signal.reason) : stay(state);
    case 'tick':
      return tick(state, signal.at, plan);
    case 'approve':
      return approve(state, signal.at, plan);
    case 'reject':
      return state.phase.phase === 'gated' ? rollBack(state, signal.at, signal.reason) : refuse(state, 'reject');
    case 'pause':
      return isActive(state.phase) ? pause(state, state.phase, signal.at, signal.reason) : refuse(state, 'pause');
    case 'resume':
      return resume(state, signal.at);
    case 'skip-stage':
      return skip(state, signal.at, plan);
    case 'promote':
      return promoteBy(state, signal, plan);
    case 'rollback':
      return rollBackBy(state, signal.at, signal.reason, plan);
    case 'retry':
      return retry(state, signal.at);
  }
}

function start(state: CanaryState, at: number, plan: CanaryPlan): Transition {
  if (state.phase.phase !== 'pending') return refuse(state, 'start');
  const phase: CanaryPhase = plan.shadowFirst ? { phase: 'shadowing' } : { phase: 'progressing', stage: 0 };
  return enter({ ...state, startedAt: at }, phase, at, 'started');
}

function judge(state: CanaryState, phase: ActivePhase | PausedPhase, signal: Verdict, plan: CanaryPlan): Transition {
  const { verdict, enough, critical, at, reason } = signal;
  if (verdict === 'fail' && enough) {
    const fails = state.fails + 1;
    if (critical || fails > plan.failLimit) return rollBack(state, at, reason);
    return stay({ ...state, fails, undecided: 0, errors: 0 });
  }
  // Standing still, only a failure moves it.
  if (phase.phase === 'paused') return stay(state);
  if (verdict === 'error') {
    const errors = state.errors + 1;
    const next = { ...state, errors };
    return errors > plan.errorLimit ? pause(next, phase, at, 'judge-error') : stay(next);
  }
  if (verdict === 'pass' && enough) {
    const clean = { ...state, fails: 0, undecided: 0, errors: 0 };
    return advance(clean, phase, at, plan, reason);
  }
  // What nobody counts need not be written down at every outcome.
  if (plan.inconclusiveLimit === Number.POSITIVE_INFINITY && state.fails + state.errors === 0) return stay(state);
  const undecided = state.undecided + 1;
  const next = { ...state, undecided, fails: 0, errors: 0 };
  const limited = phase.phase === 'progressing' && undecided > plan.inconclusiveLimit;
  return limited ? pause(next, phase, at, 'inconclusive') : stay(next);
}

function advance(state: CanaryState, phase: ActivePhase, at: number, plan: CanaryPlan, reason: string): Transition {
  if (phase.phase === 'gated') return stay(state);
  const dwell = dwellOf(state, at);
  if (phase.phase === 'baking') {
    return dwell >= plan.bakeMs ? enter(state, { phase: 'promoted' }, at, reason) : stay(state);
  }
  if (phase.phase === 'shadowing') return enter(state, { phase: 'progressing', stage: 0 }, at, reason);
  if (dwell < plan.stages[phase.stage]!.minDwellMs) return stay(state);
  const next = phase.stage + 1;
  if (next === plan.stages.length) return enter(state, { phase: 'baking' }, at, reason);
  if (plan.stages[next]!.requireApproval && !state.approved.includes(next)) {
    return enter(state, { phase: 'gated', stage: phase.stage }, at, `${reason}; stage ${next + 1} needs an approval`);
  }
  return enter(state, { phase: 'progressing', stage: next }, at, reason);
}

function tick(state: CanaryState, at: number, plan: CanaryPlan): Transition {
  const { phase } = state;
  if (phase.phase !== 'progressing' && phase.phase !== 'gated' && phase.phase !== 'shadowing') return stay(state);
  const dwell = dwellOf(state, at);
  const limit = limitOf(phase, plan);
  const over = dwell >= limit || state.spent + dwell >= plan.deadlineMs;
  if (!over) return stay(state);
  const what = phase.phase === 'gated' ? 'nobody approved in time' : 'the deadline has come';
  if (state.fails > 0) return rollBack(state, at, `${what}, with a failure outstanding`);
  if (plan.onDeadline === 'rollback') return rollBack(state, at, what);
  if (plan.onDeadline === 'promote' && !gateAhead(state, stageOf(phase), plan)) {
    return enter(state, { phase: 'promoted' }, at, what);
  }
  return pause(state, phase, at, 'deadline');
}

/** How long the phase may last, in milliseconds. */
function limitOf(phase: Exclude<ActivePhase, { phase: 'baking' }>, plan: CanaryPlan): number {
  if (phase.phase === 'gated') return plan.approvalTimeoutMs;
  return phase.phase === 'shadowing' ? Number.POSITIVE_INFINITY : plan.stages[phase.stage]!.maxDwellMs;
}

function stageOf(phase: ActivePhase): number {
  return 'stage' in phase ? phase.stage : -1;
}

function approve(state: CanaryState, at: number, plan: CanaryPlan): Transition {
  const { phase } = state;
  if (phase.phase !== 'gated') return refuse(state, 'approve');
  const stage = phase.stage + 1;
  const approved = [...state.approved, stage];
  const next: CanaryPhase = stage < plan.stages.length ? { phase: 'progressing', stage } : { phase: 'baking' };
  return enter({ ...state, approved }, next, at, 'approved');
}

function pause(state: CanaryState, previous: ActivePhase, at: number, reason: PauseReason): Transition {
  const phase: CanaryPhase = { phase: 'paused', reason, previous };
  const next = { ...state, phase, enteredAt: at, dwelt: dwellOf(state, at), runningSince: -1 };
  return { state: next, reason: `paused: ${reason}` };
}

function resume(state: CanaryState, at: number): Transition {
  const { phase } = state;
  if (phase.phase !== 'paused') return refuse(state, 'resume');
  // What made it pause starts over: or it would pause again at once. A deadline gives the stage its time anew.
  const dwelt = phase.reason === 'deadline' ? 0 : state.dwelt;
  const spent = phase.reason === 'deadline' ? 0 : state.spent;
  const counters = { fails: 0, undecided: 0, errors: 0 };
  const next = { ...state, ...counters, phase: phase.previous, enteredAt: at, dwelt, spent, runningSince: at };
  return { state: next, reason: 'resumed' };
}

function skip(state: CanaryState, at: number, plan: CanaryPlan): Transition {
  const { phase } = state;
  if (phase.phase !== 'progressing' && phase.phase !== 'shadowing') return refuse(state, 'skip-stage');
  const stage = stageOf(phase) + 1;
  if (stage === plan.stages.length) return enter(state, { phase: 'baking' }, at, 'stage skipped');
  const gated = stage > 0 && plan.stages[stage]!.requireApproval && !state.approved.includes(stage);
  if (gated) throw new IllegalTransitionError('progressing', 'skip-stage', `stage ${stage + 1} needs an approval`);
  return enter(state, { phase: 'progressing', stage }, at, 'stage skipped');
}

function promoteBy(
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

function rollBackBy(state: CanaryState, at: number, reason: string, plan: CanaryPlan): Transition {
  const { phase } = state.phase;
  if (phase === 'pending' || phase === 'rolled-back') return refuse(state, 'rollback');
  if (phase === 'promoted' && at - state.enteredAt > plan.rollbackWindowMs) {
    throw new IllegalTransitionError(phase, 'rollback', `the rollback window of ${plan.rollbackWindowMs} ms is over`);
  }
  return rollBack(state, at, reason);
}

function retry(state: CanaryState, at: number): Transition {
  if (state.phase.phase !== 'rolled-back') return refuse(state, 'retry');
  return { state: { ...initialCanaryState, enteredAt: at }, reason: 'retried' };
}

function rollBack(state: CanaryState, at: number, reason: string): Transition {
  return enter(state, { phase: 'rolled-back', reason }, at, reason);
}

/** A new phase or stage: counters and the stage's dwell start over. */
function enter(state: CanaryState, phase: CanaryPhase, at: number, reason: string): Transition {
  const spent = state.spent + dwellOf(state, at);
  const fresh = { dwelt: 0, fails: 0, undecided: 0, errors: 0 };
  return { state: { ...state, ...fresh, phase, spent, enteredAt: at, runningSince: at }, reason };
}

function gateAhead(state: CanaryState, stage: number, plan: CanaryPlan): boolean {
  return plan.stages.some((next, i) => i > Math.max(0, stage) && next.requireApproval && !state.approved.includes(i));
}

function isActive(phase: CanaryPhase): phase is ActivePhase {
  const { phase: name } = phase;
  return name === 'shadowing' || name === 'progressing' || name === 'gated' || name === 'baking';
}

/** Whether the canary is called and may still be taken out by an error burst. */
function isServing(phase: CanaryPhase): phase is ActivePhase | PausedPhase {
  return isActive(phase) || phase.phase === 'paused';
}

function stay(state: CanaryState): Transition {
  return { state, reason: undefined };
}

function refuse(state: CanaryState, event: string): never {
  throw new IllegalTransitionError(state.phase.phase, event, 'see the transition table in the guide');
}
