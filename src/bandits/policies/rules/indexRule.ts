import { checkFinite } from '../../../core/check.ts';
import { InvalidOptionError } from '../../../core/errors.ts';
import type { PseudoPulls } from '../ArmTable.ts';
import type { Prior } from '../BanditPolicy.ts';
import type { ArmRule, ChoiceView } from './ArmRule.ts';
import { argmax, argmaxLaw } from './choice.ts';

/** Writes the index of every arm into `view.scores`; with `exact` false it may leave a lower value for an arm that cannot win. */
export type IndexFunction = (view: ChoiceView, exact: boolean) => void;

/** The mean reward and weight of pseudo-pulls, in standardised units. */
export function pseudoPulls(prior: Prior | undefined, fallback: PseudoPulls): PseudoPulls {
  if (prior === undefined) return fallback;
  if (!('weight' in prior)) throw new InvalidOptionError('prior', prior, '{ mean, weight } for this policy');
  const weight = checkFinite('prior.weight', prior.weight, { ge: 0 });
  return { weight, sum: weight * checkFinite('prior.mean', prior.mean) };
}

/** A deterministic rule: the arm with the highest index. */
export function indexRule(kind: string, index: IndexFunction, optimism: PseudoPulls, leastPulls = 1): ArmRule {
  return {
    kind,
    leastPulls: optimism.weight > 0 ? 0 : leastPulls,
    choose: (view, rng) => {
      index(view, false);
      return argmax(view.scores, view, rng);
    },
    law: (view, out) => {
      index(view, true);
      argmaxLaw(view.scores, view, out);
    },
    score: (view) => index(view, true),
    prior: (option) => pseudoPulls(option, optimism),
  };
}
