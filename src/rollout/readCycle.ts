import { SnapshotError, show } from '../core/errors.ts';
import type { SavedLooks } from './LookSchedule.ts';
import type { RolloutPhase, StepName } from './RolloutPhase.ts';
import { activePhase, type RolloutState, servingStep } from './RolloutState.ts';
import { readState } from './readState.ts';
import type { SlotStatus } from './StepSlot.ts';
import { readVerdict, type StepVerdict } from './StepVerdict.ts';

/** What a cycle keeps in a snapshot. */
export interface SavedCycle {
  readonly steps: readonly StepName[];
  readonly machine: RolloutState;
  readonly revision: number;
  readonly looks: SavedLooks;
  readonly verdict: StepVerdict | null;
  readonly verdictKey: string;
  readonly requests: { readonly all: number; readonly step: number };
  readonly stepStartedAt: number;
}

/** What a cycle has saved, checked. @param here the steps of the rollout that it is for @throws SnapshotError */
export function readCycle(saved: SavedCycle, here: readonly StepName[]): SavedCycle {
  const { steps, machine, revision, looks, verdict, verdictKey, requests, stepStartedAt } = saved;
  if (JSON.stringify(steps) !== JSON.stringify(here)) {
    throw new SnapshotError(`the snapshot's steps must be ${show(here)}, got ${show(steps)}`);
  }
  const state = readState(machine, here.length);
  const said = verdict === null ? null : readVerdict(verdict);
  const counts = [revision, requests.all, requests.step, looks.seen, looks.since];
  const sound =
    counts.every((count) => Number.isSafeInteger(count) && count >= 0) &&
    [looks.lookedAt, stepStartedAt].every(Number.isFinite) &&
    typeof verdictKey === 'string';
  if (!sound) throw new SnapshotError('the snapshot of a rollout must have its revision, counts and times');
  return { ...saved, machine: state, verdict: said };
}

/** Whether steps are where a phase says. @throws SnapshotError */
export function checkSteps(
  phase: RolloutPhase,
  steps: readonly { readonly name: StepName; readonly status: SlotStatus }[],
): void {
  const serving = servingStep(phase);
  const open = activePhase(phase).phase;
  steps.forEach(({ name, status }, i) => {
    const begun = open === 'promoted' || open === 'rejected' || i < serving;
    // A step that a replica has missed may be idle behind the one that serves.
    const sound = i === serving ? status === 'live' : begun ? status !== 'live' : status === 'idle';
    if (!sound)
      throw new SnapshotError(`the snapshot contradicts itself: ${open}, while the step ${name} is ${status}`);
  });
}
