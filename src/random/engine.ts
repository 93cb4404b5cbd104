// The only file that imports seedrandom. Alea: 53-bit doubles, 3 words of state, clean on adjacent seeds.
import type { PRNG, State } from 'seedrandom';
// @ts-expect-error The package's types do not cover its single-algorithm files; this one is 0.8 kB instead of 2.9.
import alea from 'seedrandom/lib/alea.js';

/** Words of an Alea generator. */
export type EngineState = State.Alea;

/** An Alea generator whose state can be read. */
export interface Engine {
  double(): number;
  state(): EngineState;
}

const make = alea as (seed: string, options: { state: true | EngineState }) => PRNG & { state(): EngineState };

/** A generator from a seed, or one that goes on from a state. */
export function createEngine(seed: string, state?: EngineState): Engine {
  return make(seed, { state: state ?? true });
}
