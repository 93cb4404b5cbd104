import type { Clock } from '../../core/clock.ts';
import type { Slot } from '../../core/dispatch.ts';
import type { PassedRequest } from '../../core/Model.ts';
import { isThenable } from '../../core/perRow.ts';
import type { DropReason } from '../evidence/ShadowTally.ts';
import { CpuGovernor } from './CpuGovernor.ts';
import { describeFailure } from './describeFailure.ts';
import type { QueuedJob, ShadowResult } from './ShadowJob.ts';
import { ShadowRing } from './ShadowRing.ts';

/** What a drain needs to know and whom it tells. What it tells must not throw. */
export interface DrainRules {
  readonly clock: Clock;
  readonly capacity: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly onFull: 'drop-newest' | 'drop-oldest';
  readonly concurrency: number;
  readonly cpuShare: number;
  readonly timeoutMs: number;
  readonly copy: (input: unknown) => unknown;
  readonly isValid: (prediction: unknown) => boolean;
  /** The order in which a request's shadows run: a permutation of 0 … n - 1. */
  readonly order: (n: number) => readonly number[];
  /** A job is about to run: its input is still as it was served. */
  prepare(entry: QueuedJob): void;
  /** One shadow is done with a job. */
  done(entry: QueuedJob, shadow: string, result: ShadowResult): void;
  /** The primary was asked a second time. */
  noise(entry: QueuedJob, result: ShadowResult): void;
  /** A job leaves unshadowed, or one of its shadows is given up. */
  dropped(entry: QueuedJob, reason: DropReason, shadow?: string): void;
  /** A shadow holds this loop for longer than is good for production. */
  expensive(shadow: string, meanMs: number): void;
}

/** How often a drain that somebody waits for shows the process that it is not over, in milliseconds. */
const BEAT_MS = 1000;

/** How long one turn of the loop may be held before others get theirs, in milliseconds. */
const TURN_MS = 1;

/** So many synchronous calls tell what a shadow costs. */
const COSTING_CALLS = 20;

/** What a shadow's synchronous calls have cost so far. */
interface Cost {
  calls: number;
  ms: number;
  told: boolean;
}

/**
 * Runs shadows behind the scenes: one scheduled drain over a bounded ring, a governor for computing time, a limit on
 * asynchronous calls under way, and a time after which these are given up.
 */
export class ShadowDrain {
  readonly #rules: DrainRules;
  readonly #slots: readonly Slot[];
  readonly #primary: Slot;
  readonly #ring: ShadowRing<QueuedJob>;
  readonly #governor: CpuGovernor | undefined;
  readonly #running: Set<QueuedJob> = new Set();
  readonly #giveUp: Set<() => void> = new Set();
  readonly #costs: Map<string, Cost>;
  #bytes = 0;
  #cancel: (() => void) | undefined;
  #idle: (() => void)[] = [];

  constructor(slots: readonly Slot[], primary: Slot, rules: DrainRules) {
    this.#slots = slots;
    this.#primary = primary;
    this.#rules = rules;
    // What runs when a snapshot is taken waits again after the restart, beside a queue that may be full.
    this.#ring = new ShadowRing(rules.capacity, rules.concurrency);
    this.#costs = new Map(slots.map(({ name }) => [name, { calls: 0, ms: 0, told: false }]));
    const { clock, cpuShare } = rules;
    // A tenth of a second of computing may be saved up, so that a quiet service answers its rare requests at once.
    this.#governor = cpuShare >= 1 ? undefined : new CpuGovernor(cpuShare, 100, clock.monotonic());
  }

  /** Jobs that wait or run. */
  get pending(): number {
    return this.#ring.size + this.#running.size;
  }

  /** Whether a further job would be dropped, and none for it. */
  get saturated(): boolean {
    return this.#ring.full && this.#rules.onFull === 'drop-newest';
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
    const { onFull, maxBytes } = this.#rules;
    const { bytes } = entry.job;
    const reason = (): 'full' | 'bytes' | undefined =>
      this.#ring.full ? 'full' : this.#bytes + bytes > maxBytes ? 'bytes' : undefined;
    for (let why = reason(); why !== undefined; why = reason()) {
      if (onFull === 'drop-newest' || this.#ring.size === 0) {
        this.#rules.dropped(entry, why);
        return;
      }
      this.#rules.dropped(this.#shift()!, why);
    }
    this.#bytes += bytes;
    this.#ring.push(entry);
    this.#wake(0);
  }

