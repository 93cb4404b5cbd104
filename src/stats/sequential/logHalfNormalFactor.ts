import { erfc, erfcx } from '../special/erf.ts';

/**
 * `ln(2 exp(x^2 / 2) Phi(x))`: what a half-normal prior makes of a standardised score, without overflow on the right
 * or underflow on the left.
 * @internal
 */
export function logHalfNormalFactor(x: number): number {
  const scaled = -x * Math.SQRT1_2;
  return x <= 0 ? Math.log(erfcx(scaled)) : 0.5 * x * x + Math.log(erfc(scaled));
}
