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

/**
 * Steps the state that seedrandom has mixed from the seed: its own `double()`, bit for bit. The package's generators are
 * closures; once there are several, the engine no longer inlines them, and a beta draw takes up to twice as long.
 */
class AleaEngine implements Engine {
  readonly #words: Float64Array;

  constructor({ c, s0, s1, s2 }: EngineState) {
    this.#words = Float64Array.of(s0, s1, s2, c);
  }

  double(): number {
    const words = this.#words;
    const first = 2091639 * words[0]! + words[3]! * 2.3283064365386963e-10;
    const carry = first | 0;
    const high = first - carry;
    const second = 2091639 * words[1]! + carry * 2.3283064365386963e-10;
    const c = second | 0;
    const low = second - c;
    words[0] = words[2]!;
    words[1] = high;
    words[2] = low;
    words[3] = c;
    return high + ((low * 0x200000) | 0) * 1.1102230246251565e-16;
  }

  state(): EngineState {
    const words = this.#words;
    return { c: words[3]!, s0: words[0]!, s1: words[1]!, s2: words[2]! };
  }
}

/** A generator from a seed, or one that goes on from a state. */
export function createEngine(seed: string, state?: EngineState): Engine {
  return new AleaEngine(state ?? make(seed, { state: true }).state());
}
