import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { LinUcbPolicy, type LinUcbPolicyOptions } from '../policies/LinUcbPolicy.ts';
import { linearSettings, type PolicySettings } from '../policySettings.ts';

/** Options of {@link LinUCB}. */
export type LinUCBOptions<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<LinUcbPolicyOptions>;

/**
 * LinUCB over models: a ridge regression of the reward on the context for every arm, and the arm with the highest upper bound.
 * The context is the request's own, or what `contextOf` makes of the input: `dimension` finite numbers. A request whose context
 * is none is answered by the baseline. See {@link LinUcbPolicy} for the policy alone.
 *
 * Source: Li, Chu, Langford & Schapire (2010), WWW, doi:10.1145/1772690.1772758.
 *
 * @example
 * const contextOf = (row: Row) => [1, row.temperature, row.pressure];
 * const bandit = new LinUCB({ arms: { linear, forest }, reward, contextOf, dimension: 3, alpha: 0.5, seed: 42 });
 * bandit.serve(row);
 */
export class LinUCB<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: LinUCBOptions<A>) {
    super(
      'lin-ucb',
      [...linearSettings, 'alpha', 'hybrid'],
      options,
      (own: LinUcbPolicyOptions) => new LinUcbPolicy(own),
    );
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: LinUCBOptions<A>): LinUCB<A> {
    return restored(new LinUCB(options), snapshot);
  }
}
