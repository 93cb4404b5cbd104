import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import {
  SuccessiveEliminationPolicy,
  type SuccessiveEliminationPolicyOptions,
} from '../policies/SuccessiveEliminationPolicy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link SuccessiveElimination}. */
export type SuccessiveEliminationOptions<A extends Arms = Arms> = BanditOptions<A> &
  PolicySettings<SuccessiveEliminationPolicyOptions>;

/**
 * Successive elimination over models: the remaining arms in turn, until all but the best are out. It says which arm is best with
 * probability 1 - delta. See {@link SuccessiveEliminationPolicy} for the policy alone.
 *
 * Source: Even-Dar, Mannor & Mansour (2006), JMLR 7, algorithm 3.
 *
 * @example
 * const bandit = new SuccessiveElimination({ arms: { linear, forest }, reward: closeness({ scale: 10 }), delta: 0.01, seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class SuccessiveElimination<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: SuccessiveEliminationOptions<A>) {
    super(
      'successive-elimination',
      [...tableSettings, 'delta'],
      options,
      (own: SuccessiveEliminationPolicyOptions) => new SuccessiveEliminationPolicy(own),
    );
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(
    snapshot: Snapshot,
    options: SuccessiveEliminationOptions<A>,
  ): SuccessiveElimination<A> {
    return restored(new SuccessiveElimination(options), snapshot);
  }
}
