import type { RolloutPhase, StepName } from './RolloutPhase.ts';
import type { StepVerdict } from './StepVerdict.ts';

/** Where a rollout stands, for people and dashboards. */
export interface RolloutStatus {
  readonly phase: RolloutPhase['phase'];
  /** The step that serves and is judged; `production` once the candidate has it; undefined before and after. */
  readonly step: StepName | 'production' | undefined;
  /** Its place from 1, and how many steps there are, production not counted. */
  readonly stepNumber: number | undefined;
  readonly steps: number;
  /** How far the whole rollout is, within [0, 1]: steps that are over, and the part of the present one. */
  readonly progress: number;
  /** What it waits for, or why it ended. */
  readonly waitingFor: string;
  /** What the present step still needs, at the present pace; undefined where nobody can tell. */
  readonly remaining: StepVerdict['remaining'];
  /** What the step that serves says; undefined where none does. */
  readonly verdict: StepVerdict | undefined;
  /** Percent of the traffic that the candidate answers. */
  readonly weight: number;
  /** When the present step or gate ends at the latest, milliseconds since the epoch; undefined where it has no end. */
  readonly deadlineAt: number | undefined;
  readonly startedAt: number | undefined;
  readonly enteredAt: number | undefined;
  readonly attempt: number;
  /** Requests answered in all. */
  readonly requests: number;
}
