/** What became of the outcomes that could have a truth. */
export interface TruthCounts {
  /** Waiting for their truth, predictions under way included. */
  readonly waiting: number;
  readonly recorded: number;
  readonly expired: number;
  /** Let go because the ledger was full. */
  readonly dropped: number;
  readonly duplicates: number;
  readonly unknown: number;
  /** Requests served under an id that was in use: their outcomes count, but no truth can reach them. */
  readonly reusedIds: number;
}

/** What a ledger counts; how many wait it knows by itself. */
export type TruthCounter = Exclude<keyof TruthCounts, 'waiting'>;

/** Counts in which nothing has happened. */
export function noTruths(): Record<TruthCounter, number> {
  return { recorded: 0, expired: 0, dropped: 0, duplicates: 0, unknown: 0, reusedIds: 0 };
}
