export type {
  BanditChangedEvent,
  BanditEvent,
  GuardReleasedEvent,
  GuardTrippedEvent,
  NoEligibleArmEvent,
  RewardRefusedEvent,
} from './BanditEvent.ts';
export type { ArmModel, ArmSpec, Arms, ArmsInput, ArmsOutput, BanditMode, BanditOptions } from './BanditOptions.ts';
export { type ArmReport, type BanditStory, BanditStrategy, type PolicyFactory } from './BanditStrategy.ts';
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
export * from './policies/index.ts';
export type { RewardSource } from './reward.ts';
export { type RegretSimulationOptions, type SimulatedPolicy, simulate } from './simulate.ts';
export * from './simulation/index.ts';
export { ThompsonSampling, type ThompsonSamplingOptions } from './ThompsonSampling.ts';
export type { PolicySettings } from './tablePolicyOptions.ts';
export { UCB, type UCBOptions } from './UCB.ts';
