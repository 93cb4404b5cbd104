import { SnapshotError, show } from '../core/errors.ts';
import { activePhase, type RolloutState } from './RolloutState.ts';

const NUMBERS = ['startedAt', 'enteredAt', 'runningSince', 'spent'] as const;
const ACTIVE: readonly unknown[] = ['running', 'gated'];

/** A state that came from outside. @throws SnapshotError if it is none, or names a step that is not there */
export function readState(json: unknown, steps: number): RolloutState {
  const state = (json ?? {}) as RolloutState;
  const { phase, attempt } = state;
  const sound =
    NUMBERS.every((name) => Number.isFinite(state[name])) &&
    state.spent >= 0 &&
    Number.isSafeInteger(attempt) &&
    attempt >= 1 &&
    isPhase(phase);
  if (!sound) throw new SnapshotError(`the state of a rollout must have its phase, times and attempt: ${show(phase)}`);
  const active = activePhase(phase);
  const last = active.phase === 'gated' ? steps : steps - 1;
  const placed = !('step' in active) || (Number.isInteger(active.step) && active.step >= 0 && active.step <= last);
  if (!placed) throw new SnapshotError(`the snapshot's phase names no step: ${show(active.step)}`);
  return state;
}

function isPhase(phase: RolloutState['phase'] | undefined): boolean {
  switch (phase?.phase) {
    case 'pending':
    case 'promoted':
      return true;
    case 'rejected':
      return typeof phase.reason === 'string';
    case 'paused':
      return ACTIVE.includes(phase.previous?.phase) && 'step' in phase.previous;
    case 'running':
    case 'gated':
      return 'step' in phase;
    default:
      return false;
  }
}
