import { checkBoolean, checkFinite } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { type OptimismOptions, optimisticPolicy, type TablePolicyOptions } from './PolicyOptions.ts';
import { klUcbRule } from './rules/ucbRules.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link KlUcbPolicy}. */
export interface KlUcbPolicyOptions extends TablePolicyOptions, OptimismOptions {
  /** KL-UCB+: ln(N / n) in place of ln N, which explores arms less the more often they were pulled. @defaultValue false */
  readonly plus?: boolean;
  /** Factor of the ln ln N term, at least 0; the theory needs 3, practice 0. Not with `plus`. @defaultValue 0 */
  readonly c?: number;
}

/**
 * KL-UCB: the highest mean that the Bernoulli likelihood of an arm's rewards still allows. Asymptotically optimal for rewards
 * of 0 and 1, and never worse than UCB1 on any bounded rewards. The index is solved to machine precision.
 *
 * Source: Garivier & Cappé (2011), The KL-UCB Algorithm for Bounded Stochastic Bandits and Beyond, COLT, arXiv:1102.2490
 * (KL-UCB+ in section 5).
 */
export class KlUcbPolicy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: KlUcbPolicyOptions) {
    const { scale, optimism } = optimisticPolicy('KlUcbPolicy options', options, 'plus', 'c');
    const plus = checkBoolean('plus', options.plus ?? false);
    const c = checkFinite('c', options.c ?? 0, { ge: 0 });
    if (plus && options.c !== undefined) throw new InvalidOptionError('c', c, 'left out where plus is true');
    super(klUcbRule(plus, c, optimism), scale, options);
  }
}
