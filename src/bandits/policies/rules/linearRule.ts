import { InvalidOptionError } from '../../../core/errors.ts';
import type { Rng } from '../../../random/index.ts';
import { normal } from '../../../random/index.ts';
import { probabilityBestStudent } from '../../evidence/probabilityBest.ts';
import type { LinearModel } from '../linear/LinearModel.ts';
import type { ArmRule, ChoiceView } from './ArmRule.ts';
import { argmax, argmaxLaw } from './choice.ts';
import { bestOfEligible } from './thompsonChoice.ts';

/** How a contextual rule uses mean and standard deviation of the scores of the arms. */
export interface LinearChoice extends Pick<ArmRule, 'choose' | 'law' | 'score' | 'drawnLaw'> {
  /** By how many standard deviations the lower bound of `bestArm` lies below the mean. */
  readonly width: number;
}

/** A rule over a model of the reward given the context. */
export function linearRule(kind: string, model: LinearModel, { width, ...choice }: LinearChoice): ArmRule {
  return {
    kind,
    leastPulls: 0,
    ...choice,
    see: (context, names, arm) => model.see(context, names, arm),
    expect: ({ table, scores }, lowerBound) => {
      for (let i = 0; i < table.size; i += 1) {
        scores[i] = model.mean(i) - (lowerBound ? width * Math.sqrt(model.variance(i)) : 0);
      }
    },
    bestLaw: (view, out) => beliefLaw(view, out, model, 1),
    prior: (option) => {
      if (option !== undefined)
        throw new InvalidOptionError('prior', option, 'left out: this policy starts from its ridge');
      return { weight: 0, sum: 0 };
    },
    own: {
      mergeable: model.mergeable,
      inserted: () => model.inserted(),
      removed: (i) => model.removed(i),
      observing: (_view, i, x, weight) => model.learn(i, x, weight),
      save: () => model.save(),
      load: (state, size) => model.load(state, size),
      merge: (state, positions) => model.merge(state, positions),
      difference: (after, before, from) => model.difference(after, before, from),
    },
  };
}

/** mean + alpha sd; pulls in flight count as if they had been made for the same context. */
export function upperBoundChoice(model: LinearModel, alpha: number): LinearChoice {
  const index = ({ table, scores, pending }: ChoiceView): void => {
    for (let i = 0; i < table.size; i += 1) {
      const mean = model.mean(i);
      const variance = model.variance(i);
      scores[i] = mean + alpha * Math.sqrt(pending === undefined ? variance : variance / (1 + pending[i]! * variance));
    }
  };
  return {
    width: alpha,
    choose: (view, rng) => {
      index(view);
      return argmax(view.scores, view, rng);
    },
    law: (view, out) => {
      index(view);
      argmaxLaw(view.scores, view, out);
    },
    score: index,
  };
}

/**
 * A draw from the belief about the score of every arm. For arms with models of their own and one context that is
 * mean + v sd z with a normal z each: exactly the law of drawing whole parameter vectors, without their Cholesky factors.
 */
export function thompsonDrawChoice(model: LinearModel, v: number): LinearChoice {
  const draw = ({ table, scores }: ChoiceView, rng: Rng): void => {
    for (let i = 0; i < table.size; i += 1) {
      scores[i] = model.mean(i);
      if (v > 0) scores[i] = scores[i]! + v * Math.sqrt(model.variance(i)) * normal(rng);
    }
  };
  const law = (view: ChoiceView, out: Float64Array): void => beliefLaw(view, out, model, v);
  return {
    width: v,
    choose: (view, rng) => {
      draw(view, rng);
      return argmax(view.scores, view, rng);
    },
    law,
    drawnLaw: law,
    score: draw,
  };
}

/** How likely each eligible arm has the highest score, if those are independent normal with v times the model's deviations. */
function beliefLaw(view: ChoiceView, out: Float64Array, model: LinearModel, v: number): void {
  for (let i = 0; i < view.table.size; i += 1) view.scores[i] = model.mean(i);
  // A context of zeros (or v = 0) leaves nothing to chance: the means decide.
  if (v === 0 || model.variance(0) === 0) {
    argmaxLaw(view.scores, view, out);
    return;
  }
  bestOfEligible(view, out, (arms) =>
    probabilityBestStudent(
      arms.map((i) => ({ location: model.mean(i), scale: v * Math.sqrt(model.variance(i)), df: Infinity })),
    ),
  );
}
