import { checkFinite } from '../../core/check.ts';
import { type LinearPolicyOptions, linearSettings } from './LinearPolicyOptions.ts';
import { LogisticModel } from './linear/LogisticModel.ts';
import { rewardScale } from './PolicyOptions.ts';
import { linearRule, thompsonDrawChoice } from './rules/linearRule.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link LogisticThompsonPolicy}. */
export interface LogisticThompsonPolicyOptions extends LinearPolicyOptions {
  /** Factor on the standard deviation of the belief; at least 0, below 1 explores less. @defaultValue 1 */
  readonly v?: number;
}

/**
 * Logistic Thompson sampling, for rewards of 0 and 1 (fractions of the range count as parts of a success): a Bayesian
 * logistic regression for every arm, by online Laplace approximation; logits are drawn from the belief. What it has learnt
 * depends slightly on the order of updates, so that processes cannot be merged.
 *
 * Source: Chapelle & Li (2011), An Empirical Evaluation of Thompson Sampling, NIPS, algorithm 3.
 */
export class LogisticThompsonPolicy extends TablePolicy<ArrayLike<number>> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: LogisticThompsonPolicyOptions) {
    const { dimension, lambda } = linearSettings('LogisticThompsonPolicy options', options, 'v');
    const v = checkFinite('v', options.v ?? 1, { ge: 0 });
    const model = new LogisticModel(dimension, lambda);
    const scale = rewardScale(options.rewardRange ?? [0, 1], true);
    super(linearRule('logistic-thompson', model, thompsonDrawChoice(model, v)), scale, options);
  }
}
