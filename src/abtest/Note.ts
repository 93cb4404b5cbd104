import type { PairNote } from './PairScorer.ts';

/** What stays with an outcome until its truth comes. */
export interface Note {
  /** The epoch of the assignment. */
  readonly e: number;
  /** Whether this was an independent assignment: a unit's first, or a draw. */
  readonly x: boolean;
  /** For how many requests of units that were here before this one stands; left out: none. See `RepeatSample`. */
  readonly r?: number;
  /** Segments by dimension. */
  readonly s?: Readonly<Record<string, string>>;
  readonly answers?: PairNote['answers'];
}

/** The segments of a request that has none. */
export const NO_SEGMENTS: Readonly<Record<string, string>> = {};
