import { checkFinite, checkNumber } from '../../core/check.ts';
import { betaTail } from './betaTail.ts';
import type { Tails } from './incompleteGamma.ts';
import { minusProducts } from './products.ts';

/** Sums of greater shapes are no longer told apart from their parts. */
export const GREATEST_SHAPE = 1e15;

/** `a y - b x` where x + y = 1, from the smaller of the two, which is the one that is not rounded. */
export function betaDifference(a: number, b: number, x: number, y: number): number {
  return x <= y ? minusProducts(a, a, b, x) : -minusProducts(b, a, b, y);
}

/**
 * The regularised incomplete beta functions: `lower` = I_x(a, b) and `upper` = 1 - I_x(a, b) = I_y(b, a).
 * Relative error below 1e-12 for both tails where they are above 1e-300 and the parameters are at most 1e6
 * (docs/accuracy.md).
 *
 * Give both x and y wherever y is known better than as 1 - x: t^2 / (df + t^2) beside df / (df + t^2), for example.
 * With x alone, everything that distinguishes 1 - 1e-20 from 1 is lost before this function begins.
 *
 * Continued fraction of DiDonato and Morris (ACM TOMS 18, 1992), power series (NIST DLMF 8.17.8) and quadrature of the
 * tail near the mean of large parameters, behind a saddle-point prefactor (Loader 2000).
 *
 * @param a - Above 0, at most 1e15.
 * @param b - Above 0, at most 1e15.
 * @param x - Within [0, 1].
 * @param y - Within [0, 1], equal to 1 - x up to rounding.
 * @throws InvalidOptionError outside the domain, `NoConvergenceError` instead of a number that is not right
 *
 * @example
 * ```ts
 * incompleteBeta(2, 3, 0.25); // { lower: 0.26171875000000006, upper: 0.73828125 }
 * ```
 */
export function incompleteBeta(a: number, b: number, x: number, y: number = 1 - x): Tails {
  if (!(a > 0 && a <= GREATEST_SHAPE)) checkFinite('a', a, { gt: 0, le: GREATEST_SHAPE });
  if (!(b > 0 && b <= GREATEST_SHAPE)) checkFinite('b', b, { gt: 0, le: GREATEST_SHAPE });
  if (!(x >= 0 && x <= 1)) checkNumber('x', x, { ge: 0, le: 1 });
  if (!(Math.abs(x + y - 1) <= 1e-15 && y >= 0)) checkNumber('y', y, { ge: 1 - x, le: 1 - x });
  const { lower, upper } = betaTail(a, b, x, y, betaDifference(a, b, x, y));
  return { lower, upper };
}
