import { normal } from './normal.ts';
import type { Rng } from './Rng.ts';

/**
 * A gamma number of scale 1 and a shape of at least 1, unchecked: the squeeze accepts 98 % without a logarithm.
 * Source: Marsaglia & Tsang (2000), A Simple Method for Generating Gamma Variables, doi:10.1145/358407.358414.
 */
export function standardGamma(rng: Rng, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(rng);
    const t = 1 + c * x;
    if (t <= 0) continue;
    const v = t * t * t;
    const u = 1 - rng.next();
    const xx = x * x;
    if (u < 1 - 0.0331 * xx * xx) return d * v;
    if (Math.log(u) < 0.5 * xx + d * (1 - v + Math.log(v))) return d * v;
  }
}

/**
 * The logarithm of a gamma number of scale 1, for shapes below 1 whose numbers would round to zero: the shape is
 * raised by one and the draw multiplied by U^(1/shape) (same paper, section 6).
 */
export function logStandardGamma(rng: Rng, shape: number): number {
  if (shape >= 1) return Math.log(standardGamma(rng, shape));
  return Math.log(standardGamma(rng, shape + 1)) + Math.log1p(-rng.next()) / shape;
}
