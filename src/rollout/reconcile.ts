import { activePhase, type RolloutState } from './RolloutState.ts';

/**
 * What stands where two replicas of a rollout have gone different ways: a later attempt before an earlier one, a rejection
 * before all else of its attempt, then the further step, and a pause where one of both stands still. No attempt ever goes
 * back a step, and none comes back from a rejection.
 *
 * @param later whether theirs came after ours, so that what they left out was undone
 * @returns one of both, the very object, or theirs and ours in one
 */
export function reconcile(ours: RolloutState, theirs: RolloutState, later: boolean): RolloutState {
  if (ours.attempt !== theirs.attempt) return ours.attempt > theirs.attempt ? ours : theirs;
  if (ours.phase.phase === 'rejected') return ours;
  if (theirs.phase.phase === 'rejected') return theirs;
  const ahead = placeOf(ours) - placeOf(theirs);
  if (ahead === 0) return samePlace(ours, theirs, later);
  const [first, behind] = ahead > 0 ? [ours, theirs] : [theirs, ours];
  // They went on from the pause that still holds here.
  if (behind === ours && later) return theirs;
  return halted(first, behind);
}

/** How far an attempt has come. A gate comes before its step. */
function placeOf({ phase }: RolloutState): number {
  const active = activePhase(phase);
  if (active.phase === 'running') return 2 * active.step + 1;
  if (active.phase === 'gated') return 2 * active.step;
  return active.phase === 'promoted' ? Number.MAX_SAFE_INTEGER : -1;
}

function samePlace(ours: RolloutState, theirs: RolloutState, later: boolean): RolloutState {
  if (later) return theirs;
  return theirs.phase.phase === 'paused' && ours.phase.phase !== 'paused' ? theirs : ours;
}

/** The further state, standing still where the other one does. What is promoted does not stand still. */
function halted(first: RolloutState, behind: RolloutState): RolloutState {
  const { phase } = first;
  const pause = behind.phase;
  if (pause.phase !== 'paused' || (phase.phase !== 'running' && phase.phase !== 'gated')) return first;
  return { ...first, phase: { phase: 'paused', reason: pause.reason, previous: phase }, runningSince: -1 };
}
