import { SnapshotError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Rng } from '../../random/Rng.ts';
import { Reservoir, type ReservoirState } from '../../stats/summaries/Reservoir.ts';

/**
 * A simple random sample of rows of numbers: scores of two models with the truth, for what needs them side by side.
 * One reservoir a column, all with the same random stream: what a reservoir keeps depends on that stream alone, so the
 * columns keep the same rows in the same order.
 */
export class RowSample {
  #columns: Reservoir[];

  constructor(columns: number, capacity: number, rng: Rng) {
    this.#columns = Array.from({ length: columns }, () => new Reservoir({ capacity, rng: rng.fork('rows') }));
  }

  /** Takes in a row; one with a number that is not finite is left out whole, or the columns would part. */
  push(...row: readonly number[]): void {
    if (!row.every(Number.isFinite)) return;
    for (const [i, value] of row.entries()) this.#columns[i]!.push(value);
  }

  /** Rows seen, kept or not. */
  get n(): number {
    return this.#columns[0]!.n;
  }
  /** Whether every row is kept. */
  get complete(): boolean {
    return this.n <= this.#columns[0]!.capacity;
  }
  /** The values of one column, in the order of the rows. */
  column(i: number): Float64Array {
    return this.#columns[i]!.values;
  }

  merge(other: RowSample): void {
    this.#columns.forEach((column, i) => {
      column.merge(other.#columns[i]!);
    });
  }

  toJSON(): Json {
    return this.#columns.map((column) => column.toJSON()) as unknown as Json;
  }

  /** @throws SnapshotError where the columns are others, or have parted */
  load(json: Json): void {
    const columns = (json as unknown as readonly ReservoirState[]).map((state) => Reservoir.fromJSON(state));
    const [first] = columns;
    const even = columns.every(({ n, values }) => n === first?.n && values.length === first.values.length);
    if (columns.length !== this.#columns.length || !even) {
      throw new SnapshotError(`a sample of rows must have ${this.#columns.length} columns of one length`);
    }
    this.#columns = columns;
  }
}
