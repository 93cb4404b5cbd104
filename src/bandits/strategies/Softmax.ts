import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { SoftmaxPolicy, type SoftmaxPolicyOptions } from '../policies/SoftmaxPolicy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link Softmax}. */
export type SoftmaxOptions<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<SoftmaxPolicyOptions>;

/**
 * Softmax (Boltzmann) exploration over models: an arm with probability proportional to exp(mean / temperature).
 * See {@link SoftmaxPolicy} for the policy alone.
 *
 * Source: Sutton & Barto (2018), Reinforcement Learning, section 2.8.
 *
 * @example
 * const bandit = new Softmax({ arms: { linear, forest }, reward: closeness({ scale: 10 }), temperature: 0.05, seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class Softmax<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: SoftmaxOptions<A>) {
    super(
      'softmax',
      [...tableSettings, 'optimism', 'temperature'],
      options,
      (own: SoftmaxPolicyOptions) => new SoftmaxPolicy(own),
    );
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: SoftmaxOptions<A>): Softmax<A> {
    return restored(new Softmax(options), snapshot);
  }
}
