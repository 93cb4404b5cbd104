import { checkFinite, checkShare } from '../../core/check.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { cohenH } from '../effects/cohenH.ts';
import { checkEffect, resolvePower, roundUp, type SampleSize, type TargetPowerOptions } from './PowerOptions.ts';
import { checkFormula, continuityTerm, differenceSpread, type ProportionFormula } from './ProportionFormula.ts';

/** Options of {@link proportionSampleSize}. */
export interface ProportionSampleSizeOptions extends TargetPowerOptions {
  /** The proportion of the first group. */
  readonly p1: number;
  /** The proportion of the second group. */
  readonly p2: number;
  /**
   * The size of the second group over that of the first: 9 for a split of 10 % to 90 %.
   * @defaultValue 1
   */
  readonly ratio?: number;
  /** @defaultValue 'pooled-null' */
  readonly formula?: ProportionFormula;
}

/**
 * How many observations a comparison of two proportions needs to tell them apart, by the closed forms of the normal
 * approximation.
 *
 * @throws InvalidOptionError also where p1 and p2 are equal, or on the other side of a one-sided alternative
 * @example
 * proportionSampleSize({ p1: 0.0497, p2: 0.0728 }).n; // [1691, 1691]
 * @see Fleiss, Levin & Paik (2003), Statistical Methods for Rates and Proportions, 3rd ed., section 4.2; continuity:
 * Fleiss, Tytun & Ury (1980), Biometrics 36(2), doi:10.2307/2529990; arcsine: Cohen (1988), section 6.4
 */
export function proportionSampleSize(options: ProportionSampleSizeOptions): SampleSize {
  const { alternative, power, tail } = resolvePower(options, ['p1', 'p2', 'ratio', 'formula', 'power']);
  const { p1, p2, ratio = 1, formula = 'pooled-null' } = options;
  checkShare('p1', p1);
  checkShare('p2', p2);
  checkFinite('ratio', ratio, { gt: 0 });
  checkFormula(formula);
  const difference = checkEffect('p1 - p2', p1 - p2, alternative);
  const [critical, reach] = [normalDistribution.isf(tail), normalDistribution.quantile(power)];
  const spread = differenceSpread(p1, p2, ratio, formula !== 'unpooled');
  let n1 =
    formula === 'arcsine'
      ? ((critical + reach) / cohenH(p1, p2)) ** 2 * (1 + 1 / ratio)
      : ((critical * spread.null + reach * spread.actual) / difference) ** 2;
  if (formula === 'fleiss-continuity') n1 = (Math.sqrt(n1) + Math.sqrt(n1 + continuityTerm(p1, p2, ratio))) ** 2 / 4;
  return { n: [roundUp(n1), roundUp(n1 * ratio)], exact: [n1, n1 * ratio] };
}
