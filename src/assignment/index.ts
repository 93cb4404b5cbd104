/**
 * Who gets which variant: sticky hashing, ramps that move the fewest units, namespaces, holdouts.
 *
 * @packageDocumentation
 */

export { isUnit, type Unit, unitText } from '../core/Unit.ts';
export { Assigner } from './Assigner.ts';
export type { AssignerOptions, AssignmentHash, Holdout, NamespaceRange } from './AssignerOptions.ts';
export type { AssignerState } from './AssignerState.ts';
export type { Assigned, Assignment, Excluded, ExclusionReason } from './Assignment.ts';
export { type GrowthbookHashVersion, growthbookBucket, growthbookHash } from './growthbookHash.ts';
export {
  growthbookInNamespace,
  growthbookLedger,
  growthbookRanges,
  growthbookVariation,
  type HashRange,
} from './growthbookRanges.ts';
export { hashSeed } from './hashSeed.ts';
export { hashUnit } from './hashUnit.ts';
export { inShare } from './inShare.ts';
export { murmur3 } from './murmur3.ts';
export { RangeLedger, type RangeLedgerState } from './RangeLedger.ts';
export type { ArmRange } from './rampRanges.ts';
export { weightedChoice } from './weightedChoice.ts';
