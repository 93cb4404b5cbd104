import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { MossPolicy, type MossPolicyOptions } from '../policies/MossPolicy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link MOSS}. */
export type MOSSOptions<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<MossPolicyOptions>;

/**
 * MOSS over models, minimax optimal: UCB for a number of requests that is known. See {@link MossPolicy} for the policy alone.
 *
 * Source: Audibert & Bubeck (2009), Minimax Policies for Adversarial and Stochastic Bandits, COLT.
 *
 * @example
 * const bandit = new MOSS({ arms: { linear, forest }, reward: closeness({ scale: 10 }), horizon: 20_000, seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class MOSS<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: MOSSOptions<A>) {
    super('moss', [...tableSettings, 'optimism', 'horizon'], options, (own: MossPolicyOptions) => new MossPolicy(own));
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: MOSSOptions<A>): MOSS<A> {
    return restored(new MOSS(options), snapshot);
  }
}
