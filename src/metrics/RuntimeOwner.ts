import type { EventBase, EventTypes } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { Migration } from '../core/snapshot.ts';
import type { Outcome } from './Outcome.ts';

/** A strategy as its runtime sees it. */
export interface RuntimeOwner {
  /** For example `abtest`. */
  readonly kind: string;
  /** The version of the state that `save` writes. */
  readonly version: number;
  readonly migrations?: Readonly<Record<number, Migration>>;
  /** The models by variant name. */
  readonly models: Readonly<Record<string, unknown>>;
  /** The types of its events, and which of them enter the audit log. */
  readonly eventTypes: EventTypes<EventBase>;
  /**
   * Whether outcomes whose truth came with the request need no id: they wait for nothing, and no ledger holds them.
   * @defaultValue false
   */
  readonly anonymous?: boolean;
  /**
   * The chosen variant has answered or failed, or (`fallback`) another one answered in its place. Must not throw.
   * @param tracked whether its truth can still come: not under an id that was in use already
   */
  settled(outcome: Outcome, fallback: boolean, tracked: boolean): void;
  /** The truth has come. Must not throw. */
  joined(outcome: Outcome): void;
  /** The truth will not come. Must not throw. */
  lost?(outcome: Outcome, why: 'expired' | 'dropped'): void;
  /** An outcome that another replica served waits for its truth here now. Must not throw. */
  adopted?(outcome: Outcome): void;
  /** The truth of an outcome that was served here was joined by another replica. Must not throw. */
  moved?(outcome: Outcome): void;
  /** The strategy's own state. */
  save(): Json;
  /** Takes over what `save` returned, migrated. May throw: what was there before is loaded again then. */
  load(state: Json): void;
  /** Nested strategies have taken over their parts as well. May throw where they contradict it: all is as before then. */
  loaded?(): void;
  /** The strategy's own part of a delta; see `SharedStatistics`. Left out: it shares no statistics. */
  takeDelta?(): Json | undefined;
  /** Checks a part of another replica's, changing nothing. @returns what adds it; must not throw */
  readDelta?(state: Json): () => void;
  /** What is in force here; see `SharedControl`. Left out: replicas need not agree on anything. */
  control?(): { readonly revision: number; readonly state: Json };
  /**
   * Checks another replica's control, changing nothing: a later one or, where two replicas changed it at once, the one
   * that came first. @returns what follows it; must not throw
   */
  readControl?(state: Json, revision: number): () => void;
  /**
   * Checks another control that is not later than what is in force here: two replicas have decided at once. Left out: what
   * came first stands. @returns what follows theirs where it should stand and says so, or raises the own revision above it
   */
  contest?(state: Json, revision: number): () => boolean;
}

/** What a strategy decided about one request. */
export interface Choice {
  readonly variant: string;
  /** The variant that answers if the chosen one fails. */
  readonly fallback?: string | undefined;
  /** Plain data that stays with the outcome until its truth comes. */
  readonly note?: unknown;
  /** Further fields of the story. */
  readonly extra?: object | undefined;
  /** Whether the strategy's `timeoutMs` is left to a nested one, which has it too. @defaultValue false */
  readonly untimed?: boolean;
  /** Nothing is to be learned from its truth: the outcome does not wait for one. @defaultValue false */
  readonly untracked?: boolean;
}
