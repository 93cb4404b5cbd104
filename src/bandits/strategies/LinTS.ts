import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { LinThompsonPolicy, type LinThompsonPolicyOptions } from '../policies/LinThompsonPolicy.ts';
import { linearSettings, type PolicySettings } from '../policySettings.ts';

/** Options of {@link LinTS}. */
export type LinTSOptions<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<LinThompsonPolicyOptions>;

/**
 * Linear Thompson sampling over models: parameters are drawn from the posterior of a ridge regression for every arm, and the arm
 * with the highest prediction answers. See {@link LinThompsonPolicy} for the policy alone, {@link LinUCB} for contexts.
 *
 * Source: Agrawal & Goyal (2013), ICML, arXiv:1209.3352.
 *
 * @example
 * const contextOf = (row: Row) => [1, row.temperature, row.pressure];
 * const bandit = new LinTS({ arms: { linear, forest }, reward, contextOf, dimension: 3, v: 0.25, seed: 42 });
 * bandit.serve(row);
 */
export class LinTS<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: LinTSOptions<A>) {
    super('lin-ts', [...linearSettings, 'v'], options, (own: LinThompsonPolicyOptions) => new LinThompsonPolicy(own));
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: LinTSOptions<A>): LinTS<A> {
    return restored(new LinTS(options), snapshot);
  }
}
