import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { Exp3Policy, type Exp3PolicyOptions } from '../policies/Exp3Policy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link EXP3}. */
export type EXP3Options<A extends Arms = Arms> = BanditOptions<A> & PolicySettings<Exp3PolicyOptions>;

/**
 * EXP3 over models: exponential weights, for rewards that may follow no law at all. See {@link Exp3Policy} for the policy alone.
 * With `logPropensities`, a late reward is weighted by the probability that its choice had.
 *
 * Source: Auer, Cesa-Bianchi, Freund & Schapire (2002), doi:10.1137/S0097539701398375.
 *
 * @example
 * const bandit = new EXP3({ arms: { linear, forest }, reward: closeness({ scale: 10 }), logPropensities: true, seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class EXP3<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: EXP3Options<A>) {
    super('exp3', [...tableSettings, 'gamma'], options, (own: Exp3PolicyOptions) => new Exp3Policy(own));
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: EXP3Options<A>): EXP3<A> {
    return restored(new EXP3(options), snapshot);
  }
}
