import type { RolloutPhase, StepName } from './RolloutPhase.ts';
import type { RolloutStatus } from './RolloutStatus.ts';
import type { StepVerdict } from './StepVerdict.ts';

/** What was found in a step, kept when its strategy is let go of. Plain data. */
export interface StepReport {
  readonly step: StepName;
  readonly verdict: StepVerdict;
  /** How it went on: the phase that followed, and why. */
  readonly outcome: RolloutPhase['phase'];
  readonly reason: string;
  readonly actor: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Requests that it served. */
  readonly requests: number;
  /** Truths by what became of them, when the step ended or was let go of. */
  readonly truths: Readonly<Record<string, number>>;
  /** The step's own report, as Markdown and as text of 80 columns. */
  readonly markdown: string;
  readonly text: string;
}

/** One line of a story: a step that is over, under way or to come. */
export interface StoryStep {
  readonly step: StepName;
  readonly status: 'to come' | 'under way' | 'over' | 'released' | 'left out';
  readonly report: StepReport | undefined;
}

/** The whole story of a rollout as plain data. */
export interface RolloutStory {
  readonly name: string;
  readonly status: RolloutStatus;
  readonly steps: readonly StoryStep[];
  /** Every move and every verdict, oldest first. */
  readonly history: readonly {
    readonly at: number;
    readonly what: string;
    readonly why: string;
    readonly actor: string;
  }[];
}
