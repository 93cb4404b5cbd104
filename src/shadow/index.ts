export type { ExecutedShadow, Executor } from './Executor.ts';
export type { InputPolicy } from './protectInput.ts';
export type { ShadowEvent, ShadowedEvent, ShadowStateEvent } from './ShadowEvent.ts';
export type { ShadowOptions, ShadowQueueOptions } from './ShadowOptions.ts';
export {
  type ComparisonRecord,
  type DropsRecord,
  type LookRecord,
  type NoiseRecord,
  type RecordedAnswer,
  type RecordedReading,
  type RunRecord,
  SHADOW_SCHEMA,
  type ShadowRecord,
  type TruthRecord,
} from './ShadowRecord.ts';
export { type LatencySummary, type ShadowComparison, type ShadowMetric, ShadowRunner } from './ShadowRunner.ts';
export type { DropReason, ShadowCounts } from './ShadowTally.ts';
