import { checkDistinct, checkInteger, checkOptions } from '../../core/check.ts';
import { SnapshotError } from '../../core/errors.ts';
import type { Summary } from './Summary.ts';
import { checkSameKind, checkState, type Versioned } from './snapshot.ts';

/** Options of {@link Counts}. */
export interface CountsOptions {
  /** Categories known beforehand: listed first, with 0 where they do not occur. @defaultValue none */
  readonly categories?: readonly string[];
  /**
   * How many distinct categories are counted at most; further ones go into `overflow`, so that identifiers pushed by
   * mistake cannot eat the memory. @defaultValue 1024
   */
  readonly limit?: number;
}

/** The state of {@link Counts}. */
export interface CountsState extends Versioned<'counts'> {
  readonly n: number;
  readonly invalid: number;
  readonly limit: number;
  readonly overflow: number;
  readonly counts: readonly (readonly [category: string, count: number])[];
}

/**
 * How often each category occurs. A category is a string; numbers and booleans are taken as their text, so 1 and '1'
 * are the same. NaN, infinities and everything else count as invalid.
 *
 * Merging in any order gives the same counts while the categories of all together stay within `limit`.
 *
 * @example
 * const labels = new Counts().pushAll(['cat', 'dog', 'cat']);
 * labels.get('cat'); // 2
 */
export class Counts implements Summary<CountsState> {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();
  #n = 0;
  #invalid = 0;
  #overflow = 0;

  /** @throws InvalidOptionError */
  constructor(options: CountsOptions = {}) {
    checkOptions('options', options, ['categories', 'limit']);
    const { categories = [], limit = 1024 } = options;
    checkDistinct('categories', categories);
    this.#limit = checkInteger('limit', limit, { ge: Math.max(1, categories.length) });
    for (const category of categories) this.#counts.set(category, 0);
  }

  /** Counts one observation. Returns this summary. */
  push(category: string | number | boolean): this {
    const known = typeof category === 'string' || typeof category === 'boolean' || Number.isFinite(category);
    if (known) this.#add(String(category), 1);
    else this.#invalid += 1;
    return this;
  }

  /** Counts every observation. Returns this summary. */
  pushAll(categories: Iterable<string | number | boolean>): this {
    for (const category of categories) this.push(category);
    return this;
  }

  merge(other: Counts): this {
    checkSameKind('counts', other instanceof Counts);
    this.#invalid += other.#invalid;
    this.#n += other.#overflow;
    this.#overflow += other.#overflow;
    for (const [category, count] of [...other.#counts]) this.#add(category, count);
    return this;
  }

  /** Observations counted, those in `overflow` included. */
  get n(): number {
    return this.#n;
  }
  /** Observations refused. */
  get invalid(): number {
    return this.#invalid;
  }
  /** Observations whose category came when `limit` others were already there. */
  get overflow(): number {
    return this.#overflow;
  }
  /** How often `category` occurred: 0 where never, or where it went into `overflow`. */
  get(category: string | number | boolean): number {
    return this.#counts.get(String(category)) ?? 0;
  }
  /** The share of `category` among all observations; NaN where there are none. */
  share(category: string | number | boolean): number {
    return this.get(category) / this.#n;
  }
  /** The categories with their counts, in order of first appearance. A copy. */
  entries(): readonly (readonly [category: string, count: number])[] {
    return [...this.#counts];
  }

  toJSON(): CountsState {
    return {
      kind: 'counts',
      version: 1,
      n: this.#n,
      invalid: this.#invalid,
      limit: this.#limit,
      overflow: this.#overflow,
      counts: this.entries(),
    };
  }

  /** A summary that goes on where `state` was taken. @throws SnapshotError if it is not the state of a Counts */
  static fromJSON(state: CountsState): Counts {
    checkState('counts', state, ['n', 'invalid', 'limit', 'overflow']);
    const counts = new Counts({ limit: state.limit });
    const sound = (entry: unknown) =>
      Array.isArray(entry) && typeof entry[0] === 'string' && Number.isSafeInteger(entry[1]) && entry[1] >= 0;
    if (!Array.isArray(state.counts) || !state.counts.every(sound)) {
      throw new SnapshotError('the state of a counts summary must hold a count for each category');
    }
    for (const [category, count] of state.counts) counts.#counts.set(category, count);
    counts.#n = state.n;
    counts.#invalid = state.invalid;
    counts.#overflow = state.overflow;
    return counts;
  }

  #add(category: string, count: number): void {
    this.#n += count;
    const before = this.#counts.get(category);
    if (before !== undefined || this.#counts.size < this.#limit) this.#counts.set(category, (before ?? 0) + count);
    else this.#overflow += count;
  }
}
