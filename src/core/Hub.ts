import type { Json } from './json.ts';
import type { StoreCall } from './StateStore.ts';
import type { Control, Delta } from './sharing.ts';
import type { Snapshot } from './snapshot.ts';

/** What a replica finds when it joins. */
export interface Joined {
  /** The replica's label with the number of its life: unique for good, also after a restart under the same label. */
  readonly replica: string;
  /** The state of all up to `cursor`; undefined where every delta ever told is still in the log. */
  readonly base: Snapshot | undefined;
  /** The place in the log from which to read on. */
  readonly cursor: string;
  /** Names the log: where it is another one than at an earlier join, the hub has lost all that it was told. */
  readonly born: string;
  readonly control: HeldControl | undefined;
}

/** The control that is in force for all. */
export interface HeldControl {
  /** Grows by one with every change. */
  readonly version: number;
  readonly control: Control;
}

/** An outcome that waits for its truth where all replicas can find it. */
export interface WaitingOutcome {
  readonly requestId: string;
  /** When it was served, milliseconds since the epoch. */
  readonly at: number;
  /** What a replica needs to join it, nested strategies' parts included. */
  readonly outcome: Json;
}

/** What a replica tells: all of it counts once, however often it arrives. */
export interface Flush {
  /** Counts the flushes of this life of this replica from 1. */
  readonly id: number;
  readonly delta: Delta | undefined;
  /** Outcomes that now wait here. */
  readonly waiting: readonly WaitingOutcome[];
  /** Requests whose truth is part of the delta: nobody else joins them. */
  readonly joined: readonly string[];
}

/** One round of talk with the hub. */
export interface Round {
  readonly replica: string;
  /** Milliseconds since the epoch, by the replica's clock. */
  readonly at: number;
  /** The last place in the log that the replica has merged. */
  readonly cursor: string;
  /** The version of the control that the replica has seen; 0 for none. */
  readonly controlVersion: number;
  readonly flush: Flush | undefined;
  /** Requests whose truth has come here: the replica asks to be the one that joins them. */
  readonly claims: readonly string[];
  /** Of the claims: those whose outcome is at the replica itself, so that the hub need not tell it. */
  readonly here?: ReadonlySet<string>;
  /** Of `taken` of earlier rounds: those that the replica has let go. */
  readonly released: readonly string[];
  /** The state of all up to the place in the log where this flush lands, if nobody else's lands before. */
  readonly base: Snapshot | undefined;
}

/**
 * What became of a claim: the outcome is this replica's to join (undefined where it is there already), another has it,
 * or nobody knows of it.
 */
export type Claimed =
  | { readonly requestId: string; readonly status: 'granted'; readonly at: number; readonly outcome: Json | undefined }
  | { readonly requestId: string; readonly status: 'taken' | 'unknown' };

/** What the hub answers. */
export interface RoundResult {
  /**
   * `applied`: now or by an earlier arrival of the same flush. `gap`: applied, but the hub has lost flushes of this
   * replica that it had acknowledged. `refused`: the hub does not know this life or this cursor. `none`: there was no flush.
   */
  readonly flush: 'applied' | 'gap' | 'refused' | 'none';
  /** Deltas of the other replicas after the cursor, in the order of the log. */
  readonly deltas: readonly Delta[];
  /** Where the replica is once it has merged them. */
  readonly cursor: string;
  /** Whether there are more deltas, or more `taken`, to read at once. */
  readonly more: boolean;
  /** The log no longer holds all that came after the cursor, or the hub has lost some of it, or does not know this life: join anew. */
  readonly behind: boolean;
  /** Deltas that are not in the base. */
  readonly length: number;
  /** The control, where its version is another one than the replica has seen. */
  readonly control: HeldControl | undefined;
  readonly claimed: readonly Claimed[];
  /** Requests that were served here and joined elsewhere. */
  readonly taken: readonly string[];
}

/** What became of a proposal: accepted, or what is in force instead. */
export interface ProposalResult {
  readonly ok: boolean;
  readonly held: HeldControl | undefined;
}

/**
 * Where the replicas of one strategy meet: a log of what each has learnt, the control that all follow, and the outcomes
 * that wait for their truth. Every method is one step: it happens whole or not at all, and again changes nothing.
 */
export interface Hub {
  /** Names it in events and errors. */
  readonly name: string;
  /** Begins a life of a replica. */
  join(label: string, at: number, call?: StoreCall): Promise<Joined>;
  /** Tells, asks and reads. */
  exchange(round: Round, call?: StoreCall): Promise<RoundResult>;
  /**
   * Puts a control in force if `expected` is the version that is.
   * @param expected 0 where there must be none
   */
  propose(expected: number, control: Control, call?: StoreCall): Promise<ProposalResult>;
  /** Ends a life: what it told stays. */
  leave(replica: string, call?: StoreCall): Promise<void>;
  /**
   * Calls the listener soon after every accepted proposal. Left out: replicas learn of it at their next round.
   * @returns takes the listener off
   */
  watch?(listener: () => void): Promise<() => Promise<void>>;
}
