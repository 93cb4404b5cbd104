import { checkInteger, checkNumber, checkOptions } from '../core/check.ts';
import { SnapshotError } from '../core/errors.ts';
import { decodeJson, encodeJson, type Json } from '../core/json.ts';
import type { RecordResult } from '../core/Model.ts';
import type { TruthStanding } from '../core/sharing.ts';
import type { Outcome } from './Outcome.ts';
import { Queue } from './Queue.ts';

/** How long, and how many, outcomes wait for their truth. */
export interface TruthOptions {
  /** At most so many outcomes wait; beyond that the oldest is dropped and counted. @defaultValue 100_000 */
  readonly capacity?: number;
  /** An outcome waits so many milliseconds for its truth. @defaultValue 2_592_000_000 (30 days) */
  readonly windowMs?: number;
  /** Whether waiting outcomes keep their input and context, for metrics of the truth that look at them. @defaultValue true */
  readonly keepInput?: boolean;
}

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

type Counter = Exclude<keyof TruthCounts, 'waiting'>;
type Done = 'recorded' | 'expired';
const COUNTERS: readonly Counter[] = ['recorded', 'expired', 'dropped', 'duplicates', 'unknown', 'reusedIds'];

interface Entry {
  readonly id: string;
  readonly at: number;
  /** Undefined until the prediction is there, and once the truth is. */
  outcome: Outcome | undefined;
  /** A truth that came before the prediction was there. */
  early: { readonly truth: unknown } | undefined;
  state: 'waiting' | Done;
}

interface State {
  /** Oldest first. */
  readonly waiting: readonly Entry[];
  readonly done: readonly Entry[];
  readonly counts: Readonly<Record<Counter, number>>;
}

/** Entries of the queue of waiting ones that wait no longer, beyond as many as do: then they are cleared out. */
const STALE = 1024;

/** What a strategy does when a truth arrives, and when it never did. */
export interface TruthHandlers {
  /** The outcome with its truth. */
  joined(outcome: Outcome): void;
  /** The window is over, or the place was needed (`dropped`). */
  lost(outcome: Outcome, why: 'expired' | 'dropped'): void;
  /** An outcome that another replica served waits here now. */
  adopted?(outcome: Outcome): void;
  /** Another replica has joined the truth: neither it nor its absence is to be learnt from here. */
  moved?(outcome: Outcome): void;
}

/**
 * Joins outcomes with truths that come later, in any order, twice or never. Bounded: at most `capacity` outcomes wait, and
 * as many ids that are done are remembered. One map knows them all, and two queues their order: a request costs three
 * operations of the map, and none is a deletion followed by an insertion elsewhere.
 */
