import { checkFinite } from '../../core/check.ts';
import { type LinearPolicyOptions, linearSettings } from './LinearPolicyOptions.ts';
import { DisjointModel } from './linear/DisjointModel.ts';
import { linearRule, thompsonDrawChoice } from './rules/linearRule.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link LinThompsonPolicy}. */
export interface LinThompsonPolicyOptions extends LinearPolicyOptions {
  /** Standard deviation of the posterior in units of that of the ridge regression: the noise of the rewards. At least 0. @defaultValue 1 */
  readonly v?: number;
}

/**
 * Linear Thompson sampling: a ridge regression of the reward on the context for every arm; parameters are drawn from
 * N(θ, v² A⁻¹), and the arm with the highest prediction is pulled. Propensities are exact, by quadrature.
 *
 * Source: Agrawal & Goyal (2013), Thompson Sampling for Contextual Bandits with Linear Payoffs, ICML, arXiv:1209.3352.
 */
export class LinThompsonPolicy extends TablePolicy<ArrayLike<number>> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: LinThompsonPolicyOptions) {
    const { dimension, lambda, scale } = linearSettings('LinThompsonPolicy options', options, 'v');
    const v = checkFinite('v', options.v ?? 1, { ge: 0 });
    const model = new DisjointModel(dimension, lambda);
    super(linearRule('lin-thompson', model, thompsonDrawChoice(model, v)), scale, options);
  }
}
