import { type OptimismOptions, optimisticPolicy, type TablePolicyOptions } from './PolicyOptions.ts';
import { ucbRule } from './rules/ucbRules.ts';
import { TablePolicy } from './TablePolicy.ts';

/**
 * UCB1: the arm with the highest mean + sqrt(2 ln N / n). Rewards must have a finite range.
 *
 * Source: Auer, Cesa-Bianchi & Fischer (2002), doi:10.1023/A:1013689704352, figure 1.
 */
export class Ucb1Policy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: TablePolicyOptions & OptimismOptions) {
    const { scale, optimism } = optimisticPolicy('Ucb1Policy options', options);
    super(ucbRule('ucb1', Math.SQRT2, optimism), scale, options);
  }
}
