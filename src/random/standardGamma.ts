import type { Rng } from './Rng.ts';
import { settle, ziggurat } from './ziggurat.ts';

const UNIT = 2 ** 32;
const SPARE = 2 ** -12;

/**
 * A gamma number of scale 1 and a shape of at least 1, unchecked: the squeeze accepts 98 % without a logarithm.
 * Source: Marsaglia & Tsang (2000), A Simple Method for Generating Gamma Variables, doi:10.1145/358407.358414.
 *
 * It needs a normal and a uniform number, and mostly takes both from one draw of 53 bits: 9 for layer and sign of the
 * ziggurat, 32 for the place in the layer, 12 as the first bits of the uniform; the rest of those is only drawn where the
 * 12 do not decide.
 */
export function standardGamma(rng: Rng, shape: number): number {
  const { width } = ziggurat;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const scaled = rng.next() * 512;
    const bits = scaled | 0;
    const layer = bits >> 1;
    const place = (scaled - bits) * UNIT;
    const whole = place >>> 0;
    const inLayer = whole * (1 / UNIT) * width[layer]!;
    const size = inLayer < width[layer + 1]! ? inLayer : settle(rng, layer, inLayer);
    if (size < 0) continue;
    const x = (bits & 1) === 0 ? size : -size;
    const t = 1 + c * x;
    if (t <= 0) continue;
    const v = t * t * t;
    const xx = size * size;
    const squeeze = 1 - 0.0331 * xx * xx;
    const spare = place - whole;
    if (spare + SPARE <= squeeze) return d * v;
    const u = spare + SPARE * (1 - rng.next());
    if (u < squeeze || Math.log(u) < 0.5 * xx + d * (1 - v + Math.log(v))) return d * v;
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
