import type { EventBase, EventTypes } from '../core/events.ts';
import type { RolloutPhase, StepName } from './RolloutPhase.ts';
import type { StepReason, StepVerdict } from './StepVerdict.ts';

/** The rollout moved to another phase or step. */
export interface RolloutTransitionEvent extends EventBase {
  readonly type: 'transition';
  readonly from: RolloutPhase;
  readonly to: RolloutPhase;
  /** The step that serves from now on; `production` once the candidate has it, null where no step does. */
  readonly step: StepName | 'production' | null;
  readonly reason: string;
  /** What the step had said, where one was judged. */
  readonly verdict: StepVerdict | null;
}

/** A step says something else than before, or for other reasons. */
export interface StepVerdictEvent extends EventBase {
  readonly type: 'verdict';
  readonly step: StepName;
  readonly verdict: StepVerdict['verdict'];
  readonly reasons: readonly StepReason[];
}

/** Something that a step's own strategy told: a stage of the canary, a decision of the test, drops of the shadow. */
export interface StepEvent extends EventBase {
  readonly type: 'step';
  readonly step: StepName;
  /** The event as the step told it; errors as their name and message. */
  readonly event: EventBase;
}

/** A step that is over was let go of: its queue, its summaries and the outcomes that waited for their truth. */
export interface StepReleasedEvent extends EventBase {
  readonly type: 'released';
  readonly step: StepName;
  /** `settled`: nothing waited any more. `window`: the truth window was over. `retry`: another attempt begins. */
  readonly reason: 'settled' | 'window' | 'retry';
  /** Outcomes whose truth had not come. */
  readonly waiting: number;
}

/** What a rollout tells its listeners. */
export type RolloutEvent = RolloutTransitionEvent | StepVerdictEvent | StepEvent | StepReleasedEvent;

/**
 * What is told and asked while a rollout goes on. Hooks may be asynchronous; what they throw is contained and reported as
 * a `contained-error`.
 */
export interface RolloutHooks {
  /** It moved, wherever to. */
  readonly transition?: (event: RolloutTransitionEvent) => unknown;
  /** A gate is reached: `true` approves, `false` rejects, anything else leaves it to `approve()`. */
  readonly gate?: (event: RolloutTransitionEvent) => unknown;
  /** The candidate answers alone. */
  readonly promoted?: (event: RolloutTransitionEvent) => unknown;
  /** The current model answers alone: the place for a pager. */
  readonly rejected?: (event: RolloutTransitionEvent) => unknown;
}

/** The types of a rollout's events. */
export const rolloutEventTypes: EventTypes<RolloutEvent> = {
  transition: 'logged',
  verdict: 'logged',
  step: 'logged',
  released: 'logged',
};
