import type { Sink } from '../../core/Sink.ts';
import { checkInteger, checkName, checkOptions } from '../support/check.ts';
import { ClosedError } from '../support/errors.ts';

/** Options of `MemorySink`. */
export interface MemorySinkOptions {
  /** Names the sink in counts and reports. @defaultValue 'memory' */
  readonly name?: string;
  /** Records that are kept at most: the oldest go first. @defaultValue 10_000 */
  readonly capacity?: number;
}

/**
 * Keeps the newest records in memory: for tests, notebooks, and pages that show what happened last. It holds the very objects
 * that it is given.
 */
export class MemorySink<Item = unknown> implements Sink<Item> {
  readonly name: string;
  readonly #capacity: number;
  #records: Item[] = [];
  #forgotten = 0;
  #closed = false;

  /** @throws InvalidOptionError */
  constructor(options: MemorySinkOptions = {}) {
    checkOptions('options', options, ['name', 'capacity']);
    this.name = checkName('name', options.name ?? 'memory');
    this.#capacity = checkInteger('capacity', options.capacity ?? 10_000, { ge: 1 });
  }

  /** The newest records, oldest first. */
  get records(): readonly Item[] {
    return this.#records.slice(-this.#capacity);
  }

  /** How many records have been forgotten to make room. */
  get forgotten(): number {
    return this.#forgotten + Math.max(0, this.#records.length - this.#capacity);
  }

  /** Rejects with a `ClosedError` after `close()`. */
  async write(batch: readonly Item[], options: { readonly signal?: AbortSignal } = {}): Promise<void> {
    if (this.#closed) throw new ClosedError(`the sink ${this.name}`);
    options.signal?.throwIfAborted();
    for (const record of batch) this.#records.push(record);
    // Cut back at twice the capacity, so that forgetting costs nothing to speak of.
    if (this.#records.length <= 2 * this.#capacity) return;
    this.#forgotten += this.#records.length - this.#capacity;
    this.#records = this.#records.slice(-this.#capacity);
  }

  /** Later writes reject; what is kept stays readable. */
  async close(): Promise<void> {
    this.#closed = true;
  }
}
