import { checkFinite, checkOneOf } from '../../core/check.ts';
import type { Prior } from './BanditPolicy.ts';
import { checkPolicyOptions, rewardScale, TABLE_OPTIONS, type TablePolicyOptions } from './PolicyOptions.ts';
import { type Fractional, thompsonBetaRule } from './rules/thompsonBetaRule.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link ThompsonPolicy}. */
export interface ThompsonPolicyOptions extends TablePolicyOptions {
  /** @defaultValue `{ alpha: 1, beta: 1 }`, the uniform prior */
  readonly prior?: Prior;
  /**
   * What becomes of a reward strictly inside the range. `soft` counts it as a part of a success; `binarise` draws a success
   * with that probability (Agrawal & Goyal 2012); `refuse` throws. Both accept any reward in the range and learn its mean;
   * neither sees that rewards vary little, as the Gaussian model does.
   * @defaultValue 'soft'
   */
  readonly fractional?: Fractional;
  /**
   * Top-two sampling: probability with which the winner of the posterior draw is pulled; otherwise the best of the others.
   * Within (0, 1]; 0.5 names the best arm soonest, 1 is plain Thompson sampling.
   * @defaultValue 1
   */
  readonly topTwo?: number;
}

/**
 * Thompson sampling: every arm is pulled with the probability that it is the best, given what is known.
 *
 * Source: Thompson (1933), doi:10.1093/biomet/25.3-4.285; Kaufmann, Korda & Munos (2012), doi:10.1007/978-3-642-34106-9_18;
 * fractional rewards: Agrawal & Goyal (2012), arXiv:1111.1797.
 *
 * @example
 * const policy = new ThompsonPolicy({ arms: ['a', 'b'], seed: 42 });
 * const arm = policy.select();
 * policy.update(arm, 1);
 * policy.probabilities().get(arm); // 0.6666666666666666
 */
export class ThompsonPolicy extends TablePolicy {
  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: ThompsonPolicyOptions) {
    checkPolicyOptions('ThompsonPolicy options', options, [...TABLE_OPTIONS, 'prior', 'fractional', 'topTwo']);
    const fractional = checkOneOf('fractional', options.fractional ?? 'soft', ['soft', 'binarise', 'refuse']);
    const topTwo = checkFinite('topTwo', options.topTwo ?? 1, { gt: 0, le: 1 });
    const scale = rewardScale(options.rewardRange ?? [0, 1], true);
    super(thompsonBetaRule(options.prior, fractional, topTwo), scale, options);
  }
}
