import type { StepName } from './RolloutPhase.ts';
import { activePhase, type RolloutPlan, type RolloutState, servingStep } from './RolloutState.ts';
import type { RolloutStatus } from './RolloutStatus.ts';
import { reasonText, type StepVerdict } from './StepVerdict.ts';

/** What a status is made of. */
export interface StatusParts {
  readonly state: RolloutState;
  readonly plan: RolloutPlan;
  /** What the step that serves says; undefined where none does, or none was judged. */
  readonly verdict: StepVerdict | undefined;
  /** The step that serves; undefined where one of the two models answers alone. */
  readonly serving: StepName | undefined;
  readonly weight: number;
  readonly dueAt: number;
  readonly requests: { readonly all: number; readonly step: number };
  /** Steps that the candidate has passed. */
  readonly passed: number;
}

/** Where a rollout stands. */
export function describeStatus(parts: StatusParts): RolloutStatus {
  const { state, plan, verdict, weight, dueAt, requests } = parts;
  const { phase, startedAt, enteredAt, attempt } = state;
  const active = activePhase(phase);
  return {
    phase: phase.phase,
    step: stepName(state, plan),
    stepNumber: 'step' in active ? active.step + 1 : undefined,
    steps: plan.steps.length,
    progress: progress(parts),
    waitingFor: waitingFor(parts),
    remaining: verdict?.remaining,
    verdict,
    weight,
    deadlineAt: Number.isFinite(dueAt) ? dueAt : undefined,
    startedAt: startedAt < 0 ? undefined : startedAt,
    enteredAt: enteredAt < 0 ? undefined : enteredAt,
    attempt,
    requests: requests.all,
  };
}

/** The step that serves by the state; `production` once the candidate answers alone. */
export function stepName({ phase }: RolloutState, plan: RolloutPlan): StepName | 'production' | undefined {
  return phase.phase === 'promoted' ? 'production' : plan.steps[servingStep(phase)]?.name;
}

function progress(parts: StatusParts): number {
  const { state, plan, passed } = parts;
  const total = plan.steps.length;
  const active = activePhase(state.phase);
  if (active.phase === 'promoted') return 1;
  if (active.phase === 'gated') return active.step / total;
  if (active.phase === 'running') return (active.step + part(parts)) / total;
  return passed / total;
}

/** How far the present step is: by the canary's weight, or by the requests that it still needs. */
function part({ verdict, serving, weight, requests }: StatusParts): number {
  if (verdict === undefined) return 0;
  if (verdict.verdict === 'promote') return 1;
  if (serving === 'canary') return weight / 100;
  const left = verdict.remaining?.requests;
  return left === undefined ? 0 : requests.step / Math.max(1, requests.step + left);
}

function waitingFor({ state: { phase }, plan, verdict }: StatusParts): string {
  switch (phase.phase) {
    case 'pending':
      return 'start()';
    case 'gated':
      return `a person's approval of ${plan.steps[phase.step]?.name ?? 'production'}`;
    case 'paused':
      if (phase.reason === 'manual') return 'a person: paused by hand';
      if (phase.reason === 'deadline') return 'a person: the deadline has come';
      return `a person: ${verdict === undefined ? 'the evidence cannot be trusted' : reasonText(verdict)}`;
    case 'promoted':
      return 'nothing: promoted';
    case 'rejected':
      return `nothing: ${phase.reason}`;
    default:
      return verdict === undefined ? 'requests' : reasonText(verdict);
  }
}
