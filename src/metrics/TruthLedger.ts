import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { RecordResult } from '../core/Model.ts';
import type { RequestIds } from '../core/requestIds.ts';
import type { TruthStanding } from '../core/sharing.ts';
import type { Outcome } from './Outcome.ts';
import { noTruths, type TruthCounter, type TruthCounts } from './TruthCounts.ts';
import type { TruthHandlers } from './TruthHandlers.ts';
import { resolveTruthOptions, type TruthOptions } from './TruthOptions.ts';
import { TruthRows } from './TruthRows.ts';
import {
  isOutcome,
  outcomeToJson,
  readTruths,
  type TruthEnd,
  type TruthState,
  truthsToJson,
  waitingEntry,
} from './truthState.ts';

/**
 * Joins outcomes with truths that come later, in any order, twice or never. Bounded: at most `capacity` outcomes wait, and
 * as many ids that are done are remembered.
 */
export class TruthLedger {
  readonly #capacity: number;
  readonly #windowMs: number;
  readonly #keepInput: boolean;
  readonly #handlers: TruthHandlers;
  readonly #counts: Record<TruthCounter, number> = noTruths();
  #rows: TruthRows = new TruthRows();
  #turn = 0;
  /** The last turn before a state was taken over: predictions under way until then are of nobody's requests. */
  #former = 0;

  constructor(options: TruthOptions, handlers: TruthHandlers) {
    const { capacity, windowMs, keepInput } = resolveTruthOptions(options);
    this.#capacity = capacity;
    this.#windowMs = windowMs;
    this.#keepInput = keepInput;
    this.#handlers = handlers;
  }

  /**
   * Announces a request.
   * @param ids who has just given the id; left out: it came with the request
   * @returns its row; 0 where its id is in use: nothing is joined to this request then
   */
  open(id: string, at: number, ids?: RequestIds): number {
    // Asked first: who hears of a loss may make requests, which are given the next numbers.
    const number = ids === undefined ? 0 : ids.count;
    this.expire(at);
    const row = this.#admit(id, at, ids, number);
    if (row === 0) this.#counts.reusedIds += 1;
    return row;
  }

  /** The turn of the request that was announced last. */
  get turn(): number {
    return this.#turn;
  }

