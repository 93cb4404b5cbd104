import { checkFinite, checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import type { Alternative } from '../types.ts';
import { logHalfNormalFactor } from './logHalfNormalFactor.ts';

/** Options of the normal mixture. */
export interface NormalMixtureOptions {
  /** The information that the prior is worth, in the unit of the information; see `normalMixtureRho`. */
  readonly rho: number;
  /**
   * `two-sided` mixes over a normal prior, the one-sided alternatives over its half.
   * @defaultValue 'two-sided'
   */
  readonly alternative?: Alternative;
}

/** Options of the boundary of the normal mixture. */
export interface NormalMixtureBoundaryOptions extends NormalMixtureOptions {
  /** The probability of ever crossing the boundary under the null. */
  readonly alpha: number;
}

/**
 * Half the width of the confidence sequence in standard errors, where the information is `ratio` times the prior's.
 * Two-sided: Robbins' mixture. One-sided: a closed form that bounds the half-normal mixture from above.
 * @internal
 */
export function mixtureMultiplier(ratio: number, alpha: number, alternative: Alternative): number {
  return Math.sqrt((1 + 1 / ratio) * doubleLogThreshold(ratio, alpha, alternative));
}

function doubleLogThreshold(ratio: number, alpha: number, alternative: Alternative): number {
  if (alternative === 'two-sided') return Math.log1p(ratio) - 2 * Math.log(alpha);
  return 2 * Math.log1p(Math.sqrt(1 + ratio) / (2 * alpha));
}

/** The logarithm of the e-value of a standardised score `z`. @internal */
export function mixtureLogEValue(z: number, ratio: number, alternative: Alternative): number {
  const shrunk = z * Math.sqrt(ratio / (1 + ratio));
  const constant = -0.5 * Math.log1p(ratio);
  if (alternative === 'two-sided') return constant + 0.5 * shrunk * shrunk;
  return constant + logHalfNormalFactor(alternative === 'greater' ? shrunk : -shrunk);
}

/**
 * The p-value that belongs to `mixtureMultiplier`: at most alpha exactly where the null lies outside the sequence.
 * One-sided it is a little above the reciprocal e-value, as the closed-form boundary is a little conservative.
 * @internal
 */
export function mixturePValue(z: number, ratio: number, alternative: Alternative): number {
  if (alternative === 'two-sided') return Math.min(1, Math.exp(-mixtureLogEValue(z, ratio, alternative)));
  const towards = alternative === 'greater' ? z : -z;
  if (!(towards > 0)) return 1;
  const exponent = (0.5 * towards * towards * ratio) / (1 + ratio);
  const logExpm1 = exponent > 40 ? exponent : Math.log(Math.expm1(exponent));
  return Math.min(1, Math.exp(0.5 * Math.log1p(ratio) - Math.LN2 - logExpm1));
}

function checkAlternative(alternative: Alternative = 'two-sided'): Alternative {
  return checkOneOf('alternative', alternative, ['two-sided', 'less', 'greater']);
}

/**
 * The boundary that the score of a normal (or sub-Gaussian) process crosses, at any time ever, with probability at most
 * `alpha` under the null: `|score| < boundary(information)`. The score is information times estimate, the information
 * one over the squared standard error.
 *
 * Two-sided `sqrt((v + rho) ln((v + rho) / (rho alpha^2)))`; one-sided
 * `sqrt(2 (v + rho) ln(1 + sqrt((v + rho) / rho) / (2 alpha)))`.
 *
 * @param information at least 0
 * @throws InvalidOptionError
 * @example
 * normalMixtureBoundary(100, { rho: 12.6, alpha: 0.05 }); // 30.35208763728125
 * @see Howard, Ramdas, McAuliffe & Sekhon (2021), Ann. Statist. 49(2), section 3.2, doi:10.1214/20-AOS1991
 */
export function normalMixtureBoundary(information: number, options: NormalMixtureBoundaryOptions): number {
  checkOptions('options', options, ['rho', 'alternative', 'alpha']);
  checkFinite('information', information, { ge: 0 });
  const rho = checkFinite('rho', options.rho, { gt: 0 });
  const alpha = checkProbability('alpha', options.alpha);
  return Math.sqrt(
    (information + rho) * doubleLogThreshold(information / rho, alpha, checkAlternative(options.alternative)),
  );
}

/**
 * The logarithm of the normal mixture's e-value of a score against the null that the score has mean zero.
 * Two-sided `score^2 / (2 (v + rho)) - ln((v + rho) / rho) / 2`; one-sided the exact mixture over half the prior.
 * With `rho = 1 / tau^2` it is the mixture sequential probability ratio test of an effect with prior N(0, tau^2).
 *
 * @param score information times (estimate minus null value)
 * @param information one over the squared standard error, at least 0
 * @throws InvalidOptionError
 * @example
 * normalMixtureLogEValue(30.4, 100, { rho: 12.6 }); // 3.008657566887911
 * @see Robbins (1970), Ann. Math. Statist. 41(5), doi:10.1214/aoms/1177696786; Johari, Koomen, Pekelis & Walsh (2022),
 * Oper. Res. 70(3), doi:10.1287/opre.2021.2135
 */
export function normalMixtureLogEValue(score: number, information: number, options: NormalMixtureOptions): number {
  checkOptions('options', options, ['rho', 'alternative']);
  checkFinite('score', score);
  checkFinite('information', information, { ge: 0 });
  const rho = checkFinite('rho', options.rho, { gt: 0 });
  // Where there is no information yet the score is zero, and so is the evidence.
  const z = information === 0 ? 0 : score / Math.sqrt(information);
  return mixtureLogEValue(z, information / rho, checkAlternative(options.alternative));
}
