/** A model that scores every arm for a context: what the linear policies choose by. */
export interface LinearModel {
  /** False where what is learnt depends on the order of updates. */
  readonly mergeable: boolean;
  /** Checks and remembers the context of what follows, with what it needs for one arm if given. @throws InvalidDataError */
  see(context: unknown, names: readonly string[], arm?: number): void;
  /** Predicted score of an arm for the context seen: the mean reward, or its logit. */
  mean(arm: number): number;
  /** Variance of the score, in units of the noise's. */
  variance(arm: number): number;
  /** Learns a reward of the arm for the context seen. */
  learn(arm: number, reward: number, weight: number): void;
  inserted(): void;
  removed(arm: number): void;
  /** Plain JSON. */
  save(): unknown;
  /** @throws SnapshotError */
  load(state: unknown, size: number): void;
  /** Adds what another process has learnt: its arms by their positions here. */
  merge(state: unknown, positions: readonly number[]): void;
  /** The state of `after` without what `before` already had: `from[i]` is the position there of arm i, -1 where new. */
  difference(after: unknown, before: unknown, from: readonly number[]): unknown;
}
