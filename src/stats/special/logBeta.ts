import { checkFinite } from '../../core/check.ts';
import { logGamma, logGamma1p } from './logGamma.ts';
import { logGammaRatio } from './logGammaRatio.ts';
import { stirlingRemainder } from './stirlingRemainder.ts';

/**
 * The logarithm of the beta function B(a, b) = Γ(a) Γ(b) / Γ(a + b), without subtracting large log-gammas.
 *
 * @param a - Above 0.
 * @param b - Above 0.
 * @throws InvalidOptionError for parameters that are not finite and positive
 *
 * @example
 * ```ts
 * logBeta(2, 3); // -2.4849066497880004, which is Math.log(1 / 12)
 * ```
 */
export function logBeta(a: number, b: number): number {
  if (!(a > 0 && a < Number.POSITIVE_INFINITY)) checkFinite('a', a, { gt: 0 });
  if (!(b > 0 && b < Number.POSITIVE_INFINITY)) checkFinite('b', b, { gt: 0 });
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (small <= 1) return logGamma1p(small) - Math.log(small) - logGammaRatio(large, small);
  if (large < 10) return logGamma(small) + logGamma(large) - logGamma(small + large);
  const ratio = small / large;
  // ln B = ln(2π)/2 + (s - 1/2) ln(s / (s + l)) - l ln(1 + s/l) - ln(l)/2 + remainders, logarithms of ratios only.
  return (
    0.5 * Math.log((2 * Math.PI) / large) +
    (small - 0.5) * Math.log(ratio / (1 + ratio)) -
    large * Math.log1p(ratio) +
    stirlingRemainder(small) +
    stirlingRemainder(large) -
    stirlingRemainder(small + large)
  );
}

/** ln(a B(a, b)), which tends to 0 with a: relatively accurate for small a, where ln B(a, b) + ln a cancels. */
export function logShapeBeta(a: number, b: number): number {
  return a <= 1 ? logGamma1p(a) - logGammaRatio(b, a) : Math.log(a) + logBeta(a, b);
}
