import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { RecordResult } from '../core/Model.ts';
import type { TruthStanding } from '../core/sharing.ts';
import type { Outcome } from './Outcome.ts';
import { Queue } from './Queue.ts';
import { noTruths, type TruthCounter, type TruthCounts } from './TruthCounts.ts';
import type { TruthHandlers } from './TruthHandlers.ts';
import { resolveTruthOptions, type TruthOptions } from './TruthOptions.ts';
import {
  isOutcome,
  outcomeToJson,
  readTruths,
  type TruthEnd,
  type TruthEntry,
  type TruthState,
  truthsToJson,
  waitingEntry,
} from './truthState.ts';

/** Entries of the queue of waiting ones that wait no longer, beyond as many as do: then they are cleared out. */
const STALE = 1024;

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
  readonly #known: Map<string, TruthEntry> = new Map();
  readonly #waiting: Queue<TruthEntry> = new Queue();
  readonly #done: Queue<TruthEntry> = new Queue();
  #waits = 0;
  readonly #counts: Record<TruthCounter, number> = noTruths();

  constructor(options: TruthOptions, handlers: TruthHandlers) {
    const { capacity, windowMs, keepInput } = resolveTruthOptions(options);
    this.#capacity = capacity;
    this.#windowMs = windowMs;
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
    return { at: entry.at, outcome: outcomeToJson(entry.outcome) };
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
    return truthsToJson(this.#state());
  }

  /** Takes over what `toJSON` returned. @returns puts back what was there @throws SnapshotError; nothing has changed */
  load(json: Json): () => void {
    const next = readTruths(json);
    const before = this.#state();
    this.#replace(next);
    return () => this.#replace(before);
  }

  #state(): TruthState {
    return { waiting: this.#waiting.toArray(), done: this.#done.toArray(), counts: { ...this.#counts } };
  }

  #replace({ waiting, done, counts }: TruthState): void {
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

  #admit(entry: TruthEntry): void {
    while (this.#waits >= this.#capacity) this.#letGo(this.#oldest()!, 'dropped');
    this.#known.set(entry.id, entry);
    this.#waiting.push(entry);
    this.#waits += 1;
  }

  /** The entry that has waited for longest; those before it that wait no longer leave the queue. */
  #oldest(): TruthEntry | undefined {
    let oldest = this.#waiting.peek();
    while (oldest !== undefined && oldest.state !== 'waiting') {
      this.#waiting.shift();
      oldest = this.#waiting.peek();
    }
    return oldest;
  }

  #late(entry: TruthEntry | undefined): RecordResult {
    if (entry?.state === 'recorded') return this.#duplicate();
    if (entry?.state === 'expired') return 'expired';
    this.#counts.unknown += 1;
    return 'unknown';
  }

  #duplicate(): RecordResult {
    this.#counts.duplicates += 1;
    return 'duplicate';
  }

  #join(entry: TruthEntry, outcome: Outcome, truth: unknown): void {
    this.#close(entry, 'recorded');
    this.#counts.recorded += 1;
    this.#handlers.joined({ ...outcome, truth });
  }

  #letGo(entry: TruthEntry, why: 'expired' | 'dropped'): void {
    const { outcome } = entry;
    this.#close(entry, 'expired');
    this.#counts[why] += 1;
    if (outcome !== undefined) this.#handlers.lost(outcome, why);
  }

  #close(entry: TruthEntry, how: TruthEnd): void {
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
