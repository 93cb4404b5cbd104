import { hashSeed, hashUnit } from '../assignment/index.ts';
import {
  checkFinite,
  checkFunction,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkShare,
} from '../core/check.ts';
import { isAnswer } from '../core/dispatch.ts';
import { InvalidOptionError, SnapshotError, show } from '../core/errors.ts';
import type { ContainedErrorEvent } from '../core/events.ts';
import { decodeJson, encodeJson, type Json } from '../core/json.ts';
import type { AnyModel, InputOf, OutputOf, RecordResult, Request, Story } from '../core/Model.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { isStrategy, type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import type { Metric } from '../metrics/Metric.ts';
import { measure } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import { StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import { PairedMetric } from './PairedMetric.ts';
import { inputCopier } from './protectInput.ts';
import { ShadowDrain } from './ShadowDrain.ts';
import type { ShadowEvent } from './ShadowEvent.ts';
import type { QueuedJob, ShadowJob, ShadowResult } from './ShadowJob.ts';
import { type ShadowOptions, shadowOptionNames } from './ShadowOptions.ts';
import { type DropReason, type ShadowCounts, ShadowTally } from './ShadowTally.ts';
import { sameAnswer } from './sameAnswer.ts';

/** A metric of both models on the same requests. */
export interface ShadowMetric {
  readonly metric: string;
  readonly primary: number | undefined;
  readonly shadow: number | undefined;
  /** Requests on which both have a value. */
  readonly n: number;
}

/** What is known of one shadow beside the primary. */
export interface ShadowComparison extends ShadowCounts {
  readonly shadow: string;
  /** Share of the compared requests on which both gave the same answer; undefined where none was compared. */
  readonly agreement: number | undefined;
  readonly metrics: readonly ShadowMetric[];
  /** Median and 95 % quantile in milliseconds. */
  readonly latencyMs: { readonly primary: LatencySummary; readonly shadow: LatencySummary };
}

/** Two quantiles of a latency, in milliseconds; undefined where there is none. */
export interface LatencySummary {
  readonly p50: number | undefined;
  readonly p95: number | undefined;
}

interface Watched {
  readonly tally: ShadowTally;
  readonly metrics: readonly PairedMetric[];
}

/** By name. */
type SavedMetrics = readonly (readonly [string, Json])[];

interface SavedShadow {
  readonly sampleRate: number;
  readonly stopped: string | null;
  readonly queue: readonly Json[];
  readonly shadows: readonly { readonly name: string; readonly tally: Json; readonly metrics: SavedMetrics }[];
}

/**
 * Lets other models answer production's requests behind its back: the primary's own value, promise or throw is the
 * answer, and nothing that a shadow does reaches the caller. Shadows run later, from a bounded queue, on a copy of
 * the input, within a share of the core.
 *
 * A stateful strategy used as a shadow does learn from the truth.
 *
 * @example
 * const shadow = new ShadowRunner({ primary: production, shadows: { next }, metrics: [rmse()], seed: 42 });
 * const { requestId, prediction } = shadow.serve(row);
 * shadow.record(requestId, measured);
 * await shadow.drain();
 * shadow.compare('next').agreement;
 */
export class ShadowRunner<P extends AnyModel> {
  readonly #runtime: StrategyRuntime<ShadowEvent>;
  readonly #options: ShadowOptions<P>;
  readonly #drain: ShadowDrain;
  readonly #copy: (input: unknown) => unknown;
  readonly #watched: Map<string, Watched> = new Map();
  readonly #sampleSeed: number;
  readonly #expiresAt: number;
  #sampleRate: number;
  #stopped: string | undefined;

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: ShadowOptions<P>) {
    checkOptions('options', options, shadowOptionNames);
    const shadows = checkShadows(options.shadows);
    this.#options = options;
    this.#runtime = new StrategyRuntime<ShadowEvent>(options, {
      kind: 'shadow',
      version: 1,
      models: { primary: options.primary, ...shadows },
      transient: ['shadowed'],
      settled: (outcome) => this.#settled(outcome),
      joined: (outcome) => this.#joined(outcome),
      save: () => this.#save() as unknown as Json,
      load: (state) => this.#load(state as unknown as SavedShadow),
    });
    for (const name of Object.keys(shadows)) this.#watched.set(name, this.#watch(name));
    this.#sampleRate = checkShare('sampleRate', options.sampleRate ?? 1);
    this.#sampleSeed = hashSeed('shadow', this.#runtime.name);
    this.#copy = inputCopier(options.input ?? 'shallow');
    this.#expiresAt = checkExpiry(options.expiresAt);
    this.#drain = this.#createDrain(options);
    for (const hook of ['runIf', 'compare', 'ignore'] as const) {
      if (options[hook] !== undefined) checkFunction(hook, options[hook]);
    }
  }

  /** What strategies say to one another; not for users. */
  get [strategyMark](): StrategyProtocol {
    return this.#runtime.protocol;
  }

  /** The strategy's name. */
  get name(): string {
    return this.#runtime.name;
  }

  /** Answers like the primary: its own value, promise or throw. */
  predict(input: InputOf<P>, request: Request = {}): OutputOf<P> {
    const job = this.#sample(input, request);
    return this.#runtime.predict({ variant: 'primary', note: job }, input, request) as OutputOf<P>;
  }

  /** Answers like the primary, with the story. */
  serve(input: InputOf<P>, request: Request = {}): Story<OutputOf<P>> {
    const job = this.#sample(input, request);
    return this.#runtime.serve({ variant: 'primary', note: job }, input, request) as Story<OutputOf<P>>;
  }

  /** Records the truth of a request: the metrics of all models on it. */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#runtime.record(requestId, truth);
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends ShadowEvent['type'] | 'contained-error' | '*'>(
    type: T,
    listener: (
      event: T extends '*'
        ? ShadowEvent | ContainedErrorEvent
        : Extract<ShadowEvent | ContainedErrorEvent, { type: T }>,
    ) => void,
  ): () => void {
    return this.#runtime.events.on(type, listener as never);
  }

  /** How a shadow compares with the primary so far. @throws InvalidOptionError if there is no such shadow */
  compare(shadow: string): ShadowComparison {
    const { tally, metrics } = this.#find(shadow);
    const counts = tally.summary();
    return {
      shadow,
      ...counts,
      agreement: counts.compared === 0 ? undefined : counts.agreed / counts.compared,
      metrics: metrics.map(({ metric, primary, shadow: candidate, pairs }) => ({
        metric: metric.name,
        primary: primary.value,
        shadow: candidate.value,
        n: pairs.n,
      })),
      latencyMs: { primary: quantiles(tally.primaryLatency), shadow: quantiles(tally.shadowLatency) },
    };
  }

  /** Changes the share of requests that is shadowed, from the next request on. @throws InvalidOptionError */
  setSampleRate(sampleRate: number, actor = 'system'): void {
    this.#sampleRate = checkShare('sampleRate', sampleRate);
    this.#runtime.events.emit({ type: 'sample-rate', reason: `set to ${sampleRate}`, actor });
  }

  /** Ends shadowing: what waits is dropped and counted, the primary goes on alone. */
  stop(reason = 'stopped', actor = 'system'): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = reason;
    this.#drain.clear('stopped');
    this.#runtime.events.emit({ type: 'stopped', reason, actor });
  }

  /** Whether the primary runs alone, because the time is over or somebody stopped it. */
  get stopped(): boolean {
    this.#checkExpiry();
    return this.#stopped !== undefined;
  }

  /**
   * Resolves when no request waits for its shadows any more, or when time is up, with the number of those that still
   * wait. The governor goes on governing: a long queue at a small `cpuShare` takes its time.
   *
   * @param options `deadlineMs`: how long to wait at most, in milliseconds; @defaultValue no limit
   */
  async drain({ deadlineMs = Number.POSITIVE_INFINITY }: { readonly deadlineMs?: number } = {}): Promise<{
    readonly pending: number;
  }> {
    await this.#drain.idle(checkNumber('deadlineMs', deadlineMs, { ge: 0 }));
    return { pending: this.#drain.pending };
  }

  /** The last events, oldest first. */
  get history(): readonly (ShadowEvent | ContainedErrorEvent)[] {
    return this.#runtime.events.log;
  }

  /** The whole state, requests that wait for their shadows included. */
  snapshot(): Snapshot {
    return this.#runtime.snapshot();
  }

  /** A runner that goes on from a snapshot; the models are handed in again. @throws SnapshotError */
  static restore<P extends AnyModel>(snapshot: Snapshot, options: ShadowOptions<P>): ShadowRunner<P> {
    const runner = new ShadowRunner(options);
    runner[strategyMark].load(snapshot);
    return runner;
  }

  #checkExpiry(): void {
    if (this.#stopped !== undefined || this.#runtime.clock.now() < this.#expiresAt) return;
    this.#stopped = 'expired';
    this.#drain.clear('stopped');
    this.#runtime.events.emit({ type: 'expired', reason: `expired at ${this.#expiresAt}` });
  }

  /** A job where the request is to be shadowed. Whatever goes wrong here means: no shadow. */
  #sample(input: InputOf<P>, request: Request): ShadowJob | undefined {
    this.#checkExpiry();
    if (this.#stopped !== undefined || !this.#picks(request)) return undefined;
    const { runIf } = this.#options;
    const { events } = this.#runtime;
    if (runIf !== undefined && events.guard('runIf', () => runIf(input, request)) !== true) {
      this.#skip('run-if');
      return undefined;
    }
    try {
      return { input: this.#copy(input), results: {}, early: null };
    } catch (error) {
      events.contain('input', error);
      this.#skip('copy-failed');
      return undefined;
    }
  }

  #picks({ id }: Request): boolean {
    if (this.#sampleRate >= 1) return true;
    if (this.#sampleRate <= 0) return false;
    const draw = id === undefined ? this.#runtime.rng.next() : hashUnit(id, this.#sampleSeed) / 2 ** 32;
    return draw < this.#sampleRate;
  }

  /** A request that was picked and then left out. */
  #skip(reason: DropReason): void {
    for (const { tally } of this.#watched.values()) tally.counts.offered += 1;
    this.#countDrop(reason);
  }

  #countDrop(reason: DropReason): void {
    const first = [...this.#watched.values()].every(({ tally }) => tally.dropped[reason] === 0);
    for (const { tally } of this.#watched.values()) tally.dropped[reason] += 1;
    const told = reason !== 'run-if' && reason !== 'stopped';
    if (first && told) this.#runtime.events.emit({ type: 'dropping', reason });
  }

  #settled(outcome: Outcome): void {
    const job = outcome.note as ShadowJob | undefined;
    if (job === undefined || outcome.status === 'cancelled') return;
    for (const { tally } of this.#watched.values()) tally.counts.offered += 1;
    this.#drain.offer({ job, outcome, queuedAt: this.#runtime.clock.now() });
  }

  #leave({ job }: QueuedJob, reason: DropReason): void {
    job.input = undefined;
    for (const name of this.#watched.keys()) job.results[name] = null;
    this.#countDrop(reason);
  }

  #done({ job, outcome }: QueuedJob, name: string, result: ShadowResult): void {
    const { tally, metrics } = this.#watched.get(name)!;
    const comparison = this.#compareAnswers(outcome, result);
    tally.counts[comparison] += 1;
    if (result.status === 'error') tally.counts.shadowErrors += 1;
    if (result.status === 'timeout') tally.counts.shadowTimeouts += 1;
    if (result.status === 'invalid') tally.counts.shadowInvalid += 1;
    if (outcome.status === 'ok') tally.primaryLatency.push(outcome.latencyMs);
    if (result.status === 'ok') tally.shadowLatency.push(result.latencyMs);
    const { status, latencyMs } = result;
    job.results[name] = result;
    this.#measure(metrics, 'serve', outcome, result);
    if (this.#runtime.events.wants('shadowed')) {
      this.#runtime.events.emit({
        type: 'shadowed',
        requestId: outcome.requestId,
        shadow: name,
        status,
        comparison,
        latencyMs,
      });
    }
    if (job.early !== null) this.#late(name, { ...outcome, truth: job.early.truth }, result);
    if (Object.keys(job.results).length === this.#watched.size) job.input = undefined;
  }

  #late(name: string, outcome: Outcome, result: ShadowResult): void {
    this.#measure(this.#watched.get(name)!.metrics, 'truth', outcome, result);
    const { model } = this.#runtime.slots[name]!;
    if (isStrategy(model) && outcome.requestId !== undefined) model.record(outcome.requestId, outcome.truth);
  }

  #compareAnswers(outcome: Outcome, result: ShadowResult): 'agreed' | 'disagreed' | 'ignored' | 'incomparable' {
    if (outcome.status !== 'ok' || result.status !== 'ok') return 'incomparable';
    const { compare = sameAnswer, ignore } = this.#options;
    const { events } = this.#runtime;
    const [a, b] = [outcome.prediction, result.prediction] as never[];
    if (events.guard('compare', () => compare(a as never, b as never)) === true) return 'agreed';
    return ignore !== undefined && events.guard('ignore', () => ignore(a as never, b as never)) === true
      ? 'ignored'
      : 'disagreed';
  }

  #joined(outcome: Outcome): void {
    const job = outcome.note as ShadowJob | undefined;
    if (job === undefined || job === null) return;
    const { truth } = outcome;
    for (const [name, { metrics }] of this.#watched) {
      const result = job.results[name];
      if (result) this.#measure(metrics, 'truth', outcome, result);
    }
    if (Object.keys(job.results).length < this.#watched.size) job.early = { truth };
  }

  #measure(metrics: readonly PairedMetric[], due: 'serve' | 'truth', outcome: Outcome, result: ShadowResult): void {
    const { status, prediction, latencyMs, error } = result;
    const shadow: Outcome = { ...outcome, status, prediction, latencyMs, error };
    for (const paired of metrics) {
      if (paired.metric.due !== due) continue;
      const value = (of: Outcome) =>
        this.#runtime.events.guard(`metric:${paired.metric.name}`, () => measure(paired.metric, of));
      paired.push(value(outcome), value(shadow));
    }
  }

  #find(shadow: string): Watched {
    const watched = this.#watched.get(shadow);
    if (watched !== undefined) return watched;
    throw new InvalidOptionError('shadow', shadow, `one of ${[...this.#watched.keys()].join(', ')}`);
  }

  #watch(name: string): Watched {
    const metrics = (this.#options.metrics ?? []) as readonly unknown[] as readonly Metric[];
    const stream = this.#runtime.stream(`shadow:${name}`);
    return {
      tally: new ShadowTally(),
      metrics: metrics.map((metric) => new PairedMetric(metric, stream.fork(metric.name))),
    };
  }

  #createDrain({
    queue = {},
    cpuShare = 0.01,
    shadowTimeoutMs = 10_000,
    isValid = isAnswer,
    shadows,
  }: ShadowOptions<P>): ShadowDrain {
    checkOptions('queue', queue, ['capacity', 'maxAgeMs', 'onFull', 'concurrency']);
    const { capacity = 1024, maxAgeMs = 60_000, onFull = 'drop-newest', concurrency = 1 } = queue;
    const { events } = this.#runtime;
    const slots = Object.keys(shadows).map((name) => this.#runtime.slots[name]!);
    return new ShadowDrain(slots, {
      clock: this.#runtime.clock,
      capacity: checkInteger('queue.capacity', capacity, { ge: 1, le: 2 ** 20 }),
      maxAgeMs: checkFinite('queue.maxAgeMs', maxAgeMs, { gt: 0 }),
      onFull: checkOneOf('queue.onFull', onFull, ['drop-newest', 'drop-oldest']),
      concurrency: checkInteger('queue.concurrency', concurrency, { ge: 1 }),
      cpuShare: checkFinite('cpuShare', cpuShare, { gt: 0, le: 1 }),
      timeoutMs: checkFinite('shadowTimeoutMs', shadowTimeoutMs, { gt: 0 }),
      copy: this.#copy,
      isValid: (prediction) => events.guard('isValid', () => isValid(prediction)) ?? true,
      done: (entry, shadow, result) => this.#done(entry, shadow, result),
      dropped: (entry, reason) => this.#leave(entry, reason),
    });
  }

  #save(): SavedShadow {
    return {
      sampleRate: this.#sampleRate,
      stopped: this.#stopped ?? null,
      queue: this.#drain
        .jobs()
        .map(({ job, outcome, queuedAt }) =>
          encodeJson({ job, queuedAt, outcome: { ...outcome, note: undefined, error: undefined } }),
        ),
      shadows: [...this.#watched].map(([name, { tally, metrics }]) => ({
        name,
        tally: tally.toJSON(),
        metrics: metrics.map((paired) => [paired.metric.name, paired.toJSON()] as const),
      })),
    };
  }

  #load({ sampleRate, stopped, queue, shadows }: SavedShadow): void {
    this.#sampleRate = sampleRate;
    this.#stopped = stopped ?? undefined;
    sameNames(
      'shadows',
      [...this.#watched.keys()],
      shadows.map(({ name }) => name),
    );
    for (const saved of shadows) {
      const { tally, metrics } = this.#watched.get(saved.name)!;
      const kept = new Map(saved.metrics);
      sameNames(
        'metrics',
        metrics.map(({ metric }) => metric.name),
        [...kept.keys()],
      );
      tally.load(saved.tally);
      for (const paired of metrics) paired.load(kept.get(paired.metric.name)!);
    }
    // A job and the note of its waiting outcome are one object, so that the truth finds the results.
    const notes = new Map(this.#runtime.waiting().map(({ requestId, note }) => [requestId, note as ShadowJob]));
    for (const json of queue) {
      const { job, outcome, queuedAt } = decodeJson(json) as QueuedJob;
      const shared = notes.get(outcome.requestId) ?? job;
      this.#drain.offer({ job: shared, outcome: { ...outcome, note: shared }, queuedAt });
    }
  }
}

