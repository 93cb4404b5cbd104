import type { Clock } from '../../core/clock.ts';
import type { Slot } from '../../core/dispatch.ts';
import type { DropReason } from '../evidence/drops.ts';
import { CpuGovernor } from './CpuGovernor.ts';
import { type CallRules, ShadowCalls } from './ShadowCalls.ts';
import { ShadowCosts } from './ShadowCosts.ts';
import type { QueuedJob, ShadowResult } from './ShadowJob.ts';
import { type QueueRules, ShadowQueue } from './ShadowQueue.ts';

/** What a drain needs to know and whom it tells. What it tells must not throw. */
export interface DrainRules extends Omit<QueueRules, 'dropped'>, Omit<CallRules, 'held' | 'closed'> {
  readonly clock: Clock;
  readonly maxAgeMs: number;
  readonly cpuShare: number;
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

/**
 * Runs shadows behind the scenes: one scheduled drain over a bounded ring, a governor for computing time, a limit on
 * asynchronous calls under way, and a time after which these are given up.
 */
export class ShadowDrain {
  readonly #rules: DrainRules;
  readonly #slots: readonly Slot[];
  readonly #primary: Slot;
  readonly #queue: ShadowQueue;
  readonly #calls: ShadowCalls;
  readonly #governor: CpuGovernor | undefined;
  readonly #running: Set<QueuedJob> = new Set();
  #cancel: (() => void) | undefined;
  readonly #idle: Set<() => void> = new Set();

  constructor(slots: readonly Slot[], primary: Slot, rules: DrainRules) {
    this.#slots = slots;
    this.#primary = primary;
    this.#rules = rules;
    this.#queue = new ShadowQueue(rules);
    const names = slots.map(({ name }) => name);
    const costs = new ShadowCosts(names, TURN_MS, (shadow, meanMs) => rules.expensive(shadow, meanMs));
    this.#calls = new ShadowCalls({
      ...rules,
      held: (model, ms) => costs.push(model, ms),
      closed: (finish) => this.#closed(finish),
    });
    const { clock, cpuShare } = rules;
    // A tenth of a second of computing may be saved up, so that a quiet service answers its rare requests at once.
    this.#governor = cpuShare >= 1 ? undefined : new CpuGovernor(cpuShare, 100, clock.monotonic());
  }

  /** Jobs that wait or run. */
  get pending(): number {
    return this.#queue.size + this.#running.size;
  }

  /** Whether a further job would be dropped, and none for it. */
  get saturated(): boolean {
    return this.#queue.saturated;
  }

  /** Every job that is not done, running ones first: they start again after a restart. */
  jobs(): readonly QueuedJob[] {
    return [...this.#running, ...this.#queue.entries()];
  }

  /** Takes in a job, or drops one where there is no place. */
  offer(entry: QueuedJob): void {
    if (this.#queue.offer(entry)) this.#wake(0);
  }

  /** Drops everything that waits; `running` calls are given up as well. */
  clear(reason: DropReason, running = false): void {
    this.#queue.clear(reason);
    if (running) this.#calls.giveUp();
    this.#rest();
  }

  /** Takes the place of everything that waits, with what waited or ran elsewhere. What finds no place is dropped. */
  resume(entries: readonly QueuedJob[]): void {
    this.#queue.replace(entries);
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
        this.#idle.delete(finish);
        cancel();
        resolve();
      };
      const beat = (): void => {
        const left = until - clock.monotonic();
        if (left > 0) cancel = clock.schedule(beat, Math.min(left, BEAT_MS), true);
        else finish();
      };
      this.#idle.add(finish);
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
    for (let entry = this.#queue.peek(); entry !== undefined; entry = this.#queue.peek()) {
      if (this.#calls.running >= concurrency) return;
      const wait = this.#governor?.waitMs(clock.monotonic()) ?? 0;
      if (wait > 0) {
        this.#wake(Math.ceil(wait));
        return;
      }
      this.#queue.shift();
      if (clock.now() - entry.queuedAt > maxAgeMs) this.#rules.dropped(entry, 'too-old');
      else this.#run(entry);
      if (clock.monotonic() >= until && this.#queue.size > 0) {
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
      this.#calls.call(this.#primary, entry, false, (result) => {
        job.noise = false;
        if (result !== undefined) this.#rules.noise(entry, result);
        finish();
      });
    }
    for (const slot of open) {
      // Where nobody else reads the input any more, it needs no copy of its own.
      const alone = this.#slots.length === 1 && !job.noise;
      this.#calls.call(slot, entry, alone, (result) => {
        if (result === undefined) this.#rules.dropped(entry, 'stopped', slot.name);
        else this.#rules.done(entry, slot.name, result);
        finish();
      });
    }
    finish();
    this.#pay(started);
  }

  /** What comes after an asynchronous call is paid for, and makes room for the next one. */
  #closed(finish: () => void): void {
    const before = this.#rules.clock.monotonic();
    finish();
    this.#pay(before);
    if (this.#queue.size > 0) this.#wake(0);
  }

  #pay(started: number): void {
    if (this.#governor === undefined) return;
    const now = this.#rules.clock.monotonic();
    this.#governor.spend(now - started, now);
  }

  #rest(): void {
    if (this.pending > 0) return;
    for (const finish of [...this.#idle]) finish();
  }
}
