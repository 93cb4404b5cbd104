import type { RequestIds } from '../core/requestIds.ts';
import type { Outcome } from './Outcome.ts';
import { enlarged, RowLists } from './RowLists.ts';
import { TruthIndex } from './TruthIndex.ts';
import type { TruthEnd, TruthEntry } from './truthState.ts';

/** The lists of rows. */
const WAITING = 0;
const DONE = 1;
const FREE = 2;
const LISTS = 3;
/** What a row is; numbers of `STATES`. */
const OPEN = 0;
const SETTLED = 1;
const RECORDED = 2;
const EXPIRED = 3;
const STATES = ['open', 'waiting', 'recorded', 'expired'] as const;
/** Values of an outcome that are no numbers: variant, unit, input, context, status, prediction, error, note. */
const VALUES = 8;

/**
 * Requests whose truth may come, and ids that are done, field by field in tables whose rows are used again. An object per
 * request would outlive a hundred thousand others, which is the worst that can happen to a garbage collector: copied
 * twice, moved to where memory is reclaimed rarely, and dropped there. Here nothing is allocated for a request that waits.
 */
export class TruthRows {
  readonly #lists: RowLists = new RowLists(LISTS);
  readonly #index: TruthIndex = new TruthIndex();
  #state: Uint8Array = new Uint8Array(0);
  /** When a request came, and its latency. */
  #times: Float64Array = new Float64Array(0);
  #turns: Float64Array = new Float64Array(0);
  #values: unknown[] = [];
  /** Truths that came before the prediction was there, by row. */
  readonly early: Map<number, unknown> = new Map();

  /** How many wait. */
  get waits(): number {
    return this.#lists.lengthOf(WAITING);
  }

  /** The row of an id; 0 where there is none. */
  find(id: string): number {
    return this.#index.find(id);
  }

  /** Whether an id that `ids` gave is in use all the same. */
  taken(id: string, ids: RequestIds): boolean {
    return this.#index.taken(id, ids);
  }

  /** The row that has waited for longest; -1 where none waits. */
  get oldest(): number {
    return this.#lists.first(WAITING);
  }

  /** Adds a request. @param turn tells it from all others that have had its row @param ids see `TruthIndex.add` */
  add(id: string, at: number, turn: number, ids?: RequestIds, number = 0): number {
    if (this.#lists.first(FREE) < 0) this.#grow();
    const row = this.#lists.first(FREE);
    this.#lists.move(row, FREE, WAITING);
    this.#index.add(row, id, ids, number);
    this.#state[row] = OPEN;
    this.#times[2 * row] = at;
    this.#turns[row] = turn;
    return row;
  }

  /** Whether the request of this turn still waits for its prediction. */
  awaits(row: number, turn: number): boolean {
    return this.#turns[row] === turn && this.#state[row] === OPEN;
  }

  /** Whether there is a prediction, and no truth. */
  settled(row: number): boolean {
    return this.#state[row] === SETTLED;
  }

  stateOf(row: number): (typeof STATES)[number] {
    return STATES[this.#state[row]!]!;
  }

  /** When the request came. */
  timeOf(row: number): number {
    return this.#times[2 * row]!;
  }

  /** Keeps what is known of a request. */
  put(row: number, outcome: Outcome, keepInput: boolean): void {
    const { variant, unit, input, context, status, prediction, error, note, latencyMs } = outcome;
    const values = this.#values;
    const at = row * VALUES;
    values[at] = variant;
    values[at + 1] = unit;
    values[at + 2] = keepInput ? input : undefined;
    values[at + 3] = keepInput ? context : undefined;
    values[at + 4] = status;
    values[at + 5] = prediction;
    values[at + 6] = error;
    values[at + 7] = note;
    this.#times[2 * row + 1] = latencyMs;
    this.#state[row] = SETTLED;
  }

  /** What is known of a request, as metrics see it. */
  outcome(row: number, truth?: unknown): Outcome {
    const values = this.#values;
    const at = row * VALUES;
    return {
      requestId: this.#index.idOf(row),
      variant: values[at] as string,
      unit: values[at + 1] as Outcome['unit'],
      input: values[at + 2],
      context: values[at + 3],
      status: values[at + 4] as Outcome['status'],
      prediction: values[at + 5],
      error: values[at + 6],
      latencyMs: this.#times[2 * row + 1]!,
      at: this.#times[2 * row]!,
      truth,
      note: values[at + 7],
    };
  }

  /** It waits no longer. @param most ids that are done are remembered, the last ones */
  close(row: number, how: TruthEnd, most: number): void {
    const values = this.#values;
    for (let i = row * VALUES; i < (row + 1) * VALUES; i += 1) values[i] = undefined;
    if (this.early.size > 0) this.early.delete(row);
    this.#state[row] = how === 'recorded' ? RECORDED : EXPIRED;
    this.#lists.move(row, WAITING, DONE);
    // More than one where what was taken over is of a larger ledger.
    while (this.#lists.lengthOf(DONE) > most) {
      const forgotten = this.#lists.first(DONE);
      this.#index.delete(forgotten);
      this.#turns[forgotten] = 0;
      this.#lists.move(forgotten, DONE, FREE);
    }
  }

  /** The outcomes that wait, oldest first. */
  waiting(): readonly Outcome[] {
    const rows = this.#lists.rows(WAITING).filter((row) => this.settled(row));
    return rows.map((row) => this.outcome(row));
  }

  /** Requests that wait with their outcome, and ids that are done, in order. */
  entries(): { readonly waiting: readonly TruthEntry[]; readonly done: readonly TruthEntry[] } {
    const entry = (row: number): TruthEntry => ({
      id: this.#index.idOf(row),
      at: this.timeOf(row),
      outcome: this.settled(row) ? this.outcome(row) : undefined,
      state: this.#state[row]! <= SETTLED ? 'waiting' : (STATES[this.#state[row]!] as TruthEnd),
    });
    return { waiting: this.#lists.rows(WAITING).map(entry), done: this.#lists.rows(DONE).map(entry) };
  }

  #grow(): void {
    const size = Math.max(64, 2 * this.#lists.size);
    this.#lists.grow(size);
    this.#index.grow(size);
    this.#state = enlarged(this.#state, size);
    this.#times = enlarged(this.#times, 2 * size);
    this.#turns = enlarged(this.#turns, size);
    const values = new Array<unknown>(size * VALUES).fill(undefined);
    for (let i = 0; i < this.#values.length; i += 1) values[i] = this.#values[i];
    this.#values = values;
  }
}
