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
export type { ChangeDetectionMemory, MemoryOptions } from './memory/Memory.ts';
export type { OptimismOptions, PolicyOptions, TablePolicyOptions } from './PolicyOptions.ts';
export type { Fractional } from './rules/thompsonBetaRule.ts';
export { TablePolicy } from './TablePolicy.ts';
export { ThompsonPolicy, type ThompsonPolicyOptions } from './ThompsonPolicy.ts';
export { UcbPolicy, type UcbPolicyOptions } from './UcbPolicy.ts';
