import { checkFinite, checkOptions, checkProbability } from '../../core/check.ts';

/** Options of `stitchedBoundary`. */
export interface StitchedBoundaryOptions {
  /** The probability of ever crossing the boundary under the null. */
  readonly alpha: number;
  /** The variance at which the boundary begins; before it is flat. Above 0. */
  readonly start: number;
  /**
   * The scale of the exponential tail of the increments: 0 for sub-Gaussian ones, `range / 3` for bounded, below 0 where
   * the tail is lighter than the normal one. @defaultValue 0
   */
  readonly scale?: number;
}

const ETA = 2;
const POWER = 1.4;
/** The Riemann zeta function at 1.4. */
const ZETA = 3.1055472779775815;

/**
 * The polynomial stitched boundary: what the sum of a sub-gamma process crosses, at any time ever, with probability at
 * most `alpha` on one side. It grows as `sqrt(v ln ln v)`, the slowest possible, and is wider than a mixture within the
 * horizon that the mixture is tuned to. (eta = 2, s = 1.4.)
 *
 * @param variance the accumulated variance, at least 0
 * @throws InvalidOptionError
 * @example
 * stitchedBoundary(100, { alpha: 0.05, start: 10 }); // 35.68049029888615
 * @see Howard, Ramdas, McAuliffe & Sekhon (2021), Ann. Statist. 49(2), theorem 1, doi:10.1214/20-AOS1991
 */
export function stitchedBoundary(variance: number, options: StitchedBoundaryOptions): number {
  checkOptions('options', options, ['alpha', 'start', 'scale']);
  checkFinite('variance', variance, { ge: 0 });
  const alpha = checkProbability('alpha', options.alpha);
  const start = checkFinite('start', options.start, { gt: 0 });
  const scale = checkFinite('scale', options.scale ?? 0);
  const v = Math.max(variance, start);
  const cost = POWER * Math.log(Math.log((ETA * v) / start)) + Math.log(ZETA / (alpha * Math.log(ETA) ** POWER));
  const k1 = (ETA ** 0.25 + ETA ** -0.25) / Math.SQRT2;
  const k2 = (Math.sqrt(ETA) + 1) / 2;
  const tail = k2 * scale * cost;
  const gaussian = k1 * Math.sqrt(v * cost);
  const both = Math.hypot(gaussian, tail);
  // Below 0 the sum would lose its digits to cancellation, so it is taken by its conjugate.
  return tail < 0 ? gaussian * (gaussian / (both - tail)) : both + tail;
}
