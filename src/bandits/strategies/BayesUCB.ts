import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { BayesUcbPolicy, type BayesUcbPolicyOptions } from '../policies/BayesUcbPolicy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link BayesUCB}. */
export type BayesUCBOptions<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<BayesUcbPolicyOptions>;

/**
 * Bayes-UCB over models: the arm whose posterior has the highest 1 - 1 / N quantile. See {@link BayesUcbPolicy} for the policy alone.
 *
 * Source: Kaufmann, Cappé & Garivier (2012), On Bayesian Upper Confidence Bounds for Bandit Problems, AISTATS.
 *
 * @example
 * const bandit = new BayesUCB({ arms: { linear, forest }, reward: closeness({ scale: 10 }), seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class BayesUCB<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: BayesUCBOptions<A>) {
    super('bayes-ucb', [...tableSettings, 'prior'], options, (own: BayesUcbPolicyOptions) => new BayesUcbPolicy(own));
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: BayesUCBOptions<A>): BayesUCB<A> {
    return restored(new BayesUCB(options), snapshot);
  }
}
