import { InvalidDataError } from '../../core/errors.ts';
import { decodeJson, encodeJson, type Json } from '../../core/json.ts';
import type { AnyModel, Request } from '../../core/Model.ts';
import { abandon } from '../../core/perRow.ts';
import { isStrategy } from '../../core/strategy.ts';
import type { Outcome } from '../../metrics/Outcome.ts';
import type { StrategyRuntime } from '../../metrics/StrategyRuntime.ts';
import { restoreRng } from '../../random/createRng.ts';
import type { Rng, RngState } from '../../random/Rng.ts';
import { shuffle } from '../../random/shuffle.ts';
import { Reader } from '../comparison/Reader.ts';
import { checkCount, type DropReason } from '../evidence/drops.ts';
import type { RecordLog } from '../log/RecordLog.ts';
import type { ResolvedOptions } from '../resolveOptions.ts';
import { isTold, type ShadowEvent } from '../ShadowEvent.ts';
import type { ShadowOptions } from '../ShadowOptions.ts';
import type { Draft, ShadowRecord } from '../ShadowRecord.ts';
import type { ShadowStudy } from '../ShadowStudy.ts';
import { describeFailure } from './describeFailure.ts';
import { inputBytes } from './inputBytes.ts';
import { inputCopier } from './protectInput.ts';
import { ShadowDrain } from './ShadowDrain.ts';
import type { QueuedJob, ShadowJob, ShadowResult } from './ShadowJob.ts';

/** What the flow of jobs is made of. */
export interface JobFlowParts {
  readonly options: ShadowOptions<AnyModel>;
  readonly resolved: ResolvedOptions;
  readonly runtime: StrategyRuntime<ShadowEvent>;
  readonly study: ShadowStudy;
  readonly log: RecordLog;
  /** Whether shadowing is over. */
  readonly stopped: () => boolean;
  /** A random stream by label. */
  stream(label: string): Rng;
}

interface SavedFlow {
  readonly queue: readonly Json[];
  readonly order: RngState;
  readonly noise: RngState;
  readonly serial: number;
}

/**
 * The way of a sampled request: copied, answered by the primary, queued, answered by the shadows, compared, joined with
 * its truth. Nothing in it throws.
 */
export class JobFlow {
  readonly #parts: JobFlowParts;
  readonly #reader: Reader;
  readonly #copy: (input: unknown) => unknown;
  readonly #drain: ShadowDrain;
  #order: Rng;
  #noise: Rng;
  #serial = 0;

  constructor(parts: JobFlowParts) {
    const { options, runtime } = parts;
    this.#parts = parts;
    this.#reader = new Reader(options, (where, task) => runtime.events.guard(where, task));
    this.#copy = inputCopier(options.input ?? 'shallow');
    this.#order = parts.stream('order');
    this.#noise = parts.stream('noise');
    this.#drain = this.#createDrain();
  }

  /** What waits for the shadows, or is with them. */
  get drain(): ShadowDrain {
    return this.#drain;
  }

