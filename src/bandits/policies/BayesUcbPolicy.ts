import type { Prior } from './BanditPolicy.ts';
import { checkPolicyOptions, rewardScale, TABLE_OPTIONS, type TablePolicyOptions } from './PolicyOptions.ts';
import { betaCredible, betaPrior, UNIFORM_PRIOR } from './rules/betaPosterior.ts';
import { bayesUcbRule } from './rules/ucbRules.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link BayesUcbPolicy}. */
export interface BayesUcbPolicyOptions extends TablePolicyOptions {
  /** @defaultValue `{ alpha: 1, beta: 1 }`, the uniform prior */
  readonly prior?: Prior;
}

/**
 * Bayes-UCB: the arm whose beta posterior has the highest 1 - 1 / N quantile. Deterministic, and close to Thompson sampling
 * in regret. Fractional rewards count as parts of successes.
 *
 * Source: Kaufmann, Cappé & Garivier (2012), On Bayesian Upper Confidence Bounds for Bandit Problems, AISTATS.
 */
export class BayesUcbPolicy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: BayesUcbPolicyOptions) {
    checkPolicyOptions('BayesUcbPolicy options', options, [...TABLE_OPTIONS, 'prior']);
    const prior = betaPrior(options.prior, UNIFORM_PRIOR);
    const scale = rewardScale(options.rewardRange ?? [0, 1], true);
    const rule = { ...bayesUcbRule(prior), credible: betaCredible, prior: (own?: Prior) => betaPrior(own, prior) };
    super(rule, scale, options);
  }
}
