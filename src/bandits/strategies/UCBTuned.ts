import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import type { OptimismOptions, TablePolicyOptions } from '../policies/PolicyOptions.ts';
import { UcbTunedPolicy } from '../policies/UcbTunedPolicy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link UCBTuned}. */
export type UCBTunedOptions<A extends Arms = Arms> = BanditOptions<A> &
  PolicySettings<TablePolicyOptions & OptimismOptions>;

/**
 * UCB-tuned over models: UCB whose bonus shrinks with the observed variance. See {@link UcbTunedPolicy} for the policy alone.
 *
 * Source: Auer, Cesa-Bianchi & Fischer (2002), doi:10.1023/A:1013689704352, section 4.
 *
 * @example
 * const bandit = new UCBTuned({ arms: { linear, forest }, reward: closeness({ scale: 10 }), seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class UCBTuned<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: UCBTunedOptions<A>) {
    super(
      'ucb-tuned',
      [...tableSettings, 'optimism'],
      options,
      (own: TablePolicyOptions & OptimismOptions) => new UcbTunedPolicy(own),
    );
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: UCBTunedOptions<A>): UCBTuned<A> {
    return restored(new UCBTuned(options), snapshot);
  }
}
