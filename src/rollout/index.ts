/**
 * Shadow, A/B test, canary and production as one model. Guide: docs/guides/rollout.md.
 *
 * @packageDocumentation
 */

export { Rollout, type RolloutAct, type RolloutServed } from './Rollout.ts';
export type {
  RolloutEvent,
  RolloutHooks,
  RolloutTransitionEvent,
  StepEvent,
  StepReleasedEvent,
  StepVerdictEvent,
} from './RolloutEvent.ts';
export type {
  ABTestStepOptions,
  CanaryStepOptions,
  RolloutOptions,
  ShadowStepOptions,
  StepOptions,
} from './RolloutOptions.ts';
export type {
  GatedRollout,
  PausedRollout,
  PendingRollout,
  PromotedRollout,
  RejectedRollout,
  RolloutPauseReason,
  RolloutPhase,
  RunningRollout,
  StepName,
} from './RolloutPhase.ts';
export type { StepDeadlinePolicy } from './RolloutState.ts';
export type { RolloutStatus } from './RolloutStatus.ts';
export type { RolloutStory, StepReport, StoryStep } from './RolloutStory.ts';
export type { StepReason, StepVerdict } from './StepVerdict.ts';
