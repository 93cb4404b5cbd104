import { checkFinite } from '../../core/check.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Arms, BanditOptions } from '../BanditOptions.ts';
import { BanditStrategy, restored } from '../BanditStrategy.ts';
import { UcbPolicy, type UcbPolicyOptions } from '../policies/UcbPolicy.ts';
import { type PolicySettings, tableSettings } from '../policySettings.ts';

/** Options of {@link UCB}. */
export interface UCBOptions<A extends Arms = Arms>
  extends BanditOptions<A>,
    Omit<PolicySettings<UcbPolicyOptions>, 'explorationParameter'> {
  /** The factor of the exploration bonus, in widths of the reward range, or `'auto'`. @defaultValue 2 */
  readonly c?: number | 'auto';
}

/**
 * Upper confidence bounds over models: every request goes to the arm with the highest mean + c √(ln N / n).
 *
 * Source: Auer, Cesa-Bianchi & Fischer (2002), doi:10.1023/A:1013689704352. See {@link UcbPolicy} for the policy alone,
 * and for what the default c = 2 costs.
 *
 * @example
 * const bandit = new UCB({ arms: { linear, forest }, reward: closeness({ scale: 10 }), c: 2, seed: 42 });
 * const { requestId, variant } = bandit.serve(row);
 * bandit.record(requestId, measuredYield);
 */
export class UCB<const A extends Arms> extends BanditStrategy<A> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: UCBOptions<A>) {
    const settings = [...tableSettings, 'optimism', 'c'];
    super('ucb', settings, options, ({ c = 2, ...own }: UcbPolicyOptions & Pick<UCBOptions, 'c'>) => {
      if (c !== 'auto') checkFinite('c', c, { ge: 0 });
      return new UcbPolicy({ ...own, explorationParameter: c });
    });
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: UCBOptions<A>): UCB<A> {
    return restored(new UCB(options), snapshot);
  }
}
