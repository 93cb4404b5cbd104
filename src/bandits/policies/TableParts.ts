import type { ArmNames } from './ArmNames.ts';
import type { ArmTable } from './ArmTable.ts';
import type { ArmMemory } from './memory/Memory.ts';
import type { RewardScale } from './PolicyOptions.ts';
import type { ArmRule } from './rules/ArmRule.ts';

/** The inner parts of a policy over a table, handed to the functions that save and merge it. */
export interface TableParts {
  readonly names: ArmNames;
  readonly table: ArmTable;
  readonly memory: ArmMemory;
  readonly rule: ArmRule;
  readonly scale: RewardScale;
}
