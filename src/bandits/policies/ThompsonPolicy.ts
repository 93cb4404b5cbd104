import { checkFinite, checkOneOf } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import type { Prior } from './BanditPolicy.ts';
import { checkPolicyOptions, rawScale, rewardScale, TABLE_OPTIONS, type TablePolicyOptions } from './PolicyOptions.ts';
import { type Fractional, thompsonBetaRule } from './rules/thompsonBetaRule.ts';
import { thompsonGaussianRule } from './rules/thompsonGaussianRule.ts';
import { TablePolicy } from './TablePolicy.ts';

/** Options of {@link ThompsonPolicy}. */
export interface ThompsonPolicyOptions extends TablePolicyOptions {
  /**
   * `beta`: rewards of 0 and 1, or fractions of a range. `gaussian`: rewards on any scale, mean and variance both unknown
   * (normal-inverse-gamma); it profits from rewards that vary little.
   * @defaultValue 'beta'
   */
  readonly model?: 'beta' | 'gaussian';
  /**
   * The prior of every arm.
   * @defaultValue beta: `{ alpha: 1, beta: 1 }`, uniform; gaussian: `{ mu: 0, kappa: 0.01, shape: 1, rate: 1 }`, weak for
   * rewards of the order of 1: give one where they are of another
   */
  readonly prior?: Prior;
  /**
   * Beta only: what becomes of a reward strictly inside the range. `soft` counts it as a part of a success; `binarise` draws a success
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
    checkPolicyOptions('ThompsonPolicy options', options, [...TABLE_OPTIONS, 'model', 'prior', 'fractional', 'topTwo']);
    const fractional = checkOneOf('fractional', options.fractional ?? 'soft', ['soft', 'binarise', 'refuse']);
    const topTwo = checkFinite('topTwo', options.topTwo ?? 1, { gt: 0, le: 1 });
    if (checkOneOf('model', options.model ?? 'beta', ['beta', 'gaussian']) === 'beta') {
      const scale = rewardScale(options.rewardRange ?? [0, 1], true);
      super(thompsonBetaRule(options.prior, fractional, topTwo), scale, options);
    } else {
      if (options.fractional !== undefined) {
        throw new InvalidOptionError('fractional', fractional, 'left out: a Gaussian model takes any reward');
      }
      super(thompsonGaussianRule(options.prior, topTwo), rawScale(options.rewardRange), options);
    }
  }
}
