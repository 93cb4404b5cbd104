/**
 * What every streaming summary can do. A summary takes observations one at a time, needs constant memory, and can be
 * merged with another one of its kind that saw other observations: the result is as if one summary had seen both.
 *
 * @typeParam State the plain JSON that `toJSON()` returns and the class's `static fromJSON()` takes
 */
export interface Summary<State> {
  /** Observations taken in. */
  readonly n: number;
  /** Observations refused: NaN, infinite, or outside the domain that the summary documents. They change nothing else. */
  readonly invalid: number;
  /** Takes in all that `other` has seen, `invalid` included, and leaves `other` untouched. Returns this summary. */
  merge(other: this): this;
  /** The whole state as plain JSON with a version. A summary restored from it goes on bit for bit. */
  toJSON(): State;
}

/** A summary of a stream of numbers. */
export interface NumberSummary<State> extends Summary<State> {
  /** Takes in one observation. Returns this summary. */
  push(x: number): this;
  /** Takes in every observation, in order, exactly as repeated `push` would. Returns this summary. */
  pushAll(xs: Iterable<number>): this;
}
