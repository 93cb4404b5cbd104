/** What all values beyond the limit are told as. */
const OVERFLOW = '__other__';

/** Spells the overflow, or a value that had to make room for it. */
const reserved = /^__other__+$/;

/**
 * Keeps the values of a label few: what comes when there are enough is told as `__other__`. A value that is spelt so itself
 * gets one more `_`, and so does every one that ends in more of them: two values never share a spelling.
 */
export class LabelLimit {
  readonly #limit: number;
  readonly #known: Map<string, Set<string>> = new Map();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value where it is known or there is room for it, otherwise `__other__`. */
  admit(label: string, value: string): string {
    let known = this.#known.get(label);
    if (known === undefined) {
      known = new Set();
      this.#known.set(label, known);
    }
    if (!known.has(value)) {
      if (known.size >= this.#limit) return OVERFLOW;
      known.add(value);
    }
    return reserved.test(value) ? `${value}_` : value;
  }
}
