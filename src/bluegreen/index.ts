/**
 * Blue-green deployments: all of the traffic at once, and one call back. Guide: docs/guides/canary.md.
 *
 * @packageDocumentation
 */

export type { Arm } from '../metrics/judging/Arm.ts';
export type { BurstLimit, CommonCauseEvent } from '../metrics/judging/BurstWatch.ts';
export type { HealthCheck, MetricCheck, Verdict } from '../metrics/judging/HealthCheck.ts';
export type { Judge, JudgeRules, MetricEvidence } from '../metrics/judging/Judge.ts';
export type { JudgingOptions } from '../metrics/judging/JudgingOptions.ts';
export type { StageEvidence, StageEvidenceOptions } from '../metrics/judging/StageEvidence.ts';
export { BlueGreenDeployment } from './BlueGreenDeployment.ts';
export type {
  BlueGreenEvent,
  BlueGreenGateEvent,
  BlueGreenPhase,
  BlueGreenTransitionEvent,
  SmokeEvent,
  SmokeReport,
} from './BlueGreenEvent.ts';
export type { BlueGreenHooks, BlueGreenOptions, SmokeTest } from './BlueGreenOptions.ts';
export type { BlueGreenGate } from './BlueGreenState.ts';
export type { BlueGreenStatus } from './BlueGreenStatus.ts';
