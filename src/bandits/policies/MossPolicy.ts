import { checkInteger } from '../../core/check.ts';
import { type OptimismOptions, optimisticPolicy, type TablePolicyOptions } from './PolicyOptions.ts';
import { mossRule } from './rules/ucbRules.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link MossPolicy}. */
export interface MossPolicyOptions extends TablePolicyOptions, OptimismOptions {
  /** Number of pulls for which the policy is tuned, at least 1. @defaultValue all pulls so far: the anytime variant */
  readonly horizon?: number;
}

/**
 * MOSS, minimax optimal: mean + sqrt(max(0, ln(T / (K n))) / n) for K arms and T pulls in all.
 *
 * Source: Audibert & Bubeck (2009), Minimax Policies for Adversarial and Stochastic Bandits, COLT.
 */
export class MossPolicy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: MossPolicyOptions) {
    const { scale, optimism } = optimisticPolicy('MossPolicy options', options, 'horizon');
    const { horizon } = options;
    if (horizon !== undefined) checkInteger('horizon', horizon, { ge: 1 });
    super(mossRule(horizon, optimism), scale, options);
  }
}
