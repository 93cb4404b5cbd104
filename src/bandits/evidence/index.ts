export { estimateRegret, type RegretEstimate, type RegretInconclusive } from './estimateRegret.ts';
export { evaluateOffPolicy } from './evaluateOffPolicy.ts';
export type { LoggedDecision } from './LoggedDecision.ts';
export type { OffPolicyOptions } from './OffPolicyOptions.ts';
export type {
  ModelEstimator,
  OffPolicyEstimate,
  OffPolicyInconclusive,
  OffPolicyResult,
  WeightingEstimator,
} from './OffPolicyResult.ts';
export { type BetaBelief, probabilityBestBeta, probabilityBestStudent, type StudentBelief } from './probabilityBest.ts';
export { type ProbabilityBestArmOptions, probabilityBestArm } from './probabilityBestArm.ts';
export { type ReplayOptions, type ReplayResult, replay } from './replay.ts';
