import type { Json } from './json.ts';

/** A value as a store holds it. */
export interface Stored {
  /** Grows by one with every change of this key; 1 is the first. */
  readonly version: number;
  readonly value: Json;
  /** Whether this is the generation before the last, because the last one was damaged. */
  readonly recovered?: boolean;
}

/** What became of a `compareAndSet`. */
export interface SetResult {
  /** Whether the value was replaced. */
  readonly ok: boolean;
  /** The version that the store holds now; 0 where it holds nothing. */
  readonly version: number;
}

/** How a caller stops waiting. */
export interface StoreCall {
  /** Aborts when the caller no longer waits. What was asked for may still happen. */
  readonly signal?: AbortSignal;
}

/**
 * Where state lives on when the process does not: one value a key, replaced whole and only by who knows its version, and a
 * bounded list of events beside it. Calls reject where the store cannot do what it promises; they may hang, so callers
 * set a limit of their own.
 */
export interface StateStore {
  /** Names it in events and errors. */
  readonly name: string;
  /** The value of a key; undefined where there is none. */
  load(key: string, call?: StoreCall): Promise<Stored | undefined>;
  /**
   * Replaces the value of a key if its version is the one expected, at once and as a whole: a reader sees the old value
   * or the new one. When it resolves, the value is as safe as the store promises.
   * @param expected the version that was loaded; 0 where there must be none
   */
  compareAndSet(key: string, expected: number, value: Json, call?: StoreCall): Promise<SetResult>;
  /** Adds events to the list of a key, in order. The oldest go where the list is full. */
  append(key: string, events: readonly Json[], call?: StoreCall): Promise<void>;
  /**
   * The last events of a key, oldest first.
   * @param limit at most so many; all that are kept where it is left out
   */
  events(key: string, limit?: number, call?: StoreCall): Promise<readonly Json[]>;
  /** Forgets a key, its events included. */
  remove(key: string, call?: StoreCall): Promise<void>;
  /** Lets go of what the store holds. Later calls reject. */
  close?(): Promise<void>;
}
