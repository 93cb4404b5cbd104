/** The serialisable state of a seeded generator: plain JSON, with a version. */
export interface RngState {
  readonly version: 1;
  readonly algorithm: 'alea';
  /** The seed with the labels of every fork, length-prefixed, so that no two paths collide. */
  readonly seed: string;
  readonly engine: { readonly c: number; readonly s0: number; readonly s1: number; readonly s2: number };
}

/**
 * A source of uniform random numbers. All randomness of the library comes through one of these, handed in.
 * Distributions are functions that take it: `normal(rng)`, `gamma(rng, shape)`, `beta(rng, a, b)`, `shuffle(rng, xs)`.
 */
export interface Rng {
  /** The next uniform number in [0, 1), with 53 random bits. */
  next(): number;
  /**
   * An independent stream. It depends on the seed and the label alone, not on the draws made before:
   * `rng.fork('a')` is the same stream whenever it is asked for.
   */
  fork(label: string | number): Rng;
  /** The state as plain JSON; `restoreRng(state)` goes on from here bit for bit. */
  state(): RngState;
}
