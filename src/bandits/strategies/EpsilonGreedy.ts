import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { EpsilonGreedyPolicy, type EpsilonGreedyPolicyOptions } from '../policies/EpsilonGreedyPolicy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link EpsilonGreedy}. */
export type EpsilonGreedyOptions<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<EpsilonGreedyPolicyOptions>;

/**
 * Epsilon-greedy over models: a share epsilon of requests goes to any arm, the others to the one with the highest mean.
 * See {@link EpsilonGreedyPolicy} for the policy alone, and for what a constant epsilon costs.
 *
 * Source: Sutton & Barto (2018), Reinforcement Learning, section 2.2.
 *
 * @example
 * const bandit = new EpsilonGreedy({ arms: { linear, forest }, reward: closeness({ scale: 10 }), epsilon: 0.05, seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class EpsilonGreedy<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: EpsilonGreedyOptions<A>) {
    super(
      'epsilon-greedy',
      [...tableSettings, 'optimism', 'epsilon'],
      options,
      (own: EpsilonGreedyPolicyOptions) => new EpsilonGreedyPolicy(own),
    );
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: EpsilonGreedyOptions<A>): EpsilonGreedy<A> {
    return restored(new EpsilonGreedy(options), snapshot);
  }
}
