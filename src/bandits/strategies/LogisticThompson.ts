import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { LogisticThompsonPolicy, type LogisticThompsonPolicyOptions } from '../policies/LogisticThompsonPolicy.ts';
import { linearSettings, type PolicySettings } from '../policySettings.ts';

/** Options of {@link LogisticThompson}. */
export type LogisticThompsonOptions<A extends Arms = Arms> = BanditOptions<A> &
  PolicySettings<LogisticThompsonPolicyOptions>;

/**
 * Logistic Thompson sampling over models, for rewards of 0 and 1 that depend on a context: clicks, conversions.
 * See {@link LogisticThompsonPolicy} for the policy alone, {@link LinUCB} for contexts.
 *
 * Source: Chapelle & Li (2011), An Empirical Evaluation of Thompson Sampling, NIPS, algorithm 3.
 *
 * @example
 * const contextOf = (row: Row) => [1, row.temperature, row.pressure];
 * const bandit = new LogisticThompson({ arms: { linear, forest }, reward, contextOf, dimension: 3, v: 0.5, seed: 42 });
 * bandit.serve(row);
 */
export class LogisticThompson<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: LogisticThompsonOptions<A>) {
    super(
      'logistic-thompson',
      [...linearSettings, 'v'],
      options,
      (own: LogisticThompsonPolicyOptions) => new LogisticThompsonPolicy(own),
    );
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: LogisticThompsonOptions<A>): LogisticThompson<A> {
    return restored(new LogisticThompson(options), snapshot);
  }
}