  /** Drops everything that waits; `running` calls are given up as well. */
  clear(reason: DropReason, running = false): void {
    for (let entry = this.#shift(); entry !== undefined; entry = this.#shift()) this.#rules.dropped(entry, reason);
    if (running) for (const giveUp of [...this.#giveUp]) giveUp();
    this.#rest();
  }

  /** Takes the place of everything that waits, with what waited or ran elsewhere. What finds no place is dropped. */
  resume(entries: readonly QueuedJob[]): void {
    while (this.#shift() !== undefined);
    for (const entry of entries) {
      if (this.#ring.packed) {
        this.#rules.dropped(entry, 'full');
        continue;
      }
      this.#bytes += entry.job.bytes;
      this.#ring.push(entry);
    }
    if (entries.length > 0) this.#wake(0);
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

  #shift(): QueuedJob | undefined {
    const entry = this.#ring.shift();
    if (entry !== undefined) this.#bytes -= entry.job.bytes;
    return entry;
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
      if (this.#giveUp.size >= concurrency) return;
      const wait = this.#governor?.waitMs(clock.monotonic()) ?? 0;
      if (wait > 0) {
        this.#wake(Math.ceil(wait));
        return;
      }
      this.#shift();
      if (clock.now() - entry.queuedAt > maxAgeMs) this.#rules.dropped(entry, 'too-old');
      else this.#run(entry);
      if (clock.monotonic() >= until && this.#ring.size > 0) {
        this.#wake(0);
        return;
      }
    }
    this.#rest();
  }

  /**
   * All shadows of one job that are still to run. What comparing costs is paid for as well: it holds the loop all the
   * same.
   */
  #run(entry: QueuedJob): void {
    const { job } = entry;
    const started = this.#rules.clock.monotonic();
    this.#running.add(entry);
    this.#rules.prepare(entry);
    const slots = this.#rules.order(this.#slots.length).map((i) => this.#slots[i]!);
    // After a restart some may have run already.
    const open = slots.filter(({ name }) => job.results[name] === undefined);
    // One more than there are calls: the job is over when all of them are, and at once where there are none.
    let left = open.length + (job.noise ? 1 : 0) + 1;
    const finish = (): void => {
      left -= 1;
      if (left > 0) return;
      this.#running.delete(entry);
      this.#rest();
    };
    if (job.noise) {
      this.#call(this.#primary, entry, (result) => {
        job.noise = false;
        if (result !== undefined) this.#rules.noise(entry, result);
        finish();
      });
    }
    for (const slot of open) {
      this.#call(slot, entry, (result) => {
        if (result === undefined) this.#rules.dropped(entry, 'stopped', slot.name);
        else this.#rules.done(entry, slot.name, result);
        finish();
      });
    }
    finish();
    this.#pay(started);
  }

  #call(slot: Slot, entry: QueuedJob, done: (result: ShadowResult | undefined) => void): void {
    const { clock, timeoutMs } = this.#rules;
    const abort = slot.form === 'leaf' ? undefined : new AbortController();
    // Where nobody else reads the input, it needs no copy of its own.
    const alone = this.#slots.length === 1 && !entry.job.noise;
    let started = clock.monotonic();
    let value: unknown;
    let later: boolean;
    try {
      const input = alone ? entry.job.input : this.#rules.copy(entry.job.input);
      started = clock.monotonic();
      value = this.#predict(slot, input, entry, abort?.signal);
      later = isThenable(value);
    } catch (error) {
      done(failure('error', error, clock.monotonic() - started));
      return;
    }
    const latencyMs = clock.monotonic() - started;
    if (later) this.#await(slot, value as PromiseLike<unknown>, started, abort, done);
    else {
      this.#note(slot.name, latencyMs);
      done(latencyMs > timeoutMs ? overdue(slot.name, timeoutMs, latencyMs) : this.#judge(value, latencyMs));
    }
  }

  #await(
    slot: Slot,
    value: PromiseLike<unknown>,
    started: number,
    abort: AbortController | undefined,
    done: (result: ShadowResult | undefined) => void,
  ): void {
    const { clock, timeoutMs } = this.#rules;
    let open = true;
    const close = (result: ShadowResult | undefined): void => {
      if (!open) return;
      open = false;
      cancel();
      this.#giveUp.delete(giveUp);
      const before = clock.monotonic();
      done(result);
      this.#pay(before);
      if (this.#ring.size > 0) this.#wake(0);
    };
    const giveUp = (): void => {
      close(undefined);
      abort?.abort();
    };
    this.#giveUp.add(giveUp);
    const cancel = clock.schedule(() => {
      close(overdue(slot.name, timeoutMs, timeoutMs));
      abort?.abort();
    }, timeoutMs);
    // A promise of its own, resolved with it: a `then` that throws, or answers twice, is no promise, and neither is one
    // whose `constructor` cannot be read (`Promise.resolve` would read it, and hand back the very promise).
    new Promise((resolve) => resolve(value)).then(
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

  #note(shadow: string, ms: number): void {
    const cost = this.#costs.get(shadow);
    if (cost === undefined || cost.told) return;
    cost.calls += 1;
    cost.ms += ms;
    if (cost.calls < COSTING_CALLS || cost.ms / cost.calls <= TURN_MS) return;
    cost.told = true;
    this.#rules.expensive(shadow, cost.ms / cost.calls);
  }

  #pay(started: number): void {
    if (this.#governor === undefined) return;
    const now = this.#rules.clock.monotonic();
    this.#governor.spend(now - started, now);
  }

  #rest(): void {
    if (this.pending > 0) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}

function failure(status: 'error' | 'timeout', error: unknown, latencyMs: number): ShadowResult {
  return { status, prediction: undefined, error: describeFailure(error), latencyMs };
}

function overdue(name: string, timeoutMs: number, latencyMs: number): ShadowResult {
  const message = `${name} did not answer within ${timeoutMs} ms`;
  return { status: 'timeout', prediction: undefined, error: { name: 'ModelTimeoutError', message }, latencyMs };
}