  /** A job for a request that was picked; undefined, and counted, where something speaks against it. */
  admit(input: unknown, request: Request, sampleRate: number): ShadowJob | undefined {
    const { options, runtime, resolved } = this.#parts;
    const { runIf } = options;
    if (runIf !== undefined && runtime.events.guard('runIf', () => runIf(input as never, request)) !== true) {
      return this.#skip('run-if', input, request);
    }
    // What there is no place for is not even copied.
    if (this.#drain.saturated) return this.#skip('full', input, request);
    try {
      const copy = this.#copy(input);
      if (typeof options.input === 'function' && copy !== input && abandon(copy))
        throw new InvalidDataError('input', copy, 'a copy, not a promise of it');
      const { noiseRate, queue } = resolved;
      const noise = noiseRate > 0 && this.#noise.next() < noiseRate;
      const bytes = queue.maxBytes === Number.POSITIVE_INFINITY ? 0 : inputBytes(copy);
      this.#serial += 1;
      const serial = this.#serial;
      return { serial, input: copy, bytes, sampleRate, noise, subgroups: null, logged: null, results: {}, early: null };
    } catch (error) {
      runtime.events.contain('input', error);
      return this.#skip('copy-failed', input, request);
    }
  }

  /** The primary has answered, or failed. */
  settled(outcome: Outcome): void {
    const job = outcome.note as ShadowJob | undefined;
    if (job === undefined || outcome.status === 'cancelled') return;
    const { runtime, study, stopped } = this.#parts;
    const queuedAt = runtime.clock.now();
    study.offer(queuedAt);
    const entry = { job, outcome, queuedAt };
    // The primary may have taken its time: executors and sinks are closed by then.
    if (stopped()) this.#leave(entry, 'stopped', undefined);
    else this.#drain.offer(entry);
  }

  /** The truth has come. */
  joined(outcome: Outcome): void {
    const job = outcome.note as ShadowJob | undefined;
    if (job === undefined || job === null) return;
    const { names } = this.#parts.study;
    for (const name of names) {
      const result = job.results[name];
      if (result) this.#take(this.#reader.truth(name, outcome, result, job));
    }
    if (Object.keys(job.results).length < names.length) job.early = { truth: outcome.truth };
  }

  toJSON(): Json {
    const state: SavedFlow = {
      queue: this.#drain.jobs().map(({ job, outcome, queuedAt }) => {
        const error = outcome.status === 'error' ? describeFailure(outcome.error) : undefined;
        return encodeJson({ job, queuedAt, outcome: { ...outcome, note: undefined, error } });
      }),
      order: this.#order.state(),
      noise: this.#noise.state(),
      serial: this.#serial,
    };
    return state as unknown as Json;
  }

  load(json: Json): void {
    const { queue, order, noise, serial } = json as unknown as SavedFlow;
    this.#order = restoreRng(order);
    this.#noise = restoreRng(noise);
    this.#serial = checkCount('jobs', serial);
    // A job and the note of its waiting outcome are one object, so that the truth finds the results.
    const notes = new Map<number, ShadowJob>();
    for (const { note } of this.#parts.runtime.waiting()) {
      const job = note as ShadowJob | undefined | null;
      if (job) notes.set(job.serial, job);
    }
    const entries = queue.map((entry) => {
      const { job, outcome, queuedAt } = decodeJson(entry) as QueuedJob;
      const shared = notes.get(job.serial) ?? job;
      return { job: shared, outcome: { ...outcome, note: shared }, queuedAt };
    });
    this.#drain.resume(entries);
  }

  /** A request that was picked and then left out; what groups it was of, the input itself must say. */
  #skip(reason: DropReason, input: unknown, { context }: Request): undefined {
    const { study, runtime } = this.#parts;
    const now = runtime.clock.now();
    const subgroups = this.#reader.subgroups(input, context);
    study.offer(now);
    for (const name of study.names) this.#countDrop(name, reason, now, subgroups);
  }

  /** @param at when it was offered: the share of an hour's requests that were dropped is that of one hour */
  #countDrop(shadow: string, reason: DropReason, at: number, subgroups: Readonly<Record<string, string>>): void {
    const count = this.#parts.study.drop(shadow, reason, at, subgroups);
    if (count === 1 && isTold(reason)) this.#parts.runtime.events.emit({ type: 'dropping', reason });
  }

  #leave(entry: QueuedJob, reason: DropReason, shadow: string | undefined): void {
    const { job, queuedAt } = entry;
    const { study } = this.#parts;
    job.subgroups ??= this.#reader.subgroups(job.input, entry.outcome.context);
    for (const name of shadow === undefined ? study.names : [shadow]) {
      // After a restart some may have run already.
      if (job.results[name] !== undefined) continue;
      job.results[name] = null;
      this.#countDrop(name, reason, queuedAt, job.subgroups);
    }
    if (shadow === undefined) job.noise = false;
    this.#release(job);
  }

  #done(entry: QueuedJob, name: string, result: ShadowResult): void {
    const { job, outcome } = entry;
    const { events } = this.#parts.runtime;
    const draft = this.#reader.comparison(name, entry, result);
    this.#take(draft);
    job.results[name] = result;
    if (events.wants('shadowed')) {
      const { status, latencyMs } = result;
      const { comparison } = draft;
      events.emit({ type: 'shadowed', requestId: outcome.requestId, shadow: name, status, comparison, latencyMs });
    }
    if (job.early !== null) this.#learn(name, { ...outcome, truth: job.early.truth }, result, job);
    this.#release(job);
  }

  /** A truth that came before the shadow did: a strategy that was used as one learns from it now. */
  #learn(name: string, outcome: Outcome, result: ShadowResult, job: ShadowJob): void {
    this.#take(this.#reader.truth(name, outcome, result, job));
    const { model } = this.#parts.runtime.slots[name]!;
    if (isStrategy(model) && outcome.requestId !== undefined) model.record(outcome.requestId, outcome.truth);
  }

  /** The copy of the input goes once nobody will ask for it any more. */
  #release(job: ShadowJob): void {
    if (!job.noise && Object.keys(job.results).length >= this.#parts.study.names.length) job.input = undefined;
  }

  #take(draft: Draft<ShadowRecord>): void {
    this.#parts.study.observe(draft);
    this.#parts.log.append(draft);
  }

  #createDrain(): ShadowDrain {
    const { resolved, runtime } = this.#parts;
    const { queue, cpuShare, shadowTimeoutMs, shadows, isValid } = resolved;
    const { events, clock } = runtime;
    const slots = Object.keys(shadows).map((name) => runtime.slots[name]!);
    const single: readonly number[] = [0];
    return new ShadowDrain(slots, runtime.slots.primary!, {
      ...queue,
      clock,
      cpuShare,
      timeoutMs: shadowTimeoutMs,
      copy: this.#copy,
      isValid: (prediction) => events.guard('isValid', () => isValid(prediction)) ?? true,
      // Whoever always runs first pays for cold caches: the order is drawn anew for every request.
      order: (n) =>
        n === 1
          ? single
          : shuffle(
              this.#order,
              Array.from({ length: n }, (_, i) => i),
            ),
      prepare: (entry) => this.#reader.prepare(entry),
      done: (entry, shadow, result) => this.#done(entry, shadow, result),
      noise: (entry, result) => {
        this.#take(this.#reader.noise(entry, result));
        this.#release(entry.job);
      },
      dropped: (entry, reason, shadow) => this.#leave(entry, reason, shadow),
      expensive: (shadow, meanMs) => events.emit({ type: 'expensive', shadow, meanMs }),
    });
  }
}
