/** Keeps the values of a label few: what comes when there are enough is told as `other`. */
export class LabelLimit {
  readonly #limit: number;
  readonly #known: Map<string, Set<string>> = new Map();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The value itself where it is known or there is room for it, otherwise `other`. */
  admit(label: string, value: string): string {
    let known = this.#known.get(label);
    if (known === undefined) {
      known = new Set();
      this.#known.set(label, known);
    }
    if (known.has(value)) return value;
    if (known.size >= this.#limit) return 'other';
    known.add(value);
    return value;
  }
}
