import { checkFinite, checkNumber } from '../../core/check.ts';
import { gammaTail } from './gammaTail.ts';

/** Both tails of a regularised incomplete function; they add up to 1, and the small one keeps its relative accuracy. */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
}

/**
 * The regularised incomplete gamma functions: `lower` = P(a, x) and `upper` = Q(a, x) = 1 - P(a, x).
 * Relative error below 1e-12 for both tails where they are above 1e-300 and a is at most 1e6 (docs/accuracy.md).
 *
 * Series and continued fraction (NIST DLMF 8.7, 8.9.2) behind a saddle-point prefactor (Loader 2000); quadrature of
 * the tail near the mean of large shapes.
 *
 * @param a - Shape, above 0.
 * @param x - At least 0; may be Infinity.
 * @throws InvalidOptionError outside the domain, `NoConvergenceError` instead of a number that is not right
 *
 * @example
 * ```ts
 * incompleteGamma(1, 50); // { lower: 1, upper: 1.9287498479639209e-22 }
 * ```
 */
export function incompleteGamma(a: number, x: number): Tails {
  if (!(a > 0 && a < Number.POSITIVE_INFINITY)) checkFinite('a', a, { gt: 0 });
  if (!(x >= 0)) checkNumber('x', x, { ge: 0 });
  const { lower, upper } = gammaTail(a, x, x - a);
  return { lower, upper };
}
