import type { ActivePhase, PausedPhase } from '../CanaryPhase.ts';
import { type CanaryPlan, type CanarySignal, type CanaryState, dwellOf } from '../CanaryState.ts';
import { enter, gateAhead, pause, rollBack, stageOf, stay, type Transition } from './moves.ts';

type Verdict = Extract<CanarySignal, { type: 'verdict' }>;

/** What a verdict does: a failure may roll back, a pass may lead on, everything else holds or pauses. */
export function judge(
  state: CanaryState,
  phase: ActivePhase | PausedPhase,
  signal: Verdict,
  plan: CanaryPlan,
): Transition {
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
  // A truth may come when no request does: no pass leads on past a deadline that nobody has looked at yet.
  const due = tick(state, at, plan);
  if (due.reason !== undefined) return due;
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

/** What a deadline does that has come. */
export function tick(state: CanaryState, at: number, plan: CanaryPlan): Transition {
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
