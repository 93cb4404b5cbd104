import { checkFinite } from '../../core/check.ts';
import { type Schedule, scheduled } from './EpsilonGreedyPolicy.ts';
import {
  checkPolicyOptions,
  type OptimismOptions,
  rewardScale,
  standardisedOptimism,
  TABLE_OPTIONS,
  type TablePolicyOptions,
} from './PolicyOptions.ts';
import { lawRule, normaliseLogWeights } from './rules/lawRule.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link SoftmaxPolicy}. */
export interface SoftmaxPolicyOptions extends TablePolicyOptions, OptimismOptions {
  /**
   * Temperature, in units of the reward, above 0: arms whose means differ by it differ by a factor e in probability. A constant
   * temperature never stops exploring.
   * @defaultValue 0.1
   */
  readonly temperature?: Schedule;
}

/**
 * Softmax (Boltzmann) exploration: an arm with probability proportional to exp(mean / temperature).
 *
 * Source: Sutton & Barto (2018), Reinforcement Learning, section 2.8; Luce (1959), Individual Choice Behavior.
 */
export class SoftmaxPolicy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule; on `select`, if a schedule is not above 0 */
  constructor(options: SoftmaxPolicyOptions) {
    checkPolicyOptions('SoftmaxPolicy options', options, [...TABLE_OPTIONS, 'optimism', 'temperature']);
    const schedule = options.temperature ?? 0.1;
    const check = (value: number): number => checkFinite('temperature', value, { gt: 0 });
    if (typeof schedule !== 'function') check(schedule);
    const scale = rewardScale(options.rewardRange ?? [0, 1], false);
    const rule = lawRule(
      'softmax',
      (view, out) => {
        const inverse = scale.span / scheduled(schedule, view, check);
        for (let i = 0; i < view.table.size; i += 1) out[i] = view.table.mean[i]! * inverse;
        normaliseLogWeights(view, out);
      },
      standardisedOptimism(options, scale),
      1,
    );
    super(rule, scale, options);
  }
}
