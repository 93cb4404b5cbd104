export type { InputPolicy } from './protectInput.ts';
export type { ShadowEvent, ShadowedEvent, ShadowStateEvent } from './ShadowEvent.ts';
export type { ShadowOptions, ShadowQueueOptions } from './ShadowOptions.ts';
export { type LatencySummary, type ShadowComparison, type ShadowMetric, ShadowRunner } from './ShadowRunner.ts';
export type { DropReason, ShadowCounts } from './ShadowTally.ts';
