import { checkFinite, checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import type { Alternative } from '../types.ts';

/** Options of `normalMixtureRho`. */
export interface NormalMixtureRhoOptions {
  /** Where the boundary shall be tightest: an information, or a number of observations. */
  readonly horizon: number;
  /** @defaultValue 0.05 */
  readonly alpha?: number;
  /** One-sided alternatives are tuned at twice alpha. @defaultValue 'two-sided' */
  readonly alternative?: Alternative;
  /**
   * `approximate` is `horizon / (ln(1 - 2 ln alpha) - 2 ln alpha)`, within a few percent of the optimum;
   * `exact` solves for it (the branch -1 of Lambert's W, by Newton's method).
   * @defaultValue 'approximate'
   */
  readonly form?: 'approximate' | 'exact';
}

/** The ratio of information to prior information at which the boundary is tightest. @internal */
export function tightestRatio(alpha: number, alternative: Alternative, form: 'approximate' | 'exact'): number {
  const level = alternative === 'two-sided' ? alpha : Math.min(2 * alpha, 0.999);
  const target = -2 * Math.log(level);
  let ratio = target + Math.log1p(target);
  if (form === 'approximate') return ratio;
  // ratio - ln(1 + ratio) = target is convex and the start lies below the root: Newton overshoots once, then descends.
  for (let i = 0; i < 60; i += 1) {
    const step = ((ratio - Math.log1p(ratio) - target) * (1 + ratio)) / ratio;
    ratio -= step;
    if (Math.abs(step) <= 1e-15 * ratio) break;
  }
  return ratio;
}

/**
 * The prior information `rho` with which the normal mixture is tightest at a planned horizon, in the unit of the
 * horizon: give a horizon in observations for `information = n`, or as 1 / SE^2 for `information = 1 / SE^2`.
 * The parameter rho of Waudby-Smith et al. is `1 / sqrt` of the one in observations.
 *
 * @throws InvalidOptionError
 * @example
 * normalMixtureRho({ horizon: 5000, alpha: 0.05 }); // 630.028048962817
 * @see Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), Ann. Statist. 52(6), appendix, arXiv:2103.06476;
 * Howard et al. (2021), Ann. Statist. 49(2), section 3.5, doi:10.1214/20-AOS1991
 */
export function normalMixtureRho(options: NormalMixtureRhoOptions): number {
  checkOptions('options', options, ['horizon', 'alpha', 'alternative', 'form']);
  const horizon = checkFinite('horizon', options.horizon, { gt: 0 });
  const alpha = checkProbability('alpha', options.alpha ?? 0.05);
  const alternative = checkOneOf('alternative', options.alternative ?? 'two-sided', ['two-sided', 'less', 'greater']);
  const form = checkOneOf('form', options.form ?? 'approximate', ['approximate', 'exact']);
  return horizon / tightestRatio(alpha, alternative, form);
}
