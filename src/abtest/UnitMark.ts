/** Whose request it is. */
export interface UnitMark {
  /** The hash of the unit; undefined where every request stands for itself. */
  readonly cluster: number | undefined;
  /** For how many requests of units that were here before it stands; see `RepeatSample`. */
  readonly repeats: number;
}
