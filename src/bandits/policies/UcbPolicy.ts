import { checkFinite } from '../../core/check.ts';
import {
  checkPolicyOptions,
  type OptimismOptions,
  rewardScale,
  standardisedOptimism,
  TABLE_OPTIONS,
  type TablePolicyOptions,
} from './PolicyOptions.ts';
import type { ChoiceView } from './rules/ArmRule.ts';
import { ucbRule } from './rules/ucbRules.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link UcbPolicy}. */
export interface UcbPolicyOptions extends TablePolicyOptions, OptimismOptions {
  /**
   * The factor c of the bonus, in widths of the reward range; at least 0.
   *
   * 2 is what the notebook uses and is generous: on rewards in [0, 1] the sound constant is sqrt(1/2), and at c = 2 the
   * regret is 13 times that of Thompson sampling where the arms earn 0.9 and 0.8, and 6 times where they earn 0.25 and 0.2
   * (docs/simulations.md). `'auto'` takes sqrt(2) times the standard deviation of the rewards within the arms, pooled over
   * them and starting from the largest that the range allows; it suits low click rates and needs no finite range, but
   * assumes that the arms are about equally noisy.
   *
   * @defaultValue 2
   */
  readonly explorationParameter?: number | 'auto';
}

/**
 * Upper confidence bounds: the arm with the highest mean + c sqrt(ln N / n), N being all pulls and n those of the arm.
 *
 * Source: Auer, Cesa-Bianchi & Fischer (2002), Finite-time Analysis of the Multiarmed Bandit Problem, Machine Learning
 * 47, doi:10.1023/A:1013689704352 (UCB1 is c = sqrt 2).
 *
 * @example
 * const policy = new UcbPolicy({ arms: ['a', 'b'], seed: 1, ties: 'first' });
 * policy.select(); // 'a'
 * policy.update('a', 0.2);
 * policy.select(); // 'b', which has no pull yet
 */
export class UcbPolicy extends TablePolicy {
  /** The factor c, or `'auto'`. */
  readonly explorationParameter: number | 'auto';

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: UcbPolicyOptions) {
    checkPolicyOptions('UcbPolicy options', options, [...TABLE_OPTIONS, 'optimism', 'explorationParameter']);
    const c = options.explorationParameter ?? 2;
    if (c !== 'auto') checkFinite('explorationParameter', c, { ge: 0 });
    const scale = rewardScale(options.rewardRange ?? [0, 1], c !== 'auto');
    const optimism = standardisedOptimism(options, scale);
    const prior = scale.bounded ? 2 : 0;
    super(ucbRule('ucb', c === 'auto' ? pooledFactor(prior) : c, optimism, scale.bounded ? 1 : 2), scale, options);
    this.explorationParameter = c;
  }
}

/** sqrt(2) times the pooled standard deviation, with `prior` observations of the largest variance in [0, 1]. */
function pooledFactor(prior: number): (view: ChoiceView) => number {
  return ({ table }) => {
    let squares = prior / 4;
    let freedom = prior;
    for (let i = 0; i < table.size; i += 1) {
      squares += table.m2[i]!;
      freedom += Math.max(0, table.n[i]! - 1);
    }
    return freedom > 0 ? Math.sqrt((2 * squares) / freedom) : 0;
  };
}
