import type { EventBase, EventTypes } from '../core/events.ts';
import type { Delta } from '../core/sharing.ts';

/** The hub has what this replica had learnt up to here. Not in the audit log. */
export interface FlushedEvent extends EventBase {
  readonly type: 'flushed';
  /** Counts the flushes of this life from 1. */
  readonly flush: number;
  /** Undefined where only outcomes or joined ids were told. */
  readonly delta: Delta | undefined;
}

/** A round with the hub failed; it is tried again, with the same flush. */
export interface RoundFailedEvent extends EventBase {
  readonly type: 'round-failed';
  readonly error: unknown;
  /** Failures in a row. */
  readonly failures: number;
}

/** The last good round is longer ago than `maxStalenessMs`. */
export interface StaleEvent extends EventBase {
  readonly type: 'stale';
  readonly stalenessMs: number;
}

/** A round succeeded again after a `stale`. */
export interface FreshEvent extends EventBase {
  readonly type: 'fresh';
}

/** The hub has lost flushes of this replica that it had acknowledged: its persistence is weaker than its promise. */
export interface LostFlushesEvent extends EventBase {
  readonly type: 'lost-flushes';
  readonly flush: number;
}

/** What came from the hub does not fit, and was passed over: another configuration, or another version of the code. */
export interface RefusedEvent extends EventBase {
  readonly type: 'refused';
  readonly what: 'delta' | 'control';
  readonly error: unknown;
}

/** What all had agreed on was followed here. */
export interface FollowedEvent extends EventBase {
  readonly type: 'followed';
  /** The hub's version of it. */
  readonly version: number;
}

/** A change made here is in force for all. */
export interface ProposedEvent extends EventBase {
  readonly type: 'proposed';
  readonly version: number;
}

/** This replica has joined, for the first time or anew. */
export interface JoinedEvent extends EventBase {
  readonly type: 'joined';
  readonly replica: string;
}

/** What a shared strategy tells of the sharing. */
export type ShareEvent =
  | FlushedEvent
  | RoundFailedEvent
  | StaleEvent
  | FreshEvent
  | LostFlushesEvent
  | RefusedEvent
  | FollowedEvent
  | ProposedEvent
  | JoinedEvent;

/** The types of what is told of sharing. */
export const shareEventTypes: EventTypes<ShareEvent> = {
  flushed: 'transient',
  'round-failed': 'logged',
  stale: 'logged',
  fresh: 'logged',
  'lost-flushes': 'logged',
  refused: 'logged',
  followed: 'logged',
  proposed: 'logged',
  joined: 'logged',
};
