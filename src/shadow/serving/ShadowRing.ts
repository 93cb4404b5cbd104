/**
 * A first-in, first-out queue of fixed capacity without allocation: a ring. It never grows; what does not fit is the
 * caller's to drop and count.
 */
export class ShadowRing<T> {
  readonly #slots: (T | undefined)[];
  readonly #mask: number;
  readonly #capacity: number;
  #head = 0;
  #size = 0;

  /**
   * @param capacity how many entries at most; a positive integer
   * @param reserve places beyond that, for entries that come back from elsewhere; @defaultValue 0
   */
  constructor(capacity: number, reserve = 0) {
    this.#capacity = capacity;
    const length = 2 ** Math.ceil(Math.log2(Math.max(1, capacity + reserve)));
    this.#slots = new Array<T | undefined>(length).fill(undefined);
    this.#mask = length - 1;
  }

  get size(): number {
    return this.#size;
  }

  get full(): boolean {
    return this.#size >= this.#capacity;
  }

  /** Whether not even the reserve has a place. */
  get packed(): boolean {
    return this.#size > this.#mask;
  }

  /** Adds an entry at the end; the ring must not be packed. */
  push(entry: T): void {
    this.#slots[(this.#head + this.#size) & this.#mask] = entry;
    this.#size += 1;
  }

  /** The entry that has waited longest, left where it is; undefined where there is none. */
  peek(): T | undefined {
    return this.#size === 0 ? undefined : this.#slots[this.#head];
  }

  /** Takes the entry out that has waited longest. */
  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const entry = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & this.#mask;
    this.#size -= 1;
    return entry;
  }
}
