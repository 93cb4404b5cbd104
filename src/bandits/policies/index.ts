export type {
  AddArmOptions,
  ArmStatistics,
  BanditPolicy,
  BestArmCriterion,
  BestArmOptions,
  PolicySnapshot,
  Prior,
  SelectOptions,
  UpdateOptions,
  UpdateRow,
} from './BanditPolicy.ts';
export { BayesUcbPolicy, type BayesUcbPolicyOptions } from './BayesUcbPolicy.ts';
export { EpsilonGreedyPolicy, type EpsilonGreedyPolicyOptions, type Schedule } from './EpsilonGreedyPolicy.ts';
export { Exp3Policy, type Exp3PolicyOptions } from './Exp3Policy.ts';
export { ImedPolicy } from './ImedPolicy.ts';
export { KlUcbPolicy, type KlUcbPolicyOptions } from './KlUcbPolicy.ts';
export type { LinearPolicyOptions } from './LinearPolicyOptions.ts';
export { LinGreedyPolicy, type LinGreedyPolicyOptions } from './LinGreedyPolicy.ts';
export { LinThompsonPolicy, type LinThompsonPolicyOptions } from './LinThompsonPolicy.ts';
export { LinUcbPolicy, type LinUcbPolicyOptions } from './LinUcbPolicy.ts';
export { LogisticThompsonPolicy, type LogisticThompsonPolicyOptions } from './LogisticThompsonPolicy.ts';
export type { SharedFeatures } from './linear/HybridModel.ts';
export { MossPolicy, type MossPolicyOptions } from './MossPolicy.ts';
export type { ChangeDetectionMemory, MemoryOptions } from './memory/Memory.ts';
export type { OptimismOptions, PolicyOptions, TablePolicyOptions } from './PolicyOptions.ts';
export { RandomPolicy } from './RandomPolicy.ts';
export type { Fractional } from './rules/thompsonBetaRule.ts';
export { SegmentPolicy } from './SegmentPolicy.ts';
export type { SegmentPolicyOptions, SegmentSetup } from './SegmentPolicyOptions.ts';
export { SoftmaxPolicy, type SoftmaxPolicyOptions } from './SoftmaxPolicy.ts';
export {
  SuccessiveEliminationPolicy,
  type SuccessiveEliminationPolicyOptions,
} from './SuccessiveEliminationPolicy.ts';
export { TablePolicy } from './TablePolicy.ts';
export { ThompsonPolicy, type ThompsonPolicyOptions } from './ThompsonPolicy.ts';
export { Ucb1Policy } from './Ucb1Policy.ts';
export { UcbPolicy, type UcbPolicyOptions } from './UcbPolicy.ts';
export { UcbTunedPolicy } from './UcbTunedPolicy.ts';
