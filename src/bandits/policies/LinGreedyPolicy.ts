import { checkShare } from '../../core/check.ts';
import { type LinearPolicyOptions, linearSettings } from './LinearPolicyOptions.ts';
import { DisjointModel } from './linear/DisjointModel.ts';
import type { ChoiceView } from './rules/ArmRule.ts';
import { argmax, argmaxLaw, uniformArm } from './rules/choice.ts';
import { linearRule } from './rules/linearRule.ts';
import { mixUniform } from './selection.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link LinGreedyPolicy}. */
export interface LinGreedyPolicyOptions extends LinearPolicyOptions {
  /** Share of uniform choices, within [0, 1]. @defaultValue 0.05 */
  readonly epsilon?: number;
}

/**
 * Greedy on a ridge regression of the reward on the context for every arm, with a share of uniform choices. Where contexts
 * vary enough, they explore by themselves and epsilon may be 0.
 *
 * Source: Bastani, Bayati & Khosravi (2021), Mostly Exploration-Free Algorithms for Contextual Bandits, Management Science 67(3),
 * doi:10.1287/mnsc.2020.3605.
 */
export class LinGreedyPolicy extends TablePolicy<ArrayLike<number>> {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: LinGreedyPolicyOptions) {
    const { dimension, lambda, scale } = linearSettings('LinGreedyPolicy options', options, 'epsilon');
    const epsilon = checkShare('epsilon', options.epsilon ?? 0.05);
    const model = new DisjointModel(dimension, lambda);
    const predict = ({ table, scores }: ChoiceView): void => {
      for (let i = 0; i < table.size; i += 1) scores[i] = model.mean(i);
    };
    const rule = linearRule('lin-greedy', model, {
      width: 1,
      choose: (view, rng) => {
        if (rng.next() < epsilon) return uniformArm(view, rng);
        predict(view);
        return argmax(view.scores, view, rng);
      },
      law: (view, out) => {
        predict(view);
        argmaxLaw(view.scores, view, out);
        mixUniform(view, epsilon, out);
      },
    });
    super(rule, scale, options);
  }
}
