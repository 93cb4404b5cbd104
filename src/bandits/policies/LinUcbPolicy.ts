import { checkFinite, checkFunction, checkInteger, checkOptions } from '../../core/check.ts';
import { type LinearPolicyOptions, linearSettings } from './LinearPolicyOptions.ts';
import { DisjointModel } from './linear/DisjointModel.ts';
import { HybridModel, type SharedFeatures } from './linear/HybridModel.ts';
import { linearRule, upperBoundChoice } from './rules/linearRule.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link LinUcbPolicy}. */
export interface LinUcbPolicyOptions extends LinearPolicyOptions {
  /** Width of the bound in standard deviations of the estimate, in units of the noise; at least 0. @defaultValue 1 */
  readonly alpha?: number;
  /**
   * Features shared by all arms, beside those of each: what one arm teaches about them helps the others.
   * @defaultValue none: every arm has a model by itself
   */
  readonly hybrid?: SharedFeatures;
}

/**
 * LinUCB: a ridge regression of the reward on the context for every arm, and the arm with the highest
 * x·θ + alpha sqrt(xᵀ A⁻¹ x). With `hybrid`, z·β is added, whose features and parameters the arms share.
 *
 * Cost per choice: arms × dimension² / 2 multiplications; memory: arms × dimension² numbers.
 *
 * Source: Li, Chu, Langford & Schapire (2010), WWW, doi:10.1145/1772690.1772758, algorithms 1 and 2.
 *
 * @example
 * const policy = new LinUcbPolicy({ arms: ['a', 'b'], dimension: 2, seed: 1 });
 * policy.update('a', 1, [1, 0.5]);
 * policy.select([1, 0.4]);
 */
export class LinUcbPolicy extends TablePolicy<ArrayLike<number>> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: LinUcbPolicyOptions) {
    const { dimension, lambda, scale } = linearSettings('LinUcbPolicy options', options, 'alpha', 'hybrid');
    const alpha = checkFinite('alpha', options.alpha ?? 1, { ge: 0 });
    const { hybrid } = options;
    if (hybrid !== undefined) {
      checkOptions('hybrid', hybrid, ['dimension', 'features']);
      checkInteger('hybrid.dimension', hybrid.dimension, { ge: 1, le: 10_000 });
      checkFunction('hybrid.features', hybrid.features);
    }
    const model =
      hybrid === undefined ? new DisjointModel(dimension, lambda) : new HybridModel(dimension, lambda, hybrid);
    const kind = hybrid === undefined ? 'lin-ucb' : 'lin-ucb-hybrid';
    super(linearRule(kind, model, upperBoundChoice(model, alpha)), scale, options);
  }
}
