export { CanaryDeployment, type CanaryStatus } from './CanaryDeployment.ts';
export type { CanaryEvent, CanaryHooks, CommonCauseEvent, TransitionEvent } from './CanaryEvent.ts';
export type { CanaryOptions, StageOptions } from './CanaryOptions.ts';
export type {
  ActivePhase,
  BakingPhase,
  CanaryPhase,
  GatedPhase,
  PausedPhase,
  PauseReason,
  PendingPhase,
  ProgressingPhase,
  PromotedPhase,
  RolledBackPhase,
} from './CanaryPhase.ts';
export type { CanaryVerdict, DeadlinePolicy } from './CanaryState.ts';
export type { HealthCheck, MetricCheck } from './HealthCheck.ts';
export type { CanaryJudge, JudgeRules, MetricEvidence, StageEvidence } from './judges/CanaryJudge.ts';
export { sequentialJudge } from './judges/sequentialJudge.ts';
export { thresholdJudge } from './judges/thresholdJudge.ts';
