/**
 * The seeded generator, its independent streams, and the draws that take one.
 *
 * @packageDocumentation
 */

export { beta } from './beta.ts';
export { createRng, randomSeed, restoreRng } from './createRng.ts';
export { exponential } from './exponential.ts';
export { gamma } from './gamma.ts';
export { integer } from './integer.ts';
export { normal } from './normal.ts';
export type { Rng, RngState } from './Rng.ts';
export { recordedRng } from './recordedRng.ts';
export { shuffle } from './shuffle.ts';
export { uniform } from './uniform.ts';
