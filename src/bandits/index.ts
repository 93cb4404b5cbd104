/**
 * Bandits: traffic finds the best of several models by itself. Guide: docs/guides/bandits.md.
 *
 * @packageDocumentation
 */

export type {
  BanditChangedEvent,
  BanditEvent,
  GuardReleasedEvent,
  GuardTrippedEvent,
  NoEligibleArmEvent,
  RewardedEvent,
  RewardRefusedEvent,
} from './BanditEvent.ts';
export type { ArmModel, ArmSpec, Arms, ArmsInput, ArmsOutput, BanditMode, BanditOptions } from './BanditOptions.ts';
export type { ArmReport, BanditCounts, BanditStory, BanditSummary } from './BanditReport.ts';
export { BanditStrategy } from './BanditStrategy.ts';
export * from './evidence/index.ts';
export {
  type ArmHealth,
  type Guard,
  type GuardOptions,
  maxErrorRate,
  maxLatency,
  minReward,
  trafficCap,
} from './guards.ts';
export type { HoldoutOptions, HoldoutReport } from './Holdout.ts';
export * from './policies/index.ts';
export type { PolicyFactory, PolicySettings, SettledByStrategy } from './policySettings.ts';
export type { RewardSource } from './reward.ts';
export { type RegretSimulationOptions, type SimulatedPolicy, simulate } from './simulate.ts';
export * from './simulation/index.ts';
export * from './strategies/index.ts';
