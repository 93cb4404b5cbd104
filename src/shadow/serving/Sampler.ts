import { hashUnit } from '../../assignment/index.ts';
import { SnapshotError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';

/**
 * Which requests are shadowed. With an id: those whose hash falls below the rate, the same on every replica, and a rate
 * that rises only adds to them. Without: independent draws, made as the number of requests to pass over, so that a
 * request that is not sampled costs a subtraction and no random number.
 */
export class Sampler {
  readonly #seed: number;
  readonly #draw: () => number;
  #rate: number;
  /** Requests without an id to pass over; below 0 where it is yet to be drawn. */
  #skip = -1;

  constructor(rate: number, seed: number, draw: () => number) {
    this.#rate = rate;
    this.#seed = seed;
    this.#draw = draw;
  }

  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    this.#rate = rate;
    this.#skip = -1;
  }

  picks(id: string | undefined): boolean {
    if (this.#rate >= 1) return true;
    if (this.#rate <= 0) return false;
    if (id !== undefined) return hashUnit(id, this.#seed) < this.#rate * 2 ** 32;
    if (this.#skip < 0) this.#skip = this.#drawSkip();
    this.#skip -= 1;
    return this.#skip === -1;
  }

  toJSON(): Json {
    return { rate: this.#rate, skip: this.#skip };
  }

  /** @throws SnapshotError for a rate that is none: nothing would ever be sampled again */
  load(json: Json): void {
    const { rate, skip } = json as { rate: number; skip: number };
    if (!(Number.isFinite(rate) && rate >= 0 && rate <= 1 && Number.isSafeInteger(skip) && skip >= -1)) {
      throw new SnapshotError('the sampler of a snapshot must have a rate within [0, 1], and requests to pass over');
    }
    this.#rate = rate;
    this.#skip = skip;
  }

  /** A geometric number of failures before the next success, by inversion. */
  #drawSkip(): number {
    const failures = Math.floor(Math.log(1 - this.#draw()) / Math.log1p(-this.#rate));
    return Math.min(failures, Number.MAX_SAFE_INTEGER);
  }
}
