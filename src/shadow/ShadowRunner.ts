import { checkNumber, checkShare } from '../core/check.ts';
import { InvalidOptionError, SnapshotError, show } from '../core/errors.ts';
import type { ContainedErrorEvent, EventName, EventNamed } from '../core/events.ts';
import type { AnyModel, InputOf, OutputOf, RecordResult, Request, Story } from '../core/Model.ts';
import { checkRequest } from '../core/request.ts';
import type { Delta, SharedStatistics } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import { StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import type { ShadowComparison } from './comparison/ShadowComparison.ts';
import type { LogStatus } from './log/RecordLog.ts';
import type { Promotion, PromotionLook } from './promotion/Promotion.ts';
import type { ShadowReplay } from './replay.ts';
import { buildReport } from './report/buildReport.ts';
import { renderReport } from './report/renderReport.ts';
import type { ShadowReport } from './report/ShadowReport.ts';
import { type ResolvedOptions, resolveOptions } from './resolveOptions.ts';
import { ownedBy, ShadowEngine } from './ShadowEngine.ts';
import { type ShadowEvent, shadowEventTypes } from './ShadowEvent.ts';
import type { ShadowOptions } from './ShadowOptions.ts';
import type { ShadowRecord } from './ShadowRecord.ts';
import type { ShadowTraffic } from './TrafficCounts.ts';

/**
 * Lets other models answer production's requests behind its back: the primary's own value, promise or throw is the
 * answer, and nothing that a shadow does reaches the caller. Shadows run later, from a bounded queue, on a copy of
 * the input, within a share of the core. What they would have done is compared, joined with late truths, logged, and
 * held against the criteria of a promotion.
 *
 * A stateful strategy used as a shadow does learn from the truth.
 *
 * @example
 * const shadow = new ShadowRunner({ primary: production, shadows: { next }, classification: {}, seed: 42 });
 * const { requestId, prediction } = shadow.serve(row);
 * shadow.record(requestId, diagnosis);
 * await shadow.drain();
 * shadow.compare('next').agreement;
 * shadow.promotion('next').decision;
 */
export class ShadowRunner<P extends AnyModel> implements SharedStatistics {
  readonly #runtime: StrategyRuntime<ShadowEvent>;
  readonly #options: ShadowOptions<AnyModel>;
  readonly #resolved: ResolvedOptions;
  readonly #engine: ShadowEngine;
  /** The primary, where nothing but its own call is needed to answer a request that is not shadowed. */
  readonly #bare: { predict(input: unknown): unknown } | undefined;

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: ShadowOptions<P>) {
    this.#options = options as unknown as ShadowOptions<AnyModel>;
    this.#resolved = resolveOptions(this.#options);
    this.#runtime = new StrategyRuntime<ShadowEvent>(options, {
      kind: 'shadow',
      version: 3,
      models: { primary: options.primary, ...this.#resolved.shadows },
      eventTypes: shadowEventTypes,
      anonymous: true,
      ...ownedBy(() => this.#engine),
    });
    this.#engine = new ShadowEngine({ options: this.#options, resolved: this.#resolved, runtime: this.#runtime });
    const leaf = this.#runtime.slots.primary!.form === 'leaf';
    this.#bare = leaf && options.timeoutMs === undefined ? (options.primary as never) : undefined;
  }

  /** What strategies say to one another; not for users. */
  get [strategyMark](): StrategyProtocol {
    return this.#runtime.protocol;
  }

  /** The strategy's name. */
  get name(): string {
    return this.#runtime.name;
  }

  /** The names of the shadows. */
  get shadows(): readonly string[] {
    return Object.keys(this.#options.shadows);
  }

  /** Answers like the primary: its own value, promise or throw. */
  predict(input: InputOf<P>, request?: Request): OutputOf<P> {
    const asked = checkRequest(request);
    const job = this.#engine.sample(input, asked);
    if (job === undefined && this.#bare !== undefined && !this.#runtime.watched) {
      return this.#bare.predict(input) as OutputOf<P>;
    }
    return this.#runtime.predict({ variant: 'primary', note: job }, input, asked) as OutputOf<P>;
  }

  /** Answers like the primary, with the story. */
  serve(input: InputOf<P>, request?: Request): Story<OutputOf<P>> {
    const asked = checkRequest(request);
    const job = this.#engine.sample(input, asked);
    const untracked = job === undefined && this.#bare !== undefined;
    return this.#runtime.serve({ variant: 'primary', note: job, untracked }, input, asked) as Story<OutputOf<P>>;
  }

  /** Records the truth of a request: the metrics of all models on it. `unknown` for a request that was not sampled. */
  record(requestId: string, truth: unknown): RecordResult {
    return this.#runtime.record(requestId, truth);
  }

  /** Calls the listener for every later event of a type, or of all (`'*'`). Returns a function that takes it off. */
  on<T extends EventName<ShadowEvent>>(type: T, listener: (event: EventNamed<ShadowEvent, T>) => void): () => void {
    return this.#runtime.events.on(type, listener);
  }

  /** How a shadow compares with the primary so far. @throws InvalidOptionError if there is no such shadow */
  compare(shadow: string): ShadowComparison {
    return this.#engine.study.compare(shadow);
  }

  /**
   * Whether a shadow may take the primary's place, gate by gate. Look as often as you like: bounds are valid at every
   * look, and every look is counted and logged.
   *
   * @throws InvalidOptionError if there is no such shadow
   */
  promotion(shadow: string): Promotion {
    return this.#engine.promotion(shadow);
  }

  /** The last looks at a shadow, oldest first. @throws InvalidOptionError if there is no such shadow */
  looks(shadow: string): readonly PromotionLook[] {
    return this.#engine.study.looks(shadow);
  }

  /** Requests that came, and those that the sample rate left out. */
  get traffic(): ShadowTraffic {
    const { requests, sampledOut } = this.#engine.traffic.total;
    return { requests, sampledOut };
  }

  /** What became of this process's records that went to sinks. */
  get logStatus(): LogStatus {
    return this.#engine.log.status;
  }

  /** Everything that an auditor asks, as plain data; each shadow's verdict counts as a look. */
  report(): ShadowReport {
    const { clock, name, truths, seed, replica } = this.#runtime;
    const { expiresAt, versions, criteria } = this.#resolved;
    const { sampler, term, study } = this.#engine;
    return buildReport({
      runner: name,
      replica,
      seed,
      at: clock.now(),
      versions,
      sampleRate: sampler.rate,
      expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
      stopped: term.stopped ?? null,
      longRun: this.#options.longRun ?? null,
      traffic: this.traffic,
      truths,
      criteria,
      promotions: study.names.map((shadow) => this.promotion(shadow)),
      comparisons: study.names.map((shadow) => this.compare(shadow)),
      looks: study.names.map((shadow) => ({ shadow, looks: this.looks(shadow) })),
      log: this.logStatus,
      containedErrors: this.#runtime.events.containedErrors,
    });
  }

  /** The report as Markdown. */
  toMarkdown(): string {
    return renderReport(this.report());
  }

  /**
   * Rebuilds the comparisons from a log that a runner with the same options has written: the evidence is the same, bit
   * for bit. This runner stays as it is.
   */
  replay(records: Iterable<ShadowRecord> | AsyncIterable<ShadowRecord>): Promise<ShadowReplay> {
    return this.#engine.replay(records);
  }

  /**
   * Adds what a replica has seen: counts exactly, means and variances up to rounding, quantiles within their error.
   * What waits there for shadows or truths stays there, and so do its looks and its log.
   *
   * @throws SnapshotError for a runner of another name, or with other shadows or metrics
   */
  merge(other: ShadowRunner<P>): this {
    if (other.name !== this.name) {
      throw new SnapshotError(`the runner to merge must be ${show(this.name)}, got ${show(other.name)}`);
    }
    if ((other as unknown) === this) throw new InvalidOptionError('other', other.name, 'another runner');
    this.#engine.merge(other.#engine);
    return this;
  }

  /**
   * What this replica has seen since the last call: comparisons, truths, drops, and records that its log has lost. Verdicts
   * of replicas that exchange deltas are those of one process that had seen everything: counts exactly, means and variances up
   * to rounding, quantiles within their error. Requests that wait for shadows or truths, looks and the log stay here.
   */
  takeDelta(): Delta | undefined {
    return this.#runtime.takeDelta();
  }

  /** Adds what another replica has seen. @throws SnapshotError where it does not fit; nothing has changed then */
  mergeDelta(delta: Delta): void {
    this.#runtime.mergeDelta(delta);
  }

  /** Changes the share of requests that is shadowed, from the next request on. @throws InvalidOptionError */
  setSampleRate(sampleRate: number, actor = 'system'): void {
    this.#engine.sampler.rate = checkShare('sampleRate', sampleRate);
    this.#runtime.events.emit({ type: 'sample-rate', reason: `set to ${sampleRate}`, actor });
  }

  /** Ends shadowing: what waits is dropped and counted, the primary goes on alone. Truths are still joined. */
  stop(reason = 'stopped', actor = 'system'): void {
    this.#engine.term.stop(reason, actor);
  }

  /** Whether the primary runs alone, because the time is over or somebody stopped it. */
  get stopped(): boolean {
    this.#engine.term.check();
    return this.#engine.term.stopped !== undefined;
  }

  /**
   * Resolves when no request waits for its shadows any more and the sinks have everything, or when time is up, with the
   * number of requests that still wait. The governor goes on governing: a long queue at a small `cpuShare` takes its time.
   *
   * @param options `deadlineMs`: how long to wait at most, in milliseconds; @defaultValue no limit
   */
  async drain({ deadlineMs = Number.POSITIVE_INFINITY }: { readonly deadlineMs?: number } = {}): Promise<{
    readonly pending: number;
  }> {
    await this.#engine.drain(checkNumber('deadlineMs', deadlineMs, { ge: 0 }));
    return { pending: this.#engine.flow.drain.pending };
  }

  /**
   * Ends shadowing for good: drains, gives up what is still under way when time is up, closes sinks and executors.
   * The primary goes on alone. Truths and looks that come later count, and are not logged any more. Never rejects.
   *
   * @param options `deadlineMs`: how long to wait at most, in milliseconds; @defaultValue 10_000
   */
  async close({ deadlineMs = 10_000 }: { readonly deadlineMs?: number } = {}): Promise<void> {
    await this.#engine.close(checkNumber('deadlineMs', deadlineMs, { ge: 0 }));
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
}
