import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import type { OptimismOptions, TablePolicyOptions } from '../policies/PolicyOptions.ts';
import { Ucb1Policy } from '../policies/Ucb1Policy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link UCB1}. */
export type UCB1Options<A extends Arms = Arms> = BanditOptions<A> &
  PolicySettings<TablePolicyOptions & OptimismOptions>;

/**
 * UCB1 over models: the arm with the highest mean + sqrt(2 ln N / n). See {@link Ucb1Policy} for the policy alone.
 *
 * Source: Auer, Cesa-Bianchi & Fischer (2002), doi:10.1023/A:1013689704352, figure 1.
 *
 * @example
 * const bandit = new UCB1({ arms: { linear, forest }, reward: closeness({ scale: 10 }), seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class UCB1<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: UCB1Options<A>) {
    super(
      'ucb1',
      [...tableSettings, 'optimism'],
      options,
      (own: TablePolicyOptions & OptimismOptions) => new Ucb1Policy(own),
    );
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: UCB1Options<A>): UCB1<A> {
    return restored(new UCB1(options), snapshot);
  }
}
