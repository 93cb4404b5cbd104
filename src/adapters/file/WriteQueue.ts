/** A batch that waits to be written. */
export interface PendingBatch<Item> {
  readonly batch: readonly Item[];
  /** Resolves its write, or rejects it with the error. */
  settle(failure?: { readonly error: unknown }): void;
}

type Task<Item> = PendingBatch<Item> | { readonly run: () => Promise<void> };

/** One thing after the other, in the order of the calls; batches that wait together are handed over together. */
export class WriteQueue<Item> {
  readonly #together: number;
  readonly #keep: (group: readonly PendingBatch<Item>[]) => Promise<void>;
  #tasks: Task<Item>[] = [];
  #waiting = 0;
  #running = false;

  /** @param keep settles every batch that it is given, and never rejects */
  constructor(together: number, keep: (group: readonly PendingBatch<Item>[]) => Promise<void>) {
    this.#together = together;
    this.#keep = keep;
  }

  /** Records that wait behind the work under way. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a batch in. Settles when it is kept or refused, and at once when the signal aborts. */
  push(batch: readonly Item[], signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const task: PendingBatch<Item> = {
        batch: [...batch],
        settle: (failure) => {
          signal?.removeEventListener('abort', abort);
          if (failure === undefined) resolve();
          else reject(failure.error);
        },
      };
      const abort = (): void => {
        const at = this.#tasks.indexOf(task);
        if (at >= 0) {
          this.#tasks.splice(at, 1);
          this.#waiting -= batch.length;
        }
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#tasks.push(task);
      this.#waiting += batch.length;
      void this.#drain();
    });
  }

  /** Runs something after all that waits, and before what comes later. */
  after(run: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#tasks.push({ run: () => run().then(resolve, reject) });
      void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#tasks.length > 0) {
      const group = this.#nextGroup();
      if (group.length > 0) await this.#keep(group);
      else await (this.#tasks.shift() as { run: () => Promise<void> }).run();
    }
    this.#running = false;
  }

  /** The batches at the front, up to the size that is written together; none where something else is due. */
  #nextGroup(): readonly PendingBatch<Item>[] {
    let records = 0;
    let taken = 0;
    for (const task of this.#tasks) {
      if ('run' in task || (taken > 0 && records + task.batch.length > this.#together)) break;
      records += task.batch.length;
      taken += 1;
    }
    this.#waiting -= records;
    return this.#tasks.splice(0, taken) as PendingBatch<Item>[];
  }
}
