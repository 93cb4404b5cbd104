import { checkShare } from '../../core/check.ts';
import {
  checkPolicyOptions,
  type OptimismOptions,
  rewardScale,
  standardisedOptimism,
  TABLE_OPTIONS,
  type TablePolicyOptions,
} from './PolicyOptions.ts';
import type { ArmRule, ChoiceView } from './rules/ArmRule.ts';
import { argmax, argmaxLaw, uniformArm } from './rules/choice.ts';
import { pseudoPulls } from './rules/indexRule.ts';
import { mixUniform } from './selection.ts';
import { TablePolicy } from './TablePolicy.ts';

/** A parameter that is constant, or a function of the number of the choice (from 1, rewards received + 1) and of the arms. */
export type Schedule = number | ((choice: number, arms: number) => number);

/** Options of {@link EpsilonGreedyPolicy}. */
export interface EpsilonGreedyPolicyOptions extends TablePolicyOptions, OptimismOptions {
  /**
   * Share of uniform choices, within [0, 1]. Constant, it never stops exploring and its regret is linear; a decay such as
   * `(t, arms) => Math.min(1, (5 * arms) / t)` stops, and is then stuck on a bad arm now and then (the heaviest tail of
   * all policies here).
   * @defaultValue 0.1
   */
  readonly epsilon?: Schedule;
}

/** The value of a schedule at the next choice, checked each time where it is a function. */
export function scheduled(schedule: Schedule, { table }: ChoiceView, check: (value: number) => number): number {
  return typeof schedule === 'number' ? schedule : check(schedule(table.updates + 1, table.size));
}

/**
 * Epsilon-greedy: with probability epsilon any arm, otherwise the one with the highest mean.
 *
 * Source: Sutton & Barto (2018), Reinforcement Learning, section 2.2; decay: Auer, Cesa-Bianchi & Fischer (2002),
 * doi:10.1023/A:1013689704352, figure 3.
 */
export class EpsilonGreedyPolicy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule; on `select`, if a decay leaves [0, 1] */
  constructor(options: EpsilonGreedyPolicyOptions) {
    checkPolicyOptions('EpsilonGreedyPolicy options', options, [...TABLE_OPTIONS, 'optimism', 'epsilon']);
    const schedule = options.epsilon ?? 0.1;
    const check = (value: number): number => checkShare('epsilon', value);
    if (typeof schedule !== 'function') check(schedule);
    const scale = rewardScale(options.rewardRange ?? [0, 1], false);
    const optimism = standardisedOptimism(options, scale);
    const rule: ArmRule = {
      kind: 'epsilon-greedy',
      leastPulls: optimism.weight > 0 ? 0 : 1,
      choose: (view, rng) =>
        rng.next() < scheduled(schedule, view, check) ? uniformArm(view, rng) : argmax(view.table.mean, view, rng),
      law: (view, out) => {
        argmaxLaw(view.table.mean, view, out);
        mixUniform(view, scheduled(schedule, view, check), out);
      },
      prior: (option) => pseudoPulls(option, optimism),
    };
    super(rule, scale, options);
  }
}
