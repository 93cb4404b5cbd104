import type { EventBase, EventTypes } from '../core/events.ts';

/** The state was taken over from the store. */
export interface RestoredEvent extends EventBase {
  readonly type: 'restored';
  readonly version: number;
  /** Whether the last generation was damaged, and this is the one before. */
  readonly recovered: boolean;
}

/** The state is in the store. Not in the audit log. */
export interface SavedEvent extends EventBase {
  readonly type: 'saved';
  readonly version: number;
}

/** The store threw, or did not answer. It is tried again. */
export interface SaveFailedEvent extends EventBase {
  readonly type: 'save-failed';
  readonly error: unknown;
  /** Failures in a row. */
  readonly failures: number;
}

/** Somebody else writes under this key: nothing is saved here any more. */
export interface ConflictEvent extends EventBase {
  readonly type: 'conflict';
  /** The version that the store holds. */
  readonly version: number;
}

/** What a keeper tells. */
export type PersistEvent = RestoredEvent | SavedEvent | SaveFailedEvent | ConflictEvent;

/** The types of what a keeper tells. */
export const persistEventTypes: EventTypes<PersistEvent> = {
  restored: 'logged',
  saved: 'transient',
  'save-failed': 'logged',
  conflict: 'logged',
};
