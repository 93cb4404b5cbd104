import type { CanaryPlan, CanarySignal, CanaryState } from './CanaryState.ts';
import { approve, promoteBy, resume, retry, rollBackBy, skip, start } from './transitions/commands.ts';
import { judge, tick } from './transitions/judgements.ts';
import { isActive, isServing, pause, refuse, rollBack, stay, type Transition } from './transitions/moves.ts';

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
