export { createRng, randomSeed, restoreRng } from './createRng.ts';
export type { Rng, RngState } from './Rng.ts';