/** @throws SnapshotError unless both have the same names, in whatever order */
function sameNames(what: string, here: readonly string[], saved: readonly string[]): void {
  if (here.length === saved.length && here.every((name) => saved.includes(name))) return;
  throw new SnapshotError(`the snapshot's ${what} must be ${show(here)}, got ${show(saved)}`);
}

function quantiles(sketch: ShadowTally['primaryLatency']): LatencySummary {
  return sketch.n === 0
    ? { p50: undefined, p95: undefined }
    : { p50: sketch.quantile(0.5), p95: sketch.quantile(0.95) };
}

function checkExpiry(expiresAt: number | Date | undefined): number {
  if (expiresAt === undefined) return Number.POSITIVE_INFINITY;
  return checkFinite('expiresAt', expiresAt instanceof Date ? expiresAt.getTime() : expiresAt);
}

function checkShadows(shadows: Readonly<Record<string, AnyModel>>): Readonly<Record<string, AnyModel>> {
  const sound =
    typeof shadows === 'object' && shadows !== null && !Array.isArray(shadows) && Object.keys(shadows).length > 0;
  if (!sound) throw new InvalidOptionError('shadows', shadows, 'an object with at least one shadow');
  if ('primary' in shadows)
    throw new InvalidOptionError('shadows', 'primary', 'named otherwise: primary is the model in charge');
  return shadows;
}
