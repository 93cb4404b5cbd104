/** Watches the rewards of one arm for a change of their mean. */
export interface Detector {
  /** Takes a standardised reward; true where the mean has changed. */
  push(x: number): boolean;
  reset(): void;
  /** Plain JSON. */
  save(): readonly number[];
  /** False where the state is not one of its own. */
  load(state: readonly number[]): boolean;
}
