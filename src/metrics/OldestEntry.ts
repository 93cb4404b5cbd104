/**
 * The oldest entry of a map that is used as a queue. An iterator of its own remembers how far the deletions have come:
 * a new one would skip, each time, over the places of all entries that were deleted, thousands of them in a long queue.
 */
export class OldestEntry<Value> {
  readonly #map: ReadonlyMap<string, Value>;
  #entries: Iterator<[string, Value]>;
  #oldest: readonly [string, Value] | undefined;

  constructor(map: ReadonlyMap<string, Value>) {
    this.#map = map;
    this.#entries = map.entries();
  }

  /** The entry that has been in the map for longest; undefined where the map is empty. */
  peek(): readonly [id: string, value: Value] | undefined {
    if (this.#map.size === 0) return undefined;
    while (this.#oldest === undefined || this.#map.get(this.#oldest[0]) !== this.#oldest[1]) {
      const { value, done } = this.#entries.next();
      // An iterator that came to the end stays there: whatever came later needs a new one.
      if (done === true) this.#entries = this.#map.entries();
      this.#oldest = done === true ? undefined : value;
    }
    return this.#oldest;
  }
}
