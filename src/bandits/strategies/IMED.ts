import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { ImedPolicy } from '../policies/ImedPolicy.ts';
import type { OptimismOptions, TablePolicyOptions } from '../policies/PolicyOptions.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link IMED}. */
export type IMEDOptions<A extends Arms = Arms> = BanditOptions<A> &
  PolicySettings<TablePolicyOptions & OptimismOptions>;

/**
 * IMED over models: the arm with the lowest n kl(mean, best mean) + ln n. Deterministic, with the regret of Thompson sampling.
 * See {@link ImedPolicy} for the policy alone.
 *
 * Source: Honda & Takemura (2015), JMLR 16.
 *
 * @example
 * const bandit = new IMED({ arms: { linear, forest }, reward: closeness({ scale: 10 }), seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class IMED<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: IMEDOptions<A>) {
    super(
      'imed',
      [...tableSettings, 'optimism'],
      options,
      (own: TablePolicyOptions & OptimismOptions) => new ImedPolicy(own),
    );
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: IMEDOptions<A>): IMED<A> {
    return restored(new IMED(options), snapshot);
  }
}
