import { type OptimismOptions, optimisticPolicy, type TablePolicyOptions } from './PolicyOptions.ts';
import { imedRule } from './rules/ucbRules.ts';
import { TablePolicy } from './TablePolicy.ts';

/**
 * IMED, indexed minimum empirical divergence: the arm with the lowest n kl(mean, best mean) + ln n. Deterministic, cheap (no
 * equation to solve), with the regret of Thompson sampling.
 *
 * Source: Honda & Takemura (2015), Non-Asymptotic Analysis of a New Bandit Algorithm for Semi-Bounded Rewards, JMLR 16.
 */
export class ImedPolicy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: TablePolicyOptions & OptimismOptions) {
    const { scale, optimism } = optimisticPolicy('ImedPolicy options', options);
    super(imedRule(optimism), scale, options);
  }
}
