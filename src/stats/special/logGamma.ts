import { checkNumber } from '../../core/check.ts';
import { HALF_LOG_TWO_PI, stirlingSeries } from './stirlingSeries.ts';

/** ln Γ(1 + z) / (z (z - 1)) on [0, 1], fitted by scripts/golden/approximations.py (3e-19). */
const P: readonly number[] = [
  0.5772156649015329, 1.54109927131987, 1.5243733782124593, 0.6853182052771949, 0.13695339145293856,
  0.009741571326510092, 7.910380165127582e-5, -9.100739729117481e-7,
];
const Q: readonly number[] = [
  1, 3.0947715879249107, 3.6865528933884804, 2.1197680774968184, 0.602766057695649, 0.07698942538767653,
  0.0032235632571166544,
];

/**
 * The logarithm of Γ(1 + z) for z within [0, 1], relatively accurate at both ends, where it is 0.
 *
 * @param z - Within [0, 1]; not checked.
 */
export function logGamma1p(z: number): number {
  let p = P[7] as number;
  let q = Q[6] as number;
  for (let k = 6; k >= 0; k -= 1) p = p * z + (P[k] as number);
  for (let k = 5; k >= 0; k -= 1) q = q * z + (Q[k] as number);
  return (z * (z - 1) * p) / q;
}

/**
 * The logarithm of the gamma function for positive arguments; relatively accurate also near its zeros at 1 and 2.
 *
 * Below 10 by Γ(x + 1) = x Γ(x) and an approximation on [1, 2], above by Stirling's series (NIST DLMF 5.11.1).
 *
 * @param x - At least 0; `logGamma(0)` is Infinity.
 * @throws InvalidOptionError for NaN and for negative arguments
 *
 * @example
 * ```ts
 * logGamma(5); // 3.1780538303479458, which is Math.log(24)
 * ```
 */
export function logGamma(x: number): number {
  if (!(x >= 0)) checkNumber('x', x, { ge: 0 });
  if (x >= 10) {
    if (x === Number.POSITIVE_INFINITY) return x;
    const log = Math.log(x);
    // Split so that the product does not overflow before the result does.
    return x * (log - 1) - 0.5 * log + HALF_LOG_TWO_PI + stirlingSeries(x);
  }
  if (x < 1) return logGamma1p(x) - Math.log(x);
  let z = x;
  let product = 1;
  while (z > 2) {
    z -= 1;
    product *= z;
  }
  return Math.log(product) + logGamma1p(z - 1);
}
