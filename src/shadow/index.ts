/**
 * Shadow runs: the next model answers, and nobody sees it. Guide: docs/guides/shadow.md.
 *
 * @packageDocumentation
 */

export type { GroupRate } from './comparison/compareSubgroups.ts';
export type {
  ClassesComparison,
  ClassesReport,
  ClassificationComparison,
  ClassifierReport,
  HourlyDropRate,
  LatencySummary,
  NoiseComparison,
  PredictorReport,
  RegressionComparison,
  ShadowComparison,
  ShadowMetric,
  SubgroupComparison,
  SubgroupGap,
} from './comparison/ShadowComparison.ts';
export type { ExecutedShadow, Executor } from './Executor.ts';
export type { PairedVerdicts } from './evidence/ClassificationEvidence.ts';
export type { DropReason } from './evidence/drops.ts';
export type { LabelCoverage } from './evidence/ShadowEvidence.ts';
export type { HourlyDrops, ShadowCounts } from './evidence/ShadowTally.ts';
export type { ShadowDisagreement } from './evidence/WorstDisagreements.ts';
export type { LogStatus } from './log/RecordLog.ts';
export type { SinkStatus } from './log/SinkWriter.ts';
export type { Promotion, PromotionDecision, PromotionGate, PromotionLook } from './promotion/Promotion.ts';
export type { LimitAbove, LimitBelow, PromotionCriteria, SubgroupCriterion } from './promotion/PromotionCriteria.ts';
export type { ShadowReplay } from './replay.ts';
export type { ShadowReport } from './report/ShadowReport.ts';
export type {
  ExpensiveShadowEvent,
  PromotionEvent,
  ShadowEvent,
  ShadowedEvent,
  ShadowStateEvent,
  SinkErrorEvent,
} from './ShadowEvent.ts';
export type {
  IgnoreRule,
  ShadowClasses,
  ShadowClassification,
  ShadowLogOptions,
  ShadowNoiseOptions,
  ShadowOptions,
  ShadowQueueOptions,
  ShadowRegression,
} from './ShadowOptions.ts';
export {
  type ComparisonRecord,
  type DropsRecord,
  type GroupDrops,
  type LookRecord,
  type NoiseRecord,
  type RecordedAnswer,
  type RecordedReading,
  type RunRecord,
  SHADOW_SCHEMA,
  type ShadowRecord,
  type TruthRecord,
} from './ShadowRecord.ts';
export { ShadowRunner } from './ShadowRunner.ts';
export type { InputPolicy } from './serving/protectInput.ts';
export type { ShadowFailure } from './serving/ShadowJob.ts';
export type { ShadowTraffic } from './TrafficCounts.ts';
