import type { Clock } from '../core/clock.ts';
import type { Slot } from '../core/dispatch.ts';
import { describeError } from '../core/events.ts';
import type { PassedRequest } from '../core/Model.ts';
import { isThenable } from '../core/perRow.ts';
import { CpuGovernor } from './CpuGovernor.ts';
import type { QueuedJob, ShadowResult } from './ShadowJob.ts';
import { ShadowRing } from './ShadowRing.ts';
import type { DropReason } from './ShadowTally.ts';

/** What a drain needs to know and whom it tells. */
export interface DrainRules {
  readonly clock: Clock;
  readonly capacity: number;
  readonly maxAgeMs: number;
  readonly onFull: 'drop-newest' | 'drop-oldest';
  readonly concurrency: number;
  readonly cpuShare: number;
  readonly timeoutMs: number;
  readonly copy: (input: unknown) => unknown;
  readonly isValid: (prediction: unknown) => boolean;
  /** One shadow is done with a job. Must not throw. */
  done(entry: QueuedJob, shadow: string, result: ShadowResult): void;
  /** A job leaves unshadowed. Must not throw. */
  dropped(entry: QueuedJob, reason: DropReason): void;
}

/** How often a drain that somebody waits for shows the process that it is not over, in milliseconds. */
const BEAT_MS = 1000;

/** How long one turn of the loop may be held before others get theirs, in milliseconds. */
const TURN_MS = 1;

/**
 * Runs shadows behind the scenes: one scheduled drain over a bounded ring, a governor for computing time, a limit on
 * asynchronous calls under way, and a time after which these are given up.
 */
export class ShadowDrain {
  readonly #rules: DrainRules;
  readonly #slots: readonly Slot[];
  readonly #ring: ShadowRing<QueuedJob>;
  readonly #governor: CpuGovernor | undefined;
  readonly #running: Set<QueuedJob> = new Set();
  #calls = 0;
  #cancel: (() => void) | undefined;
  #idle: (() => void)[] = [];

  constructor(slots: readonly Slot[], rules: DrainRules) {
    this.#slots = slots;
    this.#rules = rules;
    this.#ring = new ShadowRing(rules.capacity);
    const { clock, cpuShare } = rules;
    // A tenth of a second of computing may be saved up, so that a quiet service answers its rare requests at once.
    this.#governor = cpuShare >= 1 ? undefined : new CpuGovernor(cpuShare, 100, clock.monotonic());
  }

  /** Jobs that wait or run. */
  get pending(): number {
    return this.#ring.size + this.#running.size;
  }

