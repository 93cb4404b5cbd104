import type { DropReason } from '../evidence/drops.ts';
import type { QueuedJob } from './ShadowJob.ts';
import { ShadowRing } from './ShadowRing.ts';

/** How much may wait, and what happens beyond. */
export interface QueueRules {
  readonly capacity: number;
  readonly maxBytes: number;
  readonly onFull: 'drop-newest' | 'drop-oldest';
  /** Places for what ran when a snapshot was taken: it waits again after the restart, beside a queue that may be full. */
  readonly concurrency: number;
  /** A job leaves unshadowed. */
  dropped(entry: QueuedJob, reason: DropReason): void;
}

/** The jobs that wait, bounded in number and bytes. */
export class ShadowQueue {
  readonly #rules: QueueRules;
  readonly #ring: ShadowRing<QueuedJob>;
  #bytes = 0;

  constructor(rules: QueueRules) {
    this.#rules = rules;
    this.#ring = new ShadowRing(rules.capacity, rules.concurrency);
  }

  get size(): number {
    return this.#ring.size;
  }

  /** Whether a further job would be dropped, and none for it. */
  get saturated(): boolean {
    return this.#ring.full && this.#rules.onFull === 'drop-newest';
  }

  /** The job that has waited longest, left where it is. */
  peek(): QueuedJob | undefined {
    return this.#ring.peek();
  }

  /** Takes out the job that has waited longest. */
  shift(): QueuedJob | undefined {
    const entry = this.#ring.shift();
    if (entry !== undefined) this.#bytes -= entry.job.bytes;
    return entry;
  }

  /** Takes in a job, or drops one where there is no place. @returns whether it is in */
  offer(entry: QueuedJob): boolean {
    const { bytes } = entry.job;
    // What would not fit into an empty queue must not empty it.
    if (bytes > this.#rules.maxBytes) {
      this.#rules.dropped(entry, 'bytes');
      return false;
    }
    for (let why = this.#refusal(bytes); why !== undefined; why = this.#refusal(bytes)) {
      if (this.#rules.onFull === 'drop-newest') {
        this.#rules.dropped(entry, why);
        return false;
      }
      this.#rules.dropped(this.shift()!, why);
    }
    this.#push(entry);
    return true;
  }

  /** Drops everything that waits. */
  clear(reason: DropReason): void {
    for (let entry = this.shift(); entry !== undefined; entry = this.shift()) this.#rules.dropped(entry, reason);
  }

  /** Takes the place of everything that waits. What finds no place is dropped. */
  replace(entries: readonly QueuedJob[]): void {
    while (this.shift() !== undefined);
    for (const entry of entries) {
      if (this.#ring.packed) this.#rules.dropped(entry, 'full');
      else this.#push(entry);
    }
  }

  /** All that waits, oldest first. */
  entries(): readonly QueuedJob[] {
    const waiting: QueuedJob[] = [];
    for (let i = this.#ring.size; i > 0; i -= 1) {
      const entry = this.#ring.shift()!;
      waiting.push(entry);
      this.#ring.push(entry);
    }
    return waiting;
  }

  #push(entry: QueuedJob): void {
    this.#bytes += entry.job.bytes;
    this.#ring.push(entry);
  }

  #refusal(bytes: number): 'full' | 'bytes' | undefined {
    if (this.#ring.full) return 'full';
    return this.#bytes + bytes > this.#rules.maxBytes ? 'bytes' : undefined;
  }
}
