import { type OptimismOptions, optimisticPolicy, type TablePolicyOptions } from './PolicyOptions.ts';
import { ucbTunedRule } from './rules/ucbRules.ts';
import { TablePolicy } from './TablePolicy.ts';

/**
 * UCB-tuned: UCB with a bonus that shrinks with the observed variance of the arm, mean + sqrt(ln N / n · min(1/4, V)),
 * where V is the variance plus sqrt(2 ln N / n). Better than UCB1 in practice; no regret bound is proven.
 *
 * Source: Auer, Cesa-Bianchi & Fischer (2002), doi:10.1023/A:1013689704352, section 4.
 */
export class UcbTunedPolicy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: TablePolicyOptions & OptimismOptions) {
    const { scale, optimism } = optimisticPolicy('UcbTunedPolicy options', options);
    super(ucbTunedRule(optimism), scale, options);
  }
}
