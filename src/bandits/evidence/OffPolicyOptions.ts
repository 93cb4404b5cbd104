import { checkDistinct, checkFinite, checkFunction, checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { normalDistribution } from '../../stats/distributions/index.ts';
import type { LoggedDecision } from './LoggedDecision.ts';

/** How to evaluate a policy on decisions of another one. */
export interface OffPolicyOptions<Context> {
  /** Names of the arms, in the order of the numbers below. */
  readonly arms: readonly string[];
  /**
   * Probabilities of the arms under the policy to be evaluated, for a decision of the log: by position, or by name as
   * `policy.probabilities(context)` gives them. They sum to one.
   */
  readonly target: (
    decision: LoggedDecision<Context>,
    index: number,
  ) => ArrayLike<number> | ReadonlyMap<string, number>;
  /**
   * Predicted reward of every arm for a decision, by position, from a model that was not fitted to these rewards. With it
   * come the direct and the doubly robust estimates.
   */
  readonly predictedReward?: (decision: LoggedDecision<Context>, index: number) => ArrayLike<number>;
  /** Largest weight of the clipped estimate; above 0. @defaultValue 10 */
  readonly clip?: number;
  /** Weight up to which the switch estimate trusts the reward; above 0. @defaultValue the value of `clip` */
  readonly switchAt?: number;
  /** Lambda of the shrunk weights of the optimistic doubly robust estimate; above 0. @defaultValue 1 */
  readonly shrinkage?: number;
  /** Lambda of the sub-Gaussian weights, within [0, 1]. @defaultValue 0.1 */
  readonly subGaussian?: number;
  /** Confidence level of the intervals. @defaultValue 0.95 */
  readonly level?: number;
}

/** Options checked, with their defaults. */
export interface OffPolicySettings {
  readonly clip: number;
  readonly switchAt: number;
  readonly shrinkage: number;
  readonly subGaussian: number;
  /** The normal quantile of the level. */
  readonly z: number;
}

/** @throws InvalidOptionError */
export function checkSettings<Context>(options: OffPolicyOptions<Context>): OffPolicySettings {
  const known = ['arms', 'target', 'predictedReward', 'clip', 'switchAt', 'shrinkage', 'subGaussian', 'level'];
  checkOptions('options', options, known);
  if (!Array.isArray(options.arms) || options.arms.length === 0) {
    throw new InvalidOptionError('arms', options.arms, 'a list of names');
  }
  checkDistinct('arms', options.arms);
  checkFunction('target', options.target);
  if (options.predictedReward !== undefined) checkFunction('predictedReward', options.predictedReward);
  const clip = checkFinite('clip', options.clip ?? 10, { gt: 0 });
  return {
    clip,
    switchAt: checkFinite('switchAt', options.switchAt ?? clip, { gt: 0 }),
    shrinkage: checkFinite('shrinkage', options.shrinkage ?? 1, { gt: 0 }),
    subGaussian: checkFinite('subGaussian', options.subGaussian ?? 0.1, { ge: 0, le: 1 }),
    z: normalDistribution.isf((1 - checkProbability('level', options.level ?? 0.95)) / 2),
  };
}
