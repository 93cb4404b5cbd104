import type { Clock } from '../../core/clock.ts';
import type { Sink } from '../../core/Sink.ts';
import type { ShadowRecord } from '../ShadowRecord.ts';

/** What became of the records that were meant for one sink. */
export interface SinkStatus {
  readonly sink: string;
  /** Records in batches that the sink has kept. */
  readonly written: number;
  /** Records in batches that failed, or that came while too many were waiting. */
  readonly lost: number;
  /** Batches that failed. */
  readonly failures: number;
  /** Records that wait, or are being written. */
  readonly waiting: number;
  /** The hash of the newest batch, where the sink keeps a chained log. */
  readonly head: string | undefined;
}

/** How a writer writes, and whom it tells. `failed` must not throw. */
export interface WriterRules {
  readonly clock: Clock;
  readonly batchSize: number;
  readonly capacity: number;
  readonly writeTimeoutMs: number;
  failed(sink: string, records: number, error: unknown): void;
}

/**
 * Hands batches to one sink, one at a time and in order, and never lets it hold anybody up: what does not fit is lost
 * to this sink, counted and told.
 */
export class SinkWriter {
  readonly #sink: Sink<ShadowRecord>;
  readonly #name: string;
  readonly #rules: WriterRules;
  #queue: ShadowRecord[] = [];
  #writing = 0;
  #written = 0;
  #lost = 0;
  #failures = 0;
  /** Whether the queue is full at present: told once, not with every record. */
  #full = false;
  #current: Promise<void> | undefined;

  constructor(sink: Sink<ShadowRecord>, rules: WriterRules) {
    this.#sink = sink;
    this.#name = sink.name;
    this.#rules = rules;
  }

  /** Takes a record in, or counts it as lost. */
  push(record: ShadowRecord): void {
    if (this.#queue.length + this.#writing >= this.#rules.capacity) {
      this.#lost += 1;
      if (!this.#full) this.#rules.failed(this.#name, 1, new Error('too many records wait for this sink'));
      this.#full = true;
      return;
    }
    this.#full = false;
    this.#queue.push(record);
    if (this.#queue.length >= this.#rules.batchSize) this.kick();
  }

  /** Begins to write what waits, unless a write is under way: then that goes on with it. */
  kick(): void {
    if (this.#current !== undefined || this.#queue.length === 0) return;
    this.#current = this.#writeAll().finally(() => {
      this.#current = undefined;
    });
  }

  /** Writes everything that waits, and lets the sink make it safe. Never rejects. */
  async flush(): Promise<void> {
    this.kick();
    await this.#current;
    await this.#ask('flush');
  }

  /** Flushes, and lets the sink go. Never rejects. */
  async close(): Promise<void> {
    await this.flush();
    await this.#ask('close');
  }

  get status(): SinkStatus {
    return {
      sink: this.#name,
      written: this.#written,
      lost: this.#lost,
      failures: this.#failures,
      waiting: this.#queue.length + this.#writing,
      head: this.#head(),
    };
  }

  toJSON(): { readonly written: number; readonly lost: number; readonly failures: number } {
    // What waits here goes with the process: a snapshot says so beforehand.
    return { written: this.#written, lost: this.#lost, failures: this.#failures };
  }

  load({ written, lost, failures }: ReturnType<SinkWriter['toJSON']>): void {
    this.#written = written;
    this.#lost = lost;
    this.#failures = failures;
  }

  async #writeAll(): Promise<void> {
    const { batchSize } = this.#rules;
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, batchSize);
      // Counted beforehand: the list is the sink's from now on, and it may empty it.
      const { length } = batch;
      this.#writing = length;
      const error = await this.#attempt((signal) => this.#sink.write(batch, { signal }));
      this.#writing = 0;
      if (error === undefined) this.#written += length;
      else this.#fail(length, error.cause);
    }
  }

  async #ask(method: 'flush' | 'close'): Promise<void> {
    const error = await this.#attempt(() => this.#sink[method]?.() ?? Promise.resolve());
    if (error !== undefined) this.#fail(0, error.cause);
  }

  #fail(records: number, error: unknown): void {
    this.#lost += records;
    this.#failures += 1;
    this.#rules.failed(this.#name, records, error);
  }

  /** What went wrong, if anything: a throw, a rejection, or no end within the time. */
  #attempt(task: (signal: AbortSignal) => Promise<void>): Promise<{ readonly cause: unknown } | undefined> {
    const { clock, writeTimeoutMs } = this.#rules;
    const abort = new AbortController();
    return new Promise((resolve) => {
      const cancel = clock.schedule(() => {
        resolve({ cause: new Error(`no end after ${writeTimeoutMs} ms`) });
        abort.abort();
      }, writeTimeoutMs);
      const settle = (error?: { readonly cause: unknown }): void => {
        cancel();
        resolve(error);
      };
      try {
        Promise.resolve(task(abort.signal)).then(
          () => settle(),
          (cause: unknown) => settle({ cause }),
        );
      } catch (cause) {
        settle({ cause });
      }
    });
  }

  #head(): string | undefined {
    try {
      const head = (this.#sink as { head?: () => unknown }).head?.();
      return typeof head === 'string' ? head : undefined;
    } catch {
      return undefined;
    }
  }
}
