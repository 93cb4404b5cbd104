import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { LinGreedyPolicy, type LinGreedyPolicyOptions } from '../policies/LinGreedyPolicy.ts';
import { linearSettings, type PolicySettings } from '../policySettings.ts';

/** Options of {@link LinGreedy}. */
export type LinGreedyOptions<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<LinGreedyPolicyOptions>;

/**
 * Greedy over models on a ridge regression of the reward on the context for every arm, with a share epsilon of uniform choices.
 * See {@link LinGreedyPolicy} for the policy alone, {@link LinUCB} for contexts.
 *
 * Source: Bastani, Bayati & Khosravi (2021), Management Science 67(3), doi:10.1287/mnsc.2020.3605.
 *
 * @example
 * const contextOf = (row: Row) => [1, row.temperature, row.pressure];
 * const bandit = new LinGreedy({ arms: { linear, forest }, reward, contextOf, dimension: 3, epsilon: 0.02, seed: 42 });
 * bandit.serve(row);
 */
export class LinGreedy<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: LinGreedyOptions<A>) {
    super(
      'lin-greedy',
      [...linearSettings, 'epsilon'],
      options,
      (own: LinGreedyPolicyOptions) => new LinGreedyPolicy(own),
    );
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: LinGreedyOptions<A>): LinGreedy<A> {
    return restored(new LinGreedy(options), snapshot);
  }
}
