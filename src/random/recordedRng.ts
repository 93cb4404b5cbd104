import { CoronateError, InvalidDataError, SnapshotError } from '../core/errors.ts';
import type { Rng, RngState } from './Rng.ts';

class RecordedRng implements Rng {
  readonly #draws: readonly number[];
  #position = 0;
  constructor(draws: readonly number[]) {
    this.#draws = draws;
  }
  next(): number {
    const draw = this.#draws[this.#position];
    if (draw === undefined) {
      throw new CoronateError(
        'ERR_RNG_EXHAUSTED',
        `the recorded generator has no more than ${this.#draws.length} draws`,
      );
    }
    this.#position += 1;
    return draw;
  }
  fork(): Rng {
    return this;
  }
  state(): RngState {
    throw new SnapshotError('a recorded generator has no seed to go on from: it cannot be part of a snapshot');
  }
}

/**
 * A generator that replays recorded uniform numbers in their order, to repeat an experiment whose draws were made
 * elsewhere. `fork()` returns the generator itself, because a recording is one stream; `state()` throws a
 * {@link SnapshotError}, because there is no seed to go on from.
 *
 * @param draws numbers in [0, 1); they are copied
 * @throws InvalidDataError if a draw lies outside [0, 1). When the draws have run out, `next()` throws a
 * {@link CoronateError} with code `ERR_RNG_EXHAUSTED`.
 */
export function recordedRng(draws: readonly number[]): Rng {
  draws.forEach((draw, i) => {
    if (!(typeof draw === 'number' && draw >= 0 && draw < 1))
      throw new InvalidDataError(`draws[${i}]`, draw, 'within [0, 1)');
  });
  return new RecordedRng(draws.slice());
}