export class TruthLedger {
  readonly #capacity: number;
  readonly #windowMs: number;
  readonly #keepInput: boolean;
  readonly #handlers: TruthHandlers;
  readonly #known: Map<string, Entry> = new Map();
  readonly #waiting: Queue<Entry> = new Queue();
  readonly #done: Queue<Entry> = new Queue();
  #waits = 0;
  readonly #counts: Record<Counter, number> = {
    recorded: 0,
    expired: 0,
    dropped: 0,
    duplicates: 0,
    unknown: 0,
    reusedIds: 0,
  };

  constructor(options: TruthOptions, handlers: TruthHandlers) {
    checkOptions('truth', options, ['capacity', 'windowMs', 'keepInput']);
    const { capacity = 100_000, windowMs = 30 * 24 * 3_600_000, keepInput = true } = options;
    this.#capacity = checkInteger('truth.capacity', capacity, { ge: 1 });
    this.#windowMs = checkNumber('truth.windowMs', windowMs, { gt: 0 });
    this.#keepInput = keepInput;
    this.#handlers = handlers;
  }

  /** Announces a request. @returns false where its id is in use: nothing is joined to this one then */
  open(requestId: string, at: number): boolean {
    this.expire(at);
    if (this.saw(requestId)) {
      this.#counts.reusedIds += 1;
      return false;
    }
    this.#admit({ id: requestId, at, outcome: undefined, early: undefined, state: 'waiting' });
    return true;
  }

  /** The prediction is there. A truth that was waiting for it is joined at once. */
  settle(requestId: string, outcome: Outcome): void {
    const entry = this.#known.get(requestId);
    if (entry?.state !== 'waiting') return;
    entry.outcome = this.#keepInput ? outcome : { ...outcome, input: undefined, context: undefined };
    if (entry.early !== undefined) this.#join(entry, entry.outcome, entry.early.truth);
  }

  /** Joins a truth that came with its request to an outcome that has no id. */
  joinAtOnce(outcome: Outcome, truth: unknown): void {
    this.#counts.recorded += 1;
    this.#handlers.joined({ ...outcome, truth });
  }

  /** Joins a truth to its outcome. Never throws for a stranger: the result says what became of it. */
  record(requestId: string, truth: unknown, now: number): RecordResult {
    this.expire(now);
    const entry = this.#known.get(requestId);
    if (entry?.state !== 'waiting') return this.#late(entry);
    if (entry.early !== undefined) return this.#duplicate();
    if (entry.outcome === undefined) {
      entry.early = { truth };
      return 'pending';
    }
    this.#join(entry, entry.outcome, truth);
    return 'recorded';
  }

  /** Lets go of what has waited longer than the window. */
  expire(now: number): void {
    for (;;) {
      const oldest = this.#oldest();
      if (oldest === undefined || now - oldest.at <= this.#windowMs) return;
      this.#letGo(oldest, 'expired');
    }
  }

  /** Whether a request of this id is known here. */
  saw(requestId: string): boolean {
    return this.#known.has(requestId);
  }

  /** Where a request stands with its truth. */
  standing(requestId: string): TruthStanding {
    const entry = this.#known.get(requestId);
    if (entry?.state !== 'waiting') return entry?.state;
    return entry.outcome === undefined ? 'open' : 'waiting';
  }

  /** An outcome that waits, as plain data. */
  outcomeOf(requestId: string): Json | undefined {
    const entry = this.#known.get(requestId);
    if (entry?.outcome === undefined) return undefined;
    return { at: entry.at, outcome: encodeJson({ ...entry.outcome, error: undefined }) };
  }

  /** Checks an outcome that another replica served. @returns lets it wait here @throws SnapshotError */
  readOutcome(requestId: string, json: Json): () => void {
    const { at, outcome } = json as { readonly at?: unknown; readonly outcome?: Json };
    if (!Number.isFinite(at) || !isOutcome(outcome ?? null)) {
      throw new SnapshotError('an outcome of another replica must have a time, a variant and a status');
    }
    const entry = waitingEntry(requestId, at as number, outcome!);
    return () => {
      if (this.saw(requestId)) return;
      this.#admit(entry);
      this.#handlers.adopted?.(entry.outcome!);
    };
  }

  /** Lets go of an outcome whose truth another replica has joined. */
  forget(requestId: string): void {
    const entry = this.#known.get(requestId);
    const outcome = entry?.outcome;
    if (entry === undefined || outcome === undefined) return;
    this.#close(entry, 'recorded');
    this.#handlers.moved?.(outcome);
  }

  /** The outcomes that wait, oldest first. */
  waiting(): readonly Outcome[] {
    return this.#waiting.toArray().flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]));
  }

  get counts(): TruthCounts {
    return { waiting: this.#waits, ...this.#counts };
  }

  /** Waiting outcomes, done ids and counts as plain data. Predictions under way end with the process. */
  toJSON(): Json {
    const waiting = this.#waiting
      .toArray()
      .flatMap(({ id, at, outcome }) =>
        outcome === undefined ? [] : [[id, at, encodeJson({ ...outcome, error: undefined })]],
      );
    return {
      waiting,
      done: this.#done.toArray().map(({ id, state }) => [id, state]),
      counts: { ...this.#counts },
    } as Json;
  }

  /** Takes over what `toJSON` returned. @returns puts back what was there @throws SnapshotError; nothing has changed */
  load(json: Json): () => void {
    const next = readState(json);
    const before = { waiting: this.#waiting.toArray(), done: this.#done.toArray(), counts: { ...this.#counts } };
    this.#replace(next);
    return () => this.#replace(before);
  }

  #replace({ waiting, done, counts }: State): void {
    this.#known.clear();
    for (const queue of [this.#waiting, this.#done]) queue.retain(() => false);
    const waits = waiting.filter(({ state }) => state === 'waiting');
    this.#waits = waits.length;
    for (const [queue, entries] of [
      [this.#waiting, waits],
      [this.#done, done],
    ] as const) {
      for (const entry of entries) {
        queue.push(entry);
        this.#known.set(entry.id, entry);
      }
    }
    Object.assign(this.#counts, counts);
  }

  #admit(entry: Entry): void {
    while (this.#waits >= this.#capacity) this.#letGo(this.#oldest()!, 'dropped');
    this.#known.set(entry.id, entry);
    this.#waiting.push(entry);
    this.#waits += 1;
  }

  /** The entry that has waited for longest; those before it that wait no longer leave the queue. */
  #oldest(): Entry | undefined {
    let oldest = this.#waiting.peek();
    while (oldest !== undefined && oldest.state !== 'waiting') {
      this.#waiting.shift();
      oldest = this.#waiting.peek();
    }
    return oldest;
  }

  #late(entry: Entry | undefined): RecordResult {
    if (entry?.state === 'recorded') return this.#duplicate();
    if (entry?.state === 'expired') return 'expired';
    this.#counts.unknown += 1;
    return 'unknown';
  }

  #duplicate(): RecordResult {
    this.#counts.duplicates += 1;
    return 'duplicate';
  }

  #join(entry: Entry, outcome: Outcome, truth: unknown): void {
    this.#close(entry, 'recorded');
    this.#counts.recorded += 1;
    this.#handlers.joined({ ...outcome, truth });
  }

  #letGo(entry: Entry, why: 'expired' | 'dropped'): void {
    const { outcome } = entry;
    this.#close(entry, 'expired');
    this.#counts[why] += 1;
    if (outcome !== undefined) this.#handlers.lost(outcome, why);
  }

  #close(entry: Entry, how: Done): void {
    entry.state = how;
    entry.outcome = undefined;
    entry.early = undefined;
    this.#waits -= 1;
    // Truths that come in another order than their requests leave entries behind an old one that still waits.
    if (this.#waiting.length > 2 * this.#waits + STALE) this.#waiting.retain(({ state }) => state === 'waiting');
    this.#done.push(entry);
    if (this.#done.length > this.#capacity) this.#known.delete(this.#done.shift()!.id);
  }
}

function waitingEntry(id: string, at: number, outcome: Json): Entry {
  return { id, at, outcome: decodeJson(outcome) as Outcome, early: undefined, state: 'waiting' };
}

function readState(json: Json): State {
  const saved = json as unknown as {
    readonly waiting: readonly (readonly [string, number, Json])[];
    readonly done: readonly (readonly [string, Done])[];
    readonly counts: Record<Counter, number>;
  } | null;
  const sound =
    Array.isArray(saved?.waiting) &&
    saved.waiting.every(([id, at, outcome]) => typeof id === 'string' && Number.isFinite(at) && isOutcome(outcome)) &&
    Array.isArray(saved.done) &&
    saved.done.every(([id, how]) => typeof id === 'string' && (how === 'recorded' || how === 'expired')) &&
    COUNTERS.every((counter) => Number.isSafeInteger(saved.counts?.[counter]) && saved.counts[counter] >= 0);
  if (!sound)
    throw new SnapshotError('the truths of a snapshot must be waiting outcomes, ids that are done, and counts');
  const doneEntry = ([id, state]: readonly [string, Done]): Entry => ({
    id,
    at: 0,
    outcome: undefined,
    early: undefined,
    state,
  });
  return {
    waiting: saved.waiting.map(([id, at, outcome]) => waitingEntry(id, at, outcome)),
    done: saved.done.map(doneEntry),
    counts: { ...saved.counts },
  };
}

function isOutcome(json: Json): boolean {
  const outcome = json as { readonly variant?: unknown; readonly status?: unknown } | null;
  return typeof outcome?.variant === 'string' && typeof outcome.status === 'string';
}
