import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import type { TablePolicyOptions } from '../policies/PolicyOptions.ts';
import { RandomPolicy } from '../policies/RandomPolicy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link RandomBandit}. */
export type RandomBanditOptions<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<TablePolicyOptions>;

/**
 * A random arm for every request, all alike: the baseline that a bandit must beat, and the fairest log for
 * `evaluateOffPolicy` and `replay`. See {@link RandomPolicy} for the policy alone.
 *
 * @example
 * const bandit = new RandomBandit({ arms: { linear, forest }, reward: closeness({ scale: 10 }), logPropensities: true, seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class RandomBandit<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: RandomBanditOptions<A>) {
    super('random-bandit', tableSettings, options, (own: TablePolicyOptions) => new RandomPolicy(own));
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: RandomBanditOptions<A>): RandomBandit<A> {
    return restored(new RandomBandit(options), snapshot);
  }
}
