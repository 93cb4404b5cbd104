/**
 * Canary deployments: traffic moves stage by stage, judged at every outcome. Guide: docs/guides/canary.md.
 *
 * @packageDocumentation
 */

export type { Arm } from '../metrics/judging/Arm.ts';
export type { BurstLimit, CommonCauseEvent } from '../metrics/judging/BurstWatch.ts';
export type { HealthCheck, MetricCheck, Verdict } from '../metrics/judging/HealthCheck.ts';
export type { Judge, JudgeRules, MetricEvidence } from '../metrics/judging/Judge.ts';
export type { JudgingOptions } from '../metrics/judging/JudgingOptions.ts';
export {
  classifyMetric,
  type KayentaClass,
  type KayentaMetricOptions,
  type KayentaResult,
} from '../metrics/judging/kayenta/classifyMetric.ts';
export type { OutlierRule } from '../metrics/judging/kayenta/cleanValues.ts';
export { classifyScore, type ScoredMetric, scoreGroups } from '../metrics/judging/kayenta/scoreGroups.ts';
export type { RootedShift } from '../metrics/judging/kayenta/shiftByRoots.ts';
export { type MannWhitneyJudgeOptions, mannWhitneyJudge } from '../metrics/judging/mannWhitneyJudge.ts';
export type { StageEvidence, StageEvidenceOptions } from '../metrics/judging/StageEvidence.ts';
export { sequentialJudge } from '../metrics/judging/sequentialJudge.ts';
export { thresholdJudge } from '../metrics/judging/thresholdJudge.ts';
export { welchJudge } from '../metrics/judging/welchJudge.ts';
export { CanaryDeployment } from './CanaryDeployment.ts';
export type {
  CanaryEvent,
  CanaryHooks,
  DrillEvent,
  DrillReport,
  LateFailureEvent,
  TransitionEvent,
} from './CanaryEvent.ts';
export type { CanaryOptions, Comparison, StageOptions } from './CanaryOptions.ts';
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
  ShadowingPhase,
} from './CanaryPhase.ts';
export type { DeadlinePolicy } from './CanaryState.ts';
export type { CanaryStatus } from './CanaryStatus.ts';
export {
  type RolloutForecast,
  type SimulatedRollout,
  type SimulationOptions,
  simulateRollout,
} from './simulateRollout.ts';
export type { RolloutScenario } from './simulation/RolloutScenario.ts';
