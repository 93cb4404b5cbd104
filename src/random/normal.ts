import type { Rng } from './Rng.ts';
import { settle, ziggurat } from './ziggurat.ts';

/**
 * A standard normal number, by the ziggurat with 256 layers: mostly one uniform draw, whose first 9 bits choose layer
 * and sign and whose other 44 the place. It keeps nothing between calls, so that the state of the generator is the
 * whole state.
 *
 * Source: Marsaglia & Tsang (2000), The Ziggurat Method for Generating Random Variables, J. Stat. Softw. 5(8),
 * doi:10.18637/jss.v005.i08; separate bits for layer and place: Doornik (2005), An Improved Ziggurat Method.
 */
export function normal(rng: Rng): number {
  const { width } = ziggurat;
  for (;;) {
    const scaled = rng.next() * 512;
    const bits = scaled | 0;
    const layer = bits >> 1;
    const x = (scaled - bits) * width[layer]!;
    const size = x < width[layer + 1]! ? x : settle(rng, layer, x);
    if (size >= 0) return (bits & 1) === 0 ? size : -size;
  }
}
