import type { Snapshot } from '../core/snapshot.ts';
import { strategyMark } from '../core/strategy.ts';
import { type Arms, type BanditOptions, banditOptionNames } from './BanditOptions.ts';
import { BanditStrategy } from './BanditStrategy.ts';
import { UcbPolicy, type UcbPolicyOptions } from './policies/UcbPolicy.ts';
import { type PolicySettings, policySettingNames, tablePolicyOptions } from './tablePolicyOptions.ts';

/** Options of {@link UCB}. */
export interface UCBOptions<A extends Arms = Arms> extends BanditOptions<A>, PolicySettings {
  /** The factor of the exploration bonus, in widths of the reward range, or `'auto'`. @defaultValue 2 */
  readonly c?: number | 'auto';
  /** An optimistic start. @defaultValue none */
  readonly optimism?: NonNullable<UcbPolicyOptions['optimism']>;
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
    const known = [...banditOptionNames, ...policySettingNames, 'c', 'optimism'];
    super('ucb', known, options, (arms, rng, range) => {
      const { c = 2, optimism } = options;
      const settings = tablePolicyOptions(options, arms, rng, range);
      return new UcbPolicy({ ...settings, explorationParameter: c, ...(optimism === undefined ? {} : { optimism }) });
    });
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: UCBOptions<A>): UCB<A> {
    const bandit = new UCB(options);
    bandit[strategyMark].load(snapshot);
    return bandit;
  }
}
