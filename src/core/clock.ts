import { checkFinite } from './check.ts';

/** The only source of time. Injected, so that a test, a replay or a simulation owns it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** A reading that never goes back, in milliseconds with fractions: for latencies. */
  monotonic(): number;
  /**
   * Runs `task` once, about `ms` milliseconds from now.
   * @param keepAlive whether the process waits for it; @defaultValue false
   * @returns cancels it
   */
  schedule(task: () => void, ms: number, keepAlive?: boolean): () => void;
}

/** Timers beyond this fire at once on every platform (a signed 32-bit integer of milliseconds, 24.8 days). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The platform's clock: the default everywhere. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule: (task, ms, keepAlive = false) => {
    const timer: unknown = setTimeout(task, Math.min(ms, LONGEST_TIMER_MS));
    // Node's timer objects keep the process alive unless told otherwise; browsers return a number.
    if (!keepAlive && typeof timer === 'object' && timer !== null && 'unref' in timer) {
      (timer as { unref(): void }).unref();
    }
    return () => clearTimeout(timer as number);
  },
};

/**
 * A clock that stands still until it is told to move: for tests, replays and simulations.
 *
 * @example
 * const clock = new ManualClock(0);
 * clock.schedule(() => console.log('ten'), 10);
 * clock.advance(10); // prints ten
 */
export class ManualClock implements Clock {
  #now: number;
  #tasks: { readonly at: number; readonly task: () => void }[] = [];

  /** @param start milliseconds since the epoch; @defaultValue 0 */
  constructor(start = 0) {
    this.#now = checkFinite('start', start);
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  schedule(task: () => void, ms: number): () => void {
    const entry = { at: this.#now + Math.max(0, ms), task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  /** Moves time forward and runs what falls due, in the order of its time. @throws InvalidOptionError if `ms` is negative */
  advance(ms: number): void {
    const until = this.#now + checkFinite('ms', ms, { ge: 0 });
    for (;;) {
      const due = this.#tasks.filter((entry) => entry.at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#tasks = this.#tasks.filter((entry) => entry !== due);
      this.#now = Math.max(this.#now, due.at);
      due.task();
    }
    this.#now = until;
  }
}

/** A clock has these three methods. */
export function isClock(value: unknown): value is Clock {
  const clock = value as Clock | undefined;
  return (
    typeof clock?.now === 'function' && typeof clock.monotonic === 'function' && typeof clock.schedule === 'function'
  );
}
