/** The worst relative error of one quantity of one function over its golden cases. */
export interface TestAccuracy {
  /** `welchTest p-value` */
  readonly name: string;
  readonly cases: number;
  readonly worst: number;
  /** The golden case with the worst error. */
  readonly at: string;
  /** The smallest reference value above 0, by size. */
  readonly smallest: number;
  readonly reference: string;
}

/** Collects errors by quantity. */
export class Tally {
  readonly #rows = new Map<string, TestAccuracy>();

  /**
   * @param scale what the error is relative to; by default the reference value itself (an absolute error where it is 0)
   */
  add(name: string, reference: string, at: string, got: number, want: number, scale = Math.abs(want)): void {
    const same = Object.is(got, want) || got === want;
    // What should be a number and is none is infinitely wrong.
    const size = scale > 0 && Number.isFinite(scale) ? scale : 1;
    const error = same ? 0 : Number.isFinite(got - want) ? Math.abs(got - want) / size : Number.POSITIVE_INFINITY;
    const before = this.#rows.get(name) ?? {
      name,
      cases: 0,
      worst: -1,
      at,
      smallest: Number.POSITIVE_INFINITY,
      reference,
    };
    const smallest = want === 0 ? before.smallest : Math.min(before.smallest, Math.abs(want));
    const worse = error > before.worst;
    this.#rows.set(name, {
      ...before,
      cases: before.cases + 1,
      smallest,
      worst: worse ? error : before.worst,
      at: worse ? at : before.at,
    });
  }

  rows(): readonly TestAccuracy[] {
    return [...this.#rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
