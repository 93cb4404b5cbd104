export { estimateRegret, type RegretEstimate, type RegretInconclusive } from './estimateRegret.ts';
export {
  evaluateOffPolicy,
  type ModelEstimator,
  type OffPolicyEstimate,
  type OffPolicyInconclusive,
  type OffPolicyOptions,
  type OffPolicyResult,
  type WeightingEstimator,
} from './evaluateOffPolicy.ts';
export type { LoggedDecision } from './LoggedDecision.ts';
export { type BetaBelief, probabilityBestBeta, probabilityBestStudent, type StudentBelief } from './probabilityBest.ts';
export { type ProbabilityBestArmOptions, probabilityBestArm } from './probabilityBestArm.ts';
export { type ReplayOptions, type ReplayResult, replay } from './replay.ts';
