import { checkInteger, checkNumber, checkOptions } from '../core/check.ts';
import { SnapshotError } from '../core/errors.ts';
import { decodeJson, encodeJson, type Json } from '../core/json.ts';
import type { RecordResult } from '../core/Model.ts';
import type { TruthStanding } from '../core/sharing.ts';
import { OldestEntry } from './OldestEntry.ts';
import type { Outcome } from './Outcome.ts';

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
  readonly at: number;
  outcome: Outcome | undefined;
  /** A truth that came before the prediction was there. */
  early: { readonly truth: unknown } | undefined;
}

interface State {
  readonly waiting: ReadonlyMap<string, Entry>;
  readonly done: ReadonlyMap<string, Done>;
  readonly counts: Readonly<Record<Counter, number>>;
}

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
 * Joins outcomes with truths that come later, in any order, twice or never. Bounded: a map of those that wait and a
 * map of the ids that are done, each of at most `capacity` entries.
 */
export class TruthLedger {
  readonly #capacity: number;
  readonly #windowMs: number;
  readonly #keepInput: boolean;
  readonly #handlers: TruthHandlers;
  readonly #waiting: Map<string, Entry> = new Map();
  readonly #done: Map<string, Done> = new Map();
  readonly #oldestWaiting: OldestEntry<Entry> = new OldestEntry(this.#waiting);
  readonly #oldestDone: OldestEntry<Done> = new OldestEntry(this.#done);
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
    while (this.#waiting.size >= this.#capacity) this.#letGo(this.#oldestWaiting.peek()![0], 'dropped');
    this.#waiting.set(requestId, { at, outcome: undefined, early: undefined });
    return true;
  }

  /** The prediction is there. A truth that was waiting for it is joined at once. */
  settle(requestId: string, outcome: Outcome): void {
    const entry = this.#waiting.get(requestId);
    if (entry === undefined) return;
    entry.outcome = this.#keepInput ? outcome : { ...outcome, input: undefined, context: undefined };
    if (entry.early !== undefined) this.#join(requestId, entry.outcome, entry.early.truth);
  }

  /** Joins a truth that came with its request to an outcome that has no id. */
  joinAtOnce(outcome: Outcome, truth: unknown): void {
    this.#counts.recorded += 1;
    this.#handlers.joined({ ...outcome, truth });
  }

  /** Joins a truth to its outcome. Never throws for a stranger: the result says what became of it. */
  record(requestId: string, truth: unknown, now: number): RecordResult {
    this.expire(now);
    const entry = this.#waiting.get(requestId);
    if (entry === undefined) return this.#late(requestId);
    if (entry.early !== undefined) return this.#duplicate();
    if (entry.outcome === undefined) {
      entry.early = { truth };
      return 'pending';
    }
    this.#join(requestId, entry.outcome, truth);
    return 'recorded';
  }

