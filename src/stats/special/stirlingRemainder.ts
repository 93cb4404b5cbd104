import { logGamma, logGamma1p } from './logGamma.ts';
import { HALF_LOG_TWO_PI, stirlingSeries } from './stirlingSeries.ts';

/** The remainder at 0.5, 1, 1.5, …, 10 (scripts/golden/approximations.py): whole and half degrees of freedom. */
const HALVES: readonly number[] = [
  0.15342640972002736, 0.08106146679532726, 0.05481412105191765, 0.0413406959554093, 0.03316287351993629,
  0.02767792568499834, 0.023746163656297496, 0.020790672103765093, 0.018488450532673187, 0.016644691189821193,
  0.015134973221917378, 0.013876128823070748, 0.012810465242920227, 0.01189670994589177, 0.011104559758206917,
  0.010411265261972096, 0.009799416126158804, 0.009255462182712733, 0.008768700134139386, 0.00833056343336287,
];

/**
 * What Stirling's formula leaves out: `ln Γ(x) - (x - 1/2) ln x + x - ln(2π)/2`, absolutely accurate.
 * With it, ratios of gamma functions become saddle-point forms in which no large logarithms are subtracted.
 *
 * NIST DLMF 5.11.1; C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 *
 * @param x - Above 0; not checked.
 */
export function stirlingRemainder(x: number): number {
  if (x > 10) return stirlingSeries(x);
  const doubled = 2 * x;
  if (Math.floor(doubled) === doubled) return HALVES[doubled - 1] as number;
  if (x < 1) return logGamma1p(x) - (x + 0.5) * Math.log(x) + x - HALF_LOG_TWO_PI;
  return logGamma(x) - (x - 0.5) * Math.log(x) + x - HALF_LOG_TWO_PI;
}
