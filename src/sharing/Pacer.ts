import type { Clock } from '../core/clock.ts';

/** Runs a task again and again, one at a time, and seldom while it fails. */
export class Pacer {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #task: () => Promise<boolean>;
  #cancel: (() => void) | undefined;
  #running: Promise<boolean> | undefined;
  #wanted = false;
  #failures = 0;
  #ended = false;
  #leastMs = 0;

  /** @param task resolves to whether it succeeded; never rejects */
  constructor(clock: Clock, everyMs: number, task: () => Promise<boolean>) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#task = task;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Runs it off the present call, unless it is about to. */
  soon(): void {
    if (this.#ended || this.#wanted) return;
    this.#wanted = true;
    // What is under way will run once more at its end.
    if (this.#running === undefined) this.#schedule(0);
  }

  /** Runs it from its beginning, after the run that is under way. */
  async now(): Promise<boolean> {
    await this.#running;
    return this.#run();
  }

  /** Lets at least so many milliseconds pass until the next run that nobody asked for. */
  atLeast(ms: number): void {
    this.#leastMs = ms;
  }

  /** Waits for the run that is under way; there will be no other. */
  async end(): Promise<void> {
    this.#ended = true;
    this.#cancel?.();
    await this.#running;
  }

  #schedule(ms: number): void {
    this.#cancel?.();
    if (!this.#ended) this.#cancel = this.#clock.schedule(() => void this.#run(), ms);
  }

  #run(): Promise<boolean> {
    this.#running ??= this.#runOnce();
    return this.#running;
  }

  async #runOnce(): Promise<boolean> {
    this.#cancel?.();
    this.#wanted = false;
    const ok = await this.#task();
    this.#failures = ok ? 0 : this.#failures + 1;
    this.#running = undefined;
    const backOff = Math.min(this.#everyMs * 2 ** Math.min(this.#failures, 10), Math.max(this.#everyMs, 5000));
    const pause = ok ? Math.max(this.#everyMs, this.#leastMs) : backOff;
    this.#schedule(ok && this.#wanted ? 0 : pause);
    return ok;
  }
}
