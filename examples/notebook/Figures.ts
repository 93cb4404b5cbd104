/** One figure that the program computes, beside the one that it must be. */
interface Figure {
  readonly name: string;
  readonly got: string;
  readonly want: string;
  readonly agrees: boolean;
}

/** Collects the figures that must agree; the program ends with an error where one does not. */
export class Figures {
  readonly #figures: Figure[] = [];

  /** A number that must agree within a relative tolerance. */
  number(name: string, got: number, want: number, tolerance = 1e-9): void {
    const agrees = Math.abs(got - want) <= tolerance * Math.max(Math.abs(want), Number.MIN_VALUE);
    this.#figures.push({ name, got: String(got), want: String(want), agrees });
  }

  /** Anything else that must be the same. */
  same(name: string, got: unknown, want: unknown): void {
    const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
    this.#figures.push({ name, got: a, want: b, agrees: a === b });
  }

  /** Something that must hold. */
  holds(name: string, truth: boolean): void {
    this.#figures.push({ name, got: String(truth), want: 'true', agrees: truth });
  }

  get all(): readonly Figure[] {
    return this.#figures;
  }

  get wrong(): readonly Figure[] {
    return this.#figures.filter(({ agrees }) => !agrees);
  }
}
