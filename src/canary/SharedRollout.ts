import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { CanaryPhase } from './CanaryPhase.ts';
import { activeOf, type CanaryPlan, type CanaryState, weightOf } from './CanaryState.ts';

/** What all replicas of a rollout agree on. */
export interface SharedRollout {
  /** The attempt. */
  readonly run: number;
  readonly state: CanaryState;
}

/** From the safest on. */
const SAFETY: readonly CanaryPhase['phase'][] = [
  'rolled-back',
  'pending',
  'paused',
  'shadowing',
  'gated',
  'progressing',
  'baking',
  'promoted',
];

/** Another replica's rollout, checked against this one's plan. @throws SnapshotError */
export function readSharedRollout(json: Json, plan: CanaryPlan): SharedRollout {
  const { run, state } = json as unknown as Partial<SharedRollout>;
  const numbers = [run, state?.startedAt, state?.enteredAt, state?.runningSince, state?.dwelt, state?.spent];
  const counters = [state?.fails, state?.undecided, state?.errors];
  const sound =
    [...numbers, ...counters].every((value) => typeof value === 'number' && Number.isFinite(value)) &&
    Array.isArray(state!.approved) &&
    isPhase(state!.phase, plan);
  if (!sound) throw new SnapshotError('the control of a rollout must have a run and a state of the same plan');
  return { run: run!, state: state! };
}

function isPhase(phase: CanaryPhase | undefined, plan: CanaryPlan): boolean {
  if (typeof phase !== 'object' || phase === null || !SAFETY.includes(phase.phase)) return false;
  if (phase.phase === 'paused' && (typeof phase.previous !== 'object' || phase.previous === null)) return false;
  const active = activeOf(phase);
  if (active.phase === 'progressing' || active.phase === 'gated') {
    return Number.isInteger(active.stage) && plan.stages[active.stage] !== undefined;
  }
  return SAFETY.includes(active.phase) && active.phase !== 'paused';
}

/**
 * Which of two different decisions of the same revision stands: below 0 the first, above 0 the second, 0 where both say the
 * same. A later attempt before an earlier one; then less traffic for the canary; then the safer phase.
 */
export function compareSafety(a: SharedRollout, b: SharedRollout, plan: CanaryPlan): number {
  if (a.run !== b.run) return b.run - a.run;
  const weight = weightOf(a.state.phase, plan) - weightOf(b.state.phase, plan);
  if (weight !== 0) return weight;
  return SAFETY.indexOf(a.state.phase.phase) - SAFETY.indexOf(b.state.phase.phase);
}
