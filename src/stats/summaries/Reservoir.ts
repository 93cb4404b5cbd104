import { checkInteger, checkOptions } from '../../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../../core/errors.ts';
import { restoreRng } from '../../random/createRng.ts';
import type { Rng, RngState } from '../../random/Rng.ts';
import type { NumberSummary } from './Summary.ts';
import { checkSameKind, checkState, isFiniteList, type Versioned } from './snapshot.ts';

/** Options of {@link Reservoir}. */
export interface ReservoirOptions {
  /** How many observations are kept at most. A positive integer. */
  readonly capacity: number;
  /** A random stream of its own: no other reader, and another one for every reservoir (`rng.fork('latency')`). */
  readonly rng: Rng;
}

/** The state of {@link Reservoir}. */
export interface ReservoirState extends Versioned<'reservoir'> {
  readonly capacity: number;
  readonly n: number;
  readonly invalid: number;
  readonly skip: number;
  readonly keys: readonly number[];
  readonly values: readonly number[];
  readonly rng: RngState;
}

/**
 * A simple random sample of a stream, without replacement, in bounded memory: every subset of `capacity` observations
 * is equally likely to be the sample.
 *
 * Every observation has a uniform random key, and those with the smallest keys stay. A merge keeps the smallest keys of
 * both sides, so merging in any order and grouping gives the very same sample. Keys that would not stay are never drawn:
 * the number of observations to skip is geometric, so a long stream costs next to no random numbers.
 *
 * Sources: Cohen & Kaplan (2007), doi:10.1145/1281100.1281133 (bottom-k sketches); Vitter (1985),
 * doi:10.1145/3147.3165 (skipping).
 *
 * @example
 * const sample = new Reservoir({ capacity: 2, rng: createRng(42) }).pushAll([1, 2]);
 * [...sample.values].sort(); // [1, 2]
 */
export class Reservoir implements NumberSummary<ReservoirState> {
  readonly #capacity: number;
  readonly #rng: Rng;
  // A binary heap with the largest key on top, so that the next one to leave is at hand.
  #keys: number[] = [];
  #values: number[] = [];
  #n = 0;
  #invalid = 0;
  #skip = 0;

  /** @throws InvalidOptionError */
  constructor(options: ReservoirOptions) {
    checkOptions('options', options, ['capacity', 'rng']);
    const { capacity, rng } = options;
    this.#capacity = checkInteger('capacity', capacity, { ge: 1, le: 2 ** 31 });
    if (typeof rng?.next !== 'function') throw new InvalidOptionError('rng', rng, 'a random generator');
    this.#rng = rng;
  }

  push(x: number): this {
    if (!Number.isFinite(x)) {
      this.#invalid += 1;
      return this;
    }
    this.#n += 1;
    if (this.#keys.length < this.#capacity) {
      this.#add(1 - this.#rng.next(), x + 0);
      if (this.#keys.length === this.#capacity) this.#drawSkip();
    } else if (this.#skip > 0) {
      this.#skip -= 1;
    } else {
      // Given that it stays, the key is uniform below the largest one kept.
      this.#replaceTop((1 - this.#rng.next()) * this.#keys[0]!, x + 0);
      this.#drawSkip();
    }
    return this;
  }

  pushAll(xs: Iterable<number>): this {
    for (const x of xs) this.push(x);
    return this;
  }

  /** @throws InvalidOptionError if the capacities differ */
  merge(other: Reservoir): this {
    checkSameKind('reservoir', other instanceof Reservoir);
    if (other.#capacity !== this.#capacity) {
      throw new InvalidOptionError('capacity', other.#capacity, `the same in both reservoirs (${this.#capacity})`);
    }
    this.#n += other.#n;
    this.#invalid += other.#invalid;
    const [keys, values] = [[...other.#keys], [...other.#values]];
    for (let i = 0; i < keys.length; i += 1) {
      if (this.#keys.length < this.#capacity) this.#add(keys[i]!, values[i]!);
      else if (keys[i]! < this.#keys[0]!) this.#replaceTop(keys[i]!, values[i]!);
    }
    // The skips forget the past: a new one under the new threshold is as good as the old.
    if (this.#keys.length === this.#capacity) this.#drawSkip();
    return this;
  }

  /** How many observations are kept at most. */
  get capacity(): number {
    return this.#capacity;
  }
  /** Valid observations seen, kept or not. */
  get n(): number {
    return this.#n;
  }
  /** Observations refused: NaN or infinite. */
  get invalid(): number {
    return this.#invalid;
  }
  /** The sample: all observations while there are no more than `capacity`, in no particular order. A copy. */
  get values(): Float64Array {
    return Float64Array.from(this.#values);
  }

  toJSON(): ReservoirState {
    return {
      kind: 'reservoir',
      version: 1,
      capacity: this.#capacity,
      n: this.#n,
      invalid: this.#invalid,
      skip: this.#skip,
      keys: [...this.#keys],
      values: [...this.#values],
      rng: this.#rng.state(),
    };
  }

  /** A reservoir that goes on where `state` was taken, random stream included. @throws SnapshotError */
  static fromJSON(state: ReservoirState): Reservoir {
    checkState('reservoir', state, ['capacity', 'n', 'invalid', 'skip']);
    const { keys, values } = state;
    if (!isFiniteList(keys) || !isFiniteList(values) || keys.length !== values.length) {
      throw new SnapshotError('the state of a reservoir summary must hold as many finite keys as values');
    }
    const reservoir = new Reservoir({ capacity: state.capacity, rng: restoreRng(state.rng) });
    reservoir.#n = state.n;
    reservoir.#invalid = state.invalid;
    reservoir.#skip = state.skip;
    reservoir.#keys = [...keys];
    reservoir.#values = [...values];
    return reservoir;
  }

  /** Draws how many observations pass before one has a key below the largest kept: geometric, by inversion. */
  #drawSkip(): void {
    const skip = Math.floor(Math.log(1 - this.#rng.next()) / Math.log1p(-this.#keys[0]!));
    this.#skip = Math.min(skip, Number.MAX_SAFE_INTEGER);
  }

  #add(key: number, value: number): void {
    let hole = this.#keys.length;
    this.#keys.push(key);
    this.#values.push(value);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (this.#keys[parent]! >= key) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#keys[hole] = key;
    this.#values[hole] = value;
  }

  #replaceTop(key: number, value: number): void {
    const size = this.#keys.length;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      const larger = child + 1 < size && this.#keys[child + 1]! > this.#keys[child]! ? child + 1 : child;
      if (this.#keys[larger]! <= key) break;
      this.#move(larger, hole);
      hole = larger;
    }
    this.#keys[hole] = key;
    this.#values[hole] = value;
  }

  #move(from: number, to: number): void {
    this.#keys[to] = this.#keys[from]!;
    this.#values[to] = this.#values[from]!;
  }
}
