import type { Rng } from './Rng.ts';

const LAYERS = 256;
/** Where the tail begins, and the common area of the layers (Marsaglia & Tsang 2000, 256 layers). */
const TAIL = 3.6541528853610088;
const AREA = 0.00492867323399;

/** The layers under the density exp(-x² / 2), from the base upwards. */
export interface Ziggurat {
  /** Width of each layer; the first is the widened base strip that stands for the tail. */
  readonly width: Float64Array;
  /** Density at the outer edge of each layer. */
  readonly height: Float64Array;
}

function buildZiggurat(): Ziggurat {
  const width = new Float64Array(LAYERS + 1);
  const height = new Float64Array(LAYERS + 1);
  const density = (x: number): number => Math.exp(-0.5 * x * x);
  width[0] = AREA / density(TAIL);
  width[1] = TAIL;
  height[1] = density(TAIL);
  for (let i = 2; i < LAYERS; i += 1) {
    height[i] = height[i - 1]! + AREA / width[i - 1]!;
    width[i] = Math.sqrt(-2 * Math.log(height[i]!));
  }
  height[LAYERS] = 1;
  return { width, height };
}

/** The layers, computed once. */
export const ziggurat: Ziggurat = /* @__PURE__ */ buildZiggurat();

/**
 * What becomes of a point `x` of a layer that lies outside the layer above: |x| where a second draw puts it under the curve, a
 * point of the tail for the base, and -1 where the point is rejected.
 */
export function settle(rng: Rng, layer: number, x: number): number {
  if (layer === 0) return tail(rng);
  const { height } = ziggurat;
  const y = height[layer]! + rng.next() * (height[layer + 1]! - height[layer]!);
  return y < Math.exp(-0.5 * x * x) ? x : -1;
}

/** |x| beyond the start of the tail (Marsaglia 1964). */
function tail(rng: Rng): number {
  for (;;) {
    const x = -Math.log1p(-rng.next()) / TAIL;
    const y = -Math.log1p(-rng.next());
    if (y + y >= x * x) return TAIL + x;
  }
}
