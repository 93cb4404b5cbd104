import type { PseudoPulls } from '../ArmTable.ts';
import type { ArmRule, ChoiceView } from './ArmRule.ts';
import { sampleLaw } from './choice.ts';
import { pseudoPulls } from './indexRule.ts';

/** A rule that draws the arm from probabilities it can state. */
export function lawRule(
  kind: string,
  law: (view: ChoiceView, out: Float64Array) => void,
  prior: PseudoPulls,
  leastPulls: number,
): ArmRule {
  return {
    kind,
    leastPulls: prior.weight > 0 ? 0 : leastPulls,
    choose: (view, rng) => {
      law(view, view.scores);
      return sampleLaw(view.scores, view.table.size, rng);
    },
    law,
    prior: (option) => pseudoPulls(option, prior),
  };
}

/** Turns log weights into probabilities of the eligible arms, in place; the others get 0. */
export function normaliseLogWeights(view: ChoiceView, weights: Float64Array): void {
  const { eligible, table } = view;
  const open = (i: number): boolean => eligible === undefined || !!eligible[i];
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < table.size; i += 1) if (open(i) && weights[i]! > top) top = weights[i]!;
  let sum = 0;
  for (let i = 0; i < table.size; i += 1) {
    weights[i] = open(i) ? Math.exp(weights[i]! - top) : 0;
    sum += weights[i]!;
  }
  for (let i = 0; i < table.size; i += 1) weights[i] = weights[i]! / sum;
}
