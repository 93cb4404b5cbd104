import { checkOneOf } from '../core/check.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { strategyMark } from '../core/strategy.ts';
import { type Arms, type BanditOptions, banditOptionNames } from './BanditOptions.ts';
import { BanditStrategy } from './BanditStrategy.ts';
import type { Prior } from './policies/BanditPolicy.ts';
import { ThompsonPolicy, type ThompsonPolicyOptions } from './policies/ThompsonPolicy.ts';
import { type PolicySettings, policySettingNames, tablePolicyOptions } from './tablePolicyOptions.ts';

/** Options of {@link ThompsonSampling}. */
export interface ThompsonSamplingOptions<A extends Arms = Arms> extends BanditOptions<A>, PolicySettings {
  /** What is believed of every arm beforehand. @defaultValue the uniform prior Beta(1, 1) */
  readonly prior?: Prior;
  /** What becomes of rewards strictly inside the range. @defaultValue 'soft' */
  readonly fractional?: NonNullable<ThompsonPolicyOptions['fractional']>;
  /** Probability of pulling the winner of the posterior draw; 0.5 finds the best arm soonest. @defaultValue 1 */
  readonly topTwo?: number;
}

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
    const known = [...banditOptionNames, ...policySettingNames, 'prior', 'fractional', 'topTwo'];
    super('thompson-sampling', known, options, (arms, rng, range) => {
      const { prior, fractional, topTwo } = options;
      if (fractional !== undefined) checkOneOf('fractional', fractional, ['soft', 'binarise', 'refuse']);
      return new ThompsonPolicy({
        ...tablePolicyOptions(options, arms, rng, range),
        ...(prior === undefined ? {} : { prior }),
        ...(fractional === undefined ? {} : { fractional }),
        ...(topTwo === undefined ? {} : { topTwo }),
      });
    });
  }

  /** A bandit that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<const A extends Arms>(snapshot: Snapshot, options: ThompsonSamplingOptions<A>): ThompsonSampling<A> {
    const bandit = new ThompsonSampling(options);
    bandit[strategyMark].load(snapshot);
    return bandit;
  }
}
