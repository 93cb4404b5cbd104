import { SnapshotError, show } from '../core/errors.ts';
import type { RngState } from '../random/Rng.ts';
import type { AssignerOptions } from './AssignerOptions.ts';
import type { RangeLedgerState } from './RangeLedger.ts';

/** An assigner as plain JSON: what has changed since it was made, and what identifies it. */
export interface AssignerState {
  readonly version: 1;
  readonly name: string;
  readonly salt: string;
  readonly hash: string;
  readonly variants: readonly string[];
  readonly exposure: number;
  readonly ledger: RangeLedgerState;
  readonly rng: { readonly arm: RngState; readonly exposure: RngState };
}

/**
 * Refuses a state that belongs to another assignment: restored into these options it would reassign everybody.
 * @throws SnapshotError if version, name, salt, hash or variants differ
 */
export function checkAssignerState(options: AssignerOptions, state: AssignerState): void {
  if (state?.version !== 1) {
    throw new SnapshotError('the state of an assigner must be what Assigner.toJSON() returned (version 1)');
  }
  const { name, salt = '', hash = 'murmur3-v1', variants } = options;
  const wanted = { name, salt, hash, variants, arms: variants.length };
  const found = { ...state, arms: state.ledger?.shares?.length };
  for (const key of ['name', 'salt', 'hash', 'variants', 'arms'] as const) {
    if (JSON.stringify(wanted[key]) === JSON.stringify(found[key])) continue;
    throw new SnapshotError(
      `the assigner's ${key} must be ${show(wanted[key])} as in the options, got ${show(found[key])}`,
    );
  }
}
