import type { RecordResult } from './Model.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * What one replica has learnt since it last told the others: plain JSON in the envelope of a snapshot, nested strategies
 * under their variants' names. Its kind ends in `/delta`.
 */
export type Delta = Snapshot;

/**
 * What all replicas of a strategy must agree on: the shares of an A/B test, the stage of a canary. Plain JSON in the
 * envelope of a snapshot; its kind ends in `/control`.
 */
export interface Control extends Snapshot {
  /** Grows by one with every change of this strategy's own control; those of nested strategies have their own. */
  readonly revision: number;
  readonly nested: { readonly [variant: string]: Control };
}

/**
 * A strategy whose replicas pool what they learn. Every replica serves and decides by itself, takes its delta now and
 * then, and adds those of the others; the order of deltas does not matter. Give each its own `replica` label.
 *
 * @example
 * const delta = here.takeDelta();
 * if (delta !== undefined) there.mergeDelta(delta);
 */
export interface SharedStatistics {
  /**
   * All that was learnt here since the last call (at first: ever), without what was merged; undefined where that is
   * nothing. From then on it is the caller's to deliver, once, to every other replica: nothing here holds it any more
   * but as part of the whole.
   */
  takeDelta(): Delta | undefined;
  /**
   * Adds what another replica took: counts exactly, sums to rounding. A delta that is delivered twice counts twice.
   * @throws SnapshotError if it is of another strategy, or does not fit; nothing has changed then
   */
  mergeDelta(delta: Delta): void;
}

/**
 * A strategy whose replicas follow one control. Whoever changes it (a ramp, a rollback) does so here, publishes
 * `control()` where only the next revision is accepted, and all others `follow`.
 */
export interface SharedControl {
  /** What is in force here. */
  control(): Control;
  /**
   * Takes over the control of another replica where its revision is higher.
   * @returns whether anything has changed, here or in a nested strategy
   * @throws SnapshotError if it is of another strategy, or contradicts what was in force here; nothing has changed then
   */
  follow(control: Control): boolean;
}

/** Where a request stands with its truth: under way, waiting, done, or not known here. */
export type TruthStanding = 'open' | 'waiting' | 'recorded' | 'expired' | undefined;

/** What shares a strategy with its replicas hears of it. Called on the serving path: quick, and it must not throw. */
export interface ReplicaTap {
  /** A request was served. @param requestId undefined where no truth is to come for it, or has come with it */
  settled(requestId: string | undefined): void;
  /** A truth has come. @param join joins it here and says what became of it @returns what the caller is told */
  record(requestId: string, join: () => RecordResult): RecordResult;
  /** An event entered the audit log: what all must agree on may have changed. */
  audited(type: string): void;
}