  /** The prediction is there. A truth that was waiting for it is joined at once. @returns false where it was let go before */
  settle(row: number, turn: number, outcome: Outcome): boolean {
    const rows = this.#rows;
    if (!rows.awaits(row, turn)) return false;
    rows.put(row, outcome, this.#keepInput);
    if (rows.early.has(row)) this.#join(row, rows.early.get(row));
    return true;
  }

  /** Tells of a request that was let go before its prediction was there: what is lost is not known until then. */
  miss(turn: number, outcome: Outcome, now: number): void {
    if (turn <= this.#former) return;
    const told = this.#keepInput ? outcome : { ...outcome, input: undefined, context: undefined };
    this.#handlers.lost(told, now - outcome.at > this.#windowMs ? 'expired' : 'dropped');
  }

  /** Joins a truth that came with its request to an outcome that has no id. */
  joinAtOnce(outcome: Outcome, truth: unknown): void {
    this.#counts.recorded += 1;
    this.#handlers.joined({ ...outcome, truth });
  }

  /** Joins a truth to its outcome. Never throws for a stranger: the result says what became of it. */
  record(requestId: string, truth: unknown, now: number): RecordResult {
    this.expire(now);
    const rows = this.#rows;
    const row = rows.find(requestId);
    const state = row === 0 ? undefined : rows.stateOf(row);
    if (state === 'recorded' || (state === 'open' && rows.early.has(row))) {
      this.#counts.duplicates += 1;
      return 'duplicate';
    }
    if (state === 'expired') return 'expired';
    if (state === undefined) {
      this.#counts.unknown += 1;
      return 'unknown';
    }
    if (state === 'open') {
      rows.early.set(row, truth);
      return 'pending';
    }
    this.#join(row, truth);
    return 'recorded';
  }

  /** Lets go of what has waited longer than the window. */
  expire(now: number): void {
    for (;;) {
      const oldest = this.#rows.oldest;
      if (oldest < 0 || now - this.#rows.timeOf(oldest) <= this.#windowMs) return;
      this.#letGo(oldest, 'expired');
    }
  }

  /** Whether a request of this id is known here. */
  saw(requestId: string): boolean {
    return this.#rows.find(requestId) !== 0;
  }

  /** Where a request stands with its truth. */
  standing(requestId: string): TruthStanding {
    const row = this.#rows.find(requestId);
    return row === 0 ? undefined : this.#rows.stateOf(row);
  }

  /** An outcome that waits, as plain data. */
  outcomeOf(requestId: string): Json | undefined {
    const row = this.#rows.find(requestId);
    if (!this.#rows.settled(row)) return undefined;
    return { at: this.#rows.timeOf(row), outcome: outcomeToJson(this.#rows.outcome(row)) };
  }

  /** Checks an outcome that another replica served. @returns lets it wait here @throws SnapshotError */
  readOutcome(requestId: string, json: Json): () => void {
    const { at, outcome } = json as { readonly at?: unknown; readonly outcome?: Json };
    if (!Number.isFinite(at) || !isOutcome(outcome ?? null)) {
      throw new SnapshotError('an outcome of another replica must have a time, a variant and a status');
    }
    const entry = waitingEntry(requestId, at as number, outcome!);
    return () => {
      const row = this.#admit(requestId, entry.at);
      if (row === 0) return;
      // Its replica has taken out of it what is not kept.
      this.#rows.put(row, entry.outcome!, true);
      this.#handlers.adopted?.(entry.outcome!);
    };
  }

  /** Lets go of an outcome whose truth another replica has joined. */
  forget(requestId: string): void {
    const row = this.#rows.find(requestId);
    if (!this.#rows.settled(row)) return;
    const outcome = this.#rows.outcome(row);
    this.#close(row, 'recorded');
    this.#handlers.moved?.(outcome);
  }

  /** The outcomes that wait, oldest first. */
  waiting(): readonly Outcome[] {
    return this.#rows.waiting();
  }

  get counts(): TruthCounts {
    return { waiting: this.#rows.waits, ...this.#counts };
  }

  /** Waiting outcomes, done ids and counts as plain data. Predictions under way end with the process. */
  toJSON(): Json {
    return truthsToJson({ ...this.#rows.entries(), counts: { ...this.#counts } });
  }

  /** Takes over what `toJSON` returned. @returns puts back what was there @throws SnapshotError; nothing has changed */
  load(json: Json): () => void {
    const next = readTruths(json);
    const before = [this.#rows, { ...this.#counts }, this.#former] as const;
    this.#former = this.#turn;
    this.#replace(next);
    return () => {
      this.#rows = before[0];
      Object.assign(this.#counts, before[1]);
      this.#former = before[2];
    };
  }

  #replace({ waiting, done, counts }: TruthState): void {
    this.#rows = new TruthRows();
    // Those that are done come first: they have the first rows, and their list in its order.
    for (const { id, at, state } of done) {
      if (!this.saw(id)) this.#rows.close(this.#add(id, at), state as TruthEnd, Number.POSITIVE_INFINITY);
    }
    for (const { id, at, outcome } of waiting) {
      if (!this.saw(id)) this.#rows.put(this.#add(id, at), outcome!, true);
    }
    Object.assign(this.#counts, counts);
  }

  /** @returns the row of a request; 0 where its id is in use */
  #admit(id: string, at: number, ids?: RequestIds, number = 0): number {
    let looked = -1;
    for (;;) {
      // Again where one who hears of a loss has made a request: it may have this very id.
      if (looked !== this.#turn && (ids === undefined ? this.saw(id) : this.#rows.taken(id, ids))) return 0;
      looked = this.#turn;
      if (this.#rows.waits < this.#capacity) return this.#add(id, at, ids, number);
      this.#letGo(this.#rows.oldest, 'dropped');
    }
  }

  #add(id: string, at: number, ids?: RequestIds, number = 0): number {
    this.#turn += 1;
    return this.#rows.add(id, at, this.#turn, ids, number);
  }

  #join(row: number, truth: unknown): void {
    const outcome = this.#rows.outcome(row, truth);
    this.#close(row, 'recorded');
    this.#counts.recorded += 1;
    this.#handlers.joined(outcome);
  }

  #letGo(row: number, why: 'expired' | 'dropped'): void {
    const told = this.#rows.settled(row) && this.#handlers.hearLost?.() !== false;
    const outcome = told ? this.#rows.outcome(row) : undefined;
    this.#close(row, 'expired');
    this.#counts[why] += 1;
    if (outcome !== undefined) this.#handlers.lost(outcome, why);
  }

  #close(row: number, how: TruthEnd): void {
    this.#rows.close(row, how, this.#capacity);
  }
}