  /** Lets go of what has waited longer than the window. */
  expire(now: number): void {
    for (;;) {
      const oldest = this.#oldestWaiting.peek();
      if (oldest === undefined || now - oldest[1].at <= this.#windowMs) return;
      this.#letGo(oldest[0], 'expired');
    }
  }

  /** Whether a request of this id is known here. */
  saw(requestId: string): boolean {
    return this.#waiting.has(requestId) || this.#done.has(requestId);
  }

  /** Where a request stands with its truth. */
  standing(requestId: string): TruthStanding {
    const entry = this.#waiting.get(requestId);
    if (entry === undefined) return this.#done.get(requestId);
    return entry.outcome === undefined ? 'open' : 'waiting';
  }

  /** An outcome that waits, as plain data. */
  outcomeOf(requestId: string): Json | undefined {
    const entry = this.#waiting.get(requestId);
    if (entry?.outcome === undefined) return undefined;
    return { at: entry.at, outcome: encodeJson({ ...entry.outcome, error: undefined }) };
  }

  /** Checks an outcome that another replica served. @returns lets it wait here @throws SnapshotError */
  readOutcome(requestId: string, json: Json): () => void {
    const { at, outcome } = json as { readonly at?: unknown; readonly outcome?: Json };
    if (!Number.isFinite(at) || !isOutcome(outcome ?? null)) {
      throw new SnapshotError('an outcome of another replica must have a time, a variant and a status');
    }
    const entry: Entry = { at: at as number, outcome: decodeJson(outcome!) as Outcome, early: undefined };
    return () => {
      if (this.saw(requestId)) return;
      while (this.#waiting.size >= this.#capacity) this.#letGo(this.#oldestWaiting.peek()![0], 'dropped');
      this.#waiting.set(requestId, entry);
      this.#handlers.adopted?.(entry.outcome!);
    };
  }

  /** Lets go of an outcome whose truth another replica has joined. */
  forget(requestId: string): void {
    const outcome = this.#waiting.get(requestId)?.outcome;
    if (outcome === undefined) return;
    this.#close(requestId, 'recorded');
    this.#handlers.moved?.(outcome);
  }

  /** The outcomes that wait, oldest first. */
  waiting(): readonly Outcome[] {
    return [...this.#waiting.values()].flatMap(({ outcome }) => (outcome === undefined ? [] : [outcome]));
  }

  get counts(): TruthCounts {
    return { waiting: this.#waiting.size, ...this.#counts };
  }

  /** Waiting outcomes, done ids and counts as plain data. Predictions under way end with the process. */
  toJSON(): Json {
    const waiting = [...this.#waiting].flatMap(([id, { at, outcome }]) =>
      outcome === undefined ? [] : [[id, at, encodeJson({ ...outcome, error: undefined })]],
    );
    return { waiting, done: [...this.#done].map(([id, how]) => [id, how]), counts: { ...this.#counts } } as Json;
  }

  /** Takes over what `toJSON` returned. @returns puts back what was there @throws SnapshotError; nothing has changed */
  load(json: Json): () => void {
    const next = readState(json);
    const before = { waiting: new Map(this.#waiting), done: new Map(this.#done), counts: { ...this.#counts } };
    this.#replace(next);
    return () => this.#replace(before);
  }

  #replace({ waiting, done, counts }: State): void {
    this.#waiting.clear();
    this.#done.clear();
    for (const [id, entry] of waiting) this.#waiting.set(id, entry);
    for (const [id, how] of done) this.#done.set(id, how);
    Object.assign(this.#counts, counts);
  }

  #late(requestId: string): RecordResult {
    const how = this.#done.get(requestId);
    if (how === 'recorded') return this.#duplicate();
    if (how === 'expired') return 'expired';
    this.#counts.unknown += 1;
    return 'unknown';
  }

  #duplicate(): RecordResult {
    this.#counts.duplicates += 1;
    return 'duplicate';
  }

  #join(requestId: string, outcome: Outcome, truth: unknown): void {
    this.#close(requestId, 'recorded');
    this.#counts.recorded += 1;
    this.#handlers.joined({ ...outcome, truth });
  }

  #letGo(requestId: string, why: 'expired' | 'dropped'): void {
    const outcome = this.#waiting.get(requestId)?.outcome;
    this.#close(requestId, 'expired');
    this.#counts[why] += 1;
    if (outcome !== undefined) this.#handlers.lost(outcome, why);
  }

  #close(requestId: string, how: Done): void {
    this.#waiting.delete(requestId);
    this.#done.set(requestId, how);
    if (this.#done.size > this.#capacity) this.#done.delete(this.#oldestDone.peek()![0]);
  }
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
  const entry = (at: number, outcome: Json): Entry => ({
    at,
    outcome: decodeJson(outcome) as Outcome,
    early: undefined,
  });
  return {
    waiting: new Map(saved.waiting.map(([id, at, outcome]) => [id, entry(at, outcome)])),
    done: new Map(saved.done),
    counts: { ...saved.counts },
  };
}

function isOutcome(json: Json): boolean {
  const outcome = json as { readonly variant?: unknown; readonly status?: unknown } | null;
  return typeof outcome?.variant === 'string' && typeof outcome.status === 'string';
}