  /** Every job that is not done, running ones first: they start again after a restart. */
  jobs(): readonly QueuedJob[] {
    const waiting: QueuedJob[] = [];
    for (let i = this.#ring.size; i > 0; i -= 1) {
      const entry = this.#ring.shift()!;
      waiting.push(entry);
      this.#ring.push(entry);
    }
    return [...this.#running, ...waiting];
  }

  /** Takes in a job, or drops one where the ring is full. */
  offer(entry: QueuedJob): void {
    if (this.#ring.full) {
      const { onFull } = this.#rules;
      const victim = onFull === 'drop-newest' ? entry : this.#ring.shift()!;
      this.#rules.dropped(victim, 'full');
      if (victim === entry) return;
    }
    this.#ring.push(entry);
    this.#wake(0);
  }

  /** Drops everything that waits. */
  clear(reason: DropReason): void {
    for (let entry = this.#ring.shift(); entry !== undefined; entry = this.#ring.shift())
      this.#rules.dropped(entry, reason);
    this.#rest();
  }

  /** Resolves when nothing waits or runs any more, or (`deadlineMs`) time is up. The process stays alive meanwhile. */
  idle(deadlineMs: number): Promise<void> {
    if (this.pending === 0) return Promise.resolve();
    const { clock } = this.#rules;
    const until = clock.monotonic() + deadlineMs;
    return new Promise((resolve) => {
      let cancel: () => void = () => undefined;
      const finish = (): void => {
        cancel();
        resolve();
      };
      const beat = (): void => {
        const left = until - clock.monotonic();
        if (left > 0) cancel = clock.schedule(beat, Math.min(left, BEAT_MS), true);
        else finish();
      };
      this.#idle.push(finish);
      beat();
    });
  }

  #wake(ms: number): void {
    this.#cancel ??= this.#rules.clock.schedule(() => {
      this.#cancel = undefined;
      this.#turn();
    }, ms);
  }

  #turn(): void {
    const { clock, concurrency, maxAgeMs } = this.#rules;
    const until = clock.monotonic() + TURN_MS;
    for (let entry = this.#ring.peek(); entry !== undefined; entry = this.#ring.peek()) {
      if (this.#calls >= concurrency) return;
      const wait = this.#governor?.waitMs(clock.monotonic()) ?? 0;
      if (wait > 0) {
        this.#wake(Math.ceil(wait));
        return;
      }
      this.#ring.shift();
      if (clock.now() - entry.queuedAt > maxAgeMs) this.#rules.dropped(entry, 'too-old');
      else this.#run(entry);
      if (clock.monotonic() >= until && this.#ring.size > 0) {
        this.#wake(0);
        return;
      }
    }
    this.#rest();
  }

  #run(entry: QueuedJob): void {
    this.#running.add(entry);
    let left = this.#slots.length;
    for (const slot of this.#slots) {
      this.#call(slot, entry, (result) => {
        this.#rules.done(entry, slot.name, result);
        left -= 1;
        if (left > 0) return;
        this.#running.delete(entry);
        this.#rest();
      });
    }
  }

  #call(slot: Slot, entry: QueuedJob, done: (result: ShadowResult) => void): void {
    const { clock } = this.#rules;
    const started = clock.monotonic();
    const abort = slot.form === 'leaf' ? undefined : new AbortController();
    let value: unknown;
    let later: boolean;
    try {
      const input = this.#slots.length === 1 ? entry.job.input : this.#rules.copy(entry.job.input);
      value = this.#predict(slot, input, entry, abort?.signal);
      later = isThenable(value);
    } catch (error) {
      this.#pay(started);
      done(failure('error', error, clock.monotonic() - started));
      return;
    }
    this.#pay(started);
    if (later) this.#await(slot, value as PromiseLike<unknown>, started, abort, done);
    else done(this.#judge(value, clock.monotonic() - started));
  }

  #await(
    slot: Slot,
    value: PromiseLike<unknown>,
    started: number,
    abort: AbortController | undefined,
    done: (result: ShadowResult) => void,
  ): void {
    const { clock, timeoutMs } = this.#rules;
    this.#calls += 1;
    let open = true;
    const close = (result: ShadowResult): void => {
      if (!open) return;
      open = false;
      cancel();
      this.#calls -= 1;
      done(result);
      if (this.#ring.size > 0) this.#wake(0);
    };
    const cancel = clock.schedule(() => {
      const error = { name: 'ModelTimeoutError', message: `${slot.name} did not answer within ${timeoutMs} ms` };
      close(failure('timeout', error, timeoutMs));
      abort?.abort();
    }, timeoutMs);
    // A promise of its own: a `then` that throws, or answers twice, is no promise.
    Promise.resolve(value).then(
      (prediction) => close(this.#judge(prediction, clock.monotonic() - started)),
      (error: unknown) => close(failure('error', error, clock.monotonic() - started)),
    );
  }

  #predict(slot: Slot, input: unknown, { outcome }: QueuedJob, signal: AbortSignal | undefined): unknown {
    const model = slot.model as { predict(input: unknown, request?: PassedRequest): unknown };
    if (slot.form === 'leaf') return model.predict(input);
    const { requestId, unit, context } = outcome;
    return model.predict(input, {
      ...(requestId === undefined ? {} : { id: requestId }),
      ...(unit === undefined ? {} : { unit }),
      ...(context === undefined ? {} : { context }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  #judge(prediction: unknown, latencyMs: number): ShadowResult {
    return { status: this.#rules.isValid(prediction) ? 'ok' : 'invalid', prediction, error: null, latencyMs };
  }

  #pay(started: number): void {
    const now = this.#rules.clock.monotonic();
    this.#governor?.spend(now - started, now);
  }

  #rest(): void {
    if (this.pending > 0) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}

function failure(status: 'error' | 'timeout', error: unknown, latencyMs: number): ShadowResult {
  return { status, prediction: undefined, error: describeError(error), latencyMs };
}
