import { checkOneOf } from '../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../core/errors.ts';
import { createEngine, type Engine } from './engine.ts';
import type { Rng, RngState } from './Rng.ts';

class SeededRng implements Rng {
  readonly #seed: string;
  readonly #engine: Engine;
  constructor(seed: string, engine: Engine) {
    this.#seed = seed;
    this.#engine = engine;
  }
  next(): number {
    return this.#engine.double();
  }
  fork(label: string | number): Rng {
    const text = String(label);
    const seed = `${this.#seed}/${text.length}:${text}`;
    return new SeededRng(seed, createEngine(seed));
  }
  state(): RngState {
    const { c, s0, s1, s2 } = this.#engine.state();
    return { version: 1, algorithm: 'alea', seed: this.#seed, engine: { c, s0, s1, s2 } };
  }
}

/**
 * A seeded generator: the same seed gives the same numbers on every platform and in every release of a major version.
 *
 * @param seed a finite number, a bigint or a string. `1` and `'1'` are the same seed.
 * @throws InvalidOptionError for any other seed
 * @example
 * createRng(42).next(); // 0.6848634964661496
 */
export function createRng(seed: string | number | bigint): Rng {
  const ok =
    typeof seed === 'string' || typeof seed === 'bigint' || (typeof seed === 'number' && Number.isFinite(seed));
  if (!ok) throw new InvalidOptionError('seed', seed, 'a finite number, a bigint or a string');
  const text = String(seed);
  return new SeededRng(text, createEngine(text));
}

/**
 * A generator that goes on where `rng.state()` was taken, bit for bit, forks included.
 * @throws SnapshotError if the state is not one of a version 1 Alea generator
 */
export function restoreRng(state: RngState): Rng {
  const words = state?.engine;
  const sound =
    state?.version === 1 &&
    typeof state.seed === 'string' &&
    typeof words === 'object' &&
    [words.c, words.s0, words.s1, words.s2].every((word) => typeof word === 'number' && Number.isFinite(word));
  if (!sound) throw new SnapshotError('the state of a random generator must be what Rng.state() returned (version 1)');
  checkOneOf('state.algorithm', state.algorithm, ['alea']);
  return new SeededRng(state.seed, createEngine('', { ...words }));
}

/** A fresh seed from the platform's cryptographic generator, for when the user gives none: it is recorded and reported. */
export function randomSeed(): string {
  const words = globalThis.crypto.getRandomValues(new Uint32Array(2));
  return `${words[0]!.toString(36)}-${words[1]!.toString(36)}`;
}
