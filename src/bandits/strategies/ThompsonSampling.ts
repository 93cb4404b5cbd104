import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { ThompsonPolicy, type ThompsonPolicyOptions } from '../policies/ThompsonPolicy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link ThompsonSampling}: `model` for rewards that are no rates, `topTwo` to name the best arm soonest. */
export type ThompsonSamplingOptions<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<ThompsonPolicyOptions>;

/**
 * Thompson sampling over models: every request goes to each arm with the probability that it is the best one, given
 * the rewards so far.
 *
 * Source: Thompson (1933), doi:10.1093/biomet/25.3-4.285. See {@link ThompsonPolicy} for the policy alone.
 *
 * @example
 * const bandit = new ThompsonSampling({ arms: { linear, forest }, reward: closeness({ scale: 10 }), seed: 42 });
 * const { requestId, variant, prediction } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 * bandit.bestArm();
 */
export class ThompsonSampling<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: ThompsonSamplingOptions<A>) {
    const settings = [...tableSettings, 'model', 'prior', 'fractional', 'topTwo'];
    super('thompson-sampling', settings, options, (own: ThompsonPolicyOptions) => new ThompsonPolicy(own));
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: ThompsonSamplingOptions<A>): ThompsonSampling<A> {
    return restored(new ThompsonSampling(options), snapshot);
  }
}
