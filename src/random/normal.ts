import type { Rng } from './Rng.ts';

const LAYERS = 256;
/** Where the tail begins, and the common area of the layers (Marsaglia & Tsang 2000, 256 layers). */
const TAIL = 3.6541528853610088;
const AREA = 0.00492867323399;

interface Ziggurat {
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

const { width, height } = /* @__PURE__ */ buildZiggurat();

/** |x| beyond the start of the tail (Marsaglia 1964). */
function tail(rng: Rng): number {
  for (;;) {
    const x = -Math.log1p(-rng.next()) / TAIL;
    const y = -Math.log1p(-rng.next());
    if (y + y >= x * x) return TAIL + x;
  }
}

/**
 * A standard normal number, by the ziggurat with 256 layers: mostly one uniform draw, whose first 9 bits choose layer
 * and sign and whose other 44 the place. It keeps nothing between calls, so that the state of the generator is the
 * whole state.
 *
 * Source: Marsaglia & Tsang (2000), The Ziggurat Method for Generating Random Variables, J. Stat. Softw. 5(8),
 * doi:10.18637/jss.v005.i08; separate bits for layer and place: Doornik (2005), An Improved Ziggurat Method.
 */
export function normal(rng: Rng): number {
  for (;;) {
    const scaled = rng.next() * 512;
    const bits = Math.floor(scaled);
    const layer = bits >> 1;
    const x = (scaled - bits) * width[layer]!;
    if (x < width[layer + 1]!) return (bits & 1) === 0 ? x : -x;
    const size = layer === 0 ? tail(rng) : edge(rng, layer, x);
    if (size >= 0) return (bits & 1) === 0 ? size : -size;
  }
}

/** x if a second draw puts it under the curve within its layer, -1 if not. */
function edge(rng: Rng, layer: number, x: number): number {
  const y = height[layer]! + rng.next() * (height[layer + 1]! - height[layer]!);
  return y < Math.exp(-0.5 * x * x) ? x : -1;
}
