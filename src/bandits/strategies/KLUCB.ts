import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { KlUcbPolicy, type KlUcbPolicyOptions } from '../policies/KlUcbPolicy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link KLUCB}. */
export type KLUCBOptions<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<KlUcbPolicyOptions>;

/**
 * KL-UCB over models: the highest mean that an arm's rewards still allow; with `plus`, KL-UCB+, which explores less. Deterministic,
 * and as good as Thompson sampling on rewards of 0 and 1. See {@link KlUcbPolicy} for the policy alone.
 *
 * Source: Garivier & Cappé (2011), COLT, arXiv:1102.2490.
 *
 * @example
 * const bandit = new KLUCB({ arms: { linear, forest }, reward: closeness({ scale: 10 }), plus: true, seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class KLUCB<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: KLUCBOptions<A>) {
    super(
      'kl-ucb',
      [...tableSettings, 'optimism', 'plus', 'c'],
      options,
      (own: KlUcbPolicyOptions) => new KlUcbPolicy(own),
    );
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: KLUCBOptions<A>): KLUCB<A> {
    return restored(new KLUCB(options), snapshot);
  }
}
