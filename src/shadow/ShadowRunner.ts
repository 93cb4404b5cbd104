import { hashSeed } from '../assignment/index.ts';
import { checkNumber, checkShare } from '../core/check.ts';
import { InvalidOptionError, SnapshotError, show } from '../core/errors.ts';
import type { ContainedErrorEvent, EventName, EventNamed } from '../core/events.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, InputOf, OutputOf, RecordResult, Request, Story } from '../core/Model.ts';
import { checkRequest } from '../core/request.ts';
import type { Delta, SharedStatistics } from '../core/sharing.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { type StrategyProtocol, strategyMark } from '../core/strategy.ts';
import { StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import type { Rng } from '../random/Rng.ts';
import type { ShadowComparison } from './comparison/ShadowComparison.ts';
import { createLog } from './log/createLog.ts';
import type { LogStatus, RecordLog } from './log/RecordLog.ts';
import type { Promotion, PromotionLook } from './promotion/Promotion.ts';
import { replayRecords, type ShadowReplay } from './replay.ts';
import { buildReport } from './report/buildReport.ts';
import { renderReport } from './report/renderReport.ts';
import type { ShadowReport } from './report/ShadowReport.ts';
import { type ResolvedOptions, resolveOptions } from './resolveOptions.ts';
import { type ShadowEvent, shadowEventTypes } from './ShadowEvent.ts';
import type { ShadowOptions } from './ShadowOptions.ts';
import type { ShadowRecord } from './ShadowRecord.ts';
import { ShadowStudy, type StudyOptions } from './ShadowStudy.ts';
import { type SavedTerm, ShadowTerm } from './ShadowTerm.ts';
import { JobFlow } from './serving/JobFlow.ts';
import { Sampler } from './serving/Sampler.ts';
import type { ShadowJob } from './serving/ShadowJob.ts';
import { within } from './serving/within.ts';
import {
  checkSums,
  isNothing,
  type SavedTraffic,
  type ShadowTraffic,
  TrafficCounts,
  type TrafficSums,
} from './TrafficCounts.ts';

interface SavedRunner extends SavedTerm, SavedTraffic {
  readonly sampler: Json;
  readonly flow: Json;
  readonly study: Json;
  readonly log: Json;
}

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
  readonly #study: ShadowStudy;
  readonly #log: RecordLog;
  readonly #flow: JobFlow;
  readonly #sampler: Sampler;
  readonly #traffic: TrafficCounts;
  readonly #term: ShadowTerm;
  /** The primary, where nothing but its own call is needed to answer a request that is not shadowed. */
  readonly #bare: { predict(input: unknown): unknown } | undefined;
  /** The streams of samples: they come from the seed and their labels alone. */
  #streams: Rng;
  #restored = false;

  /** @throws InvalidOptionError if an option is unknown or breaks its rule */
  constructor(options: ShadowOptions<P>) {
    this.#options = options as unknown as ShadowOptions<AnyModel>;
    this.#resolved = resolveOptions(this.#options);
    const { shadows, sampleRate } = this.#resolved;
    this.#runtime = new StrategyRuntime<ShadowEvent>(options, {
      kind: 'shadow',
      version: 3,
      models: { primary: options.primary, ...shadows },
      eventTypes: shadowEventTypes,
      anonymous: true,
      settled: (outcome) => this.#flow.settled(outcome),
      joined: (outcome) => this.#flow.joined(outcome),
      save: () => this.#save() as unknown as Json,
      load: (state) => this.#load(state as unknown as SavedRunner),
      takeDelta: () => this.#takeDelta(),
      readDelta: (state) => this.#readDelta(state),
    });
    const { slots, name, clock, events } = this.#runtime;
    this.#streams = this.#runtime.stream('shadows');
    this.#study = new ShadowStudy(this.#studyOptions());
    this.#sampler = new Sampler(sampleRate, hashSeed('shadow', name), () => this.#runtime.rng.next());
    this.#bare =
      slots.primary!.form === 'leaf' && options.timeoutMs === undefined ? (options.primary as never) : undefined;
    this.#log = createLog({
      options: this.#options,
      resolved: this.#resolved,
      runtime: this.#runtime,
      study: this.#study,
      sampleRate: () => this.#sampler.rate,
      restored: () => this.#restored,
    });
    this.#traffic = new TrafficCounts(() => this.#log.status.dropped.sink + this.#log.status.dropped.redact);
    const ended = (): void => this.#flow.drain.clear('stopped');
    this.#term = new ShadowTerm({ ...this.#resolved, clock, events, ended });
    this.#flow = new JobFlow({
      options: this.#options,
      resolved: this.#resolved,
      runtime: this.#runtime,
      study: this.#study,
      log: this.#log,
      stopped: () => this.#term.stopped !== undefined,
      stream: (label) => this.#streams.fork(label),
    });
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
    const job = this.#sample(input, asked);
    if (job === undefined && this.#bare !== undefined && !this.#runtime.watched) {
      return this.#bare.predict(input) as OutputOf<P>;
    }
    return this.#runtime.predict({ variant: 'primary', note: job }, input, asked) as OutputOf<P>;
  }

  /** Answers like the primary, with the story. */
  serve(input: InputOf<P>, request?: Request): Story<OutputOf<P>> {
    const asked = checkRequest(request);
    const job = this.#sample(input, asked);
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
    return this.#study.compare(shadow);
  }

  /**
   * Whether a shadow may take the primary's place, gate by gate. Look as often as you like: bounds are valid at every
   * look, and every look is counted and logged.
   *
   * @throws InvalidOptionError if there is no such shadow
   */
  promotion(shadow: string): Promotion {
    this.#term.check();
    const now = this.#runtime.clock.now();
    const verdict = this.#study.promotion(shadow, {
      now,
      until: this.#term.endedAt ?? now,
      expired: this.#term.stopped === 'expired',
      truthsWaiting: this.#runtime.truths.waiting > 0,
      lostRecords: this.#traffic.total.lost,
    });
    const { decision, look } = verdict;
    this.#runtime.events.emit({ type: 'promotion', shadow, decision, look });
    this.#log.append({ kind: 'look', shadow, look, decision });
    return verdict;
  }

  /** The last looks at a shadow, oldest first. @throws InvalidOptionError if there is no such shadow */
  looks(shadow: string): readonly PromotionLook[] {
    return this.#study.looks(shadow);
  }

  /** Requests that came, and those that the sample rate left out. */
  get traffic(): ShadowTraffic {
    const { requests, sampledOut } = this.#traffic.total;
    return { requests, sampledOut };
  }

  /** What became of this process's records that went to sinks. */
  get logStatus(): LogStatus {
    return this.#log.status;
  }

  /** Everything that an auditor asks, as plain data; each shadow's verdict counts as a look. */
  report(): ShadowReport {
    const { clock, name, truths, seed, replica } = this.#runtime;
    const { expiresAt, versions, criteria } = this.#resolved;
    return buildReport({
      runner: name,
      replica,
      seed,
      at: clock.now(),
      versions,
      sampleRate: this.#sampler.rate,
      expiresAt: Number.isFinite(expiresAt) ? expiresAt : null,
      stopped: this.#term.stopped ?? null,
      longRun: this.#options.longRun ?? null,
      traffic: this.traffic,
      truths,
      criteria,
      promotions: this.#study.names.map((shadow) => this.promotion(shadow)),
      comparisons: this.#study.names.map((shadow) => this.compare(shadow)),
      looks: this.#study.names.map((shadow) => ({ shadow, looks: this.looks(shadow) })),
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
    return replayRecords(records, this.#studyOptions());
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
    this.#study.merge(other.#study);
    const theirs = other.#traffic.total;
    this.#traffic.add(theirs);
    this.#runtime.events.emit({ type: 'merged', reason: `${theirs.requests} requests` });
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
    this.#sampler.rate = checkShare('sampleRate', sampleRate);
    this.#runtime.events.emit({ type: 'sample-rate', reason: `set to ${sampleRate}`, actor });
  }

  /** Ends shadowing: what waits is dropped and counted, the primary goes on alone. Truths are still joined. */
  stop(reason = 'stopped', actor = 'system'): void {
    this.#term.stop(reason, actor);
  }

  /** Whether the primary runs alone, because the time is over or somebody stopped it. */
  get stopped(): boolean {
    this.#term.check();
    return this.#term.stopped !== undefined;
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
    const { clock } = this.#runtime;
    const until = clock.monotonic() + checkNumber('deadlineMs', deadlineMs, { ge: 0 });
    await this.#flow.drain.idle(deadlineMs);
    if (this.#log.active) await within(clock, this.#log.flush(), until - clock.monotonic());
    return { pending: this.#flow.drain.pending };
  }

  /**
   * Ends shadowing for good: drains, gives up what is still under way when time is up, closes sinks and executors.
   * The primary goes on alone. Truths and looks that come later count, and are not logged any more. Never rejects.
   *
   * @param options `deadlineMs`: how long to wait at most, in milliseconds; @defaultValue 10_000
   */
  async close({ deadlineMs = 10_000 }: { readonly deadlineMs?: number } = {}): Promise<void> {
    const { clock, events } = this.#runtime;
    const until = clock.monotonic() + checkNumber('deadlineMs', deadlineMs, { ge: 0 });
    await this.drain({ deadlineMs });
    this.stop('closed');
    this.#flow.drain.clear('stopped', true);
    const ends = this.#resolved.executors.map((executor) =>
      Promise.resolve(events.guard('executor.close', () => executor.close())).catch(() => undefined),
    );
    await within(clock, Promise.all([this.#log.close(), ...ends]), Math.max(100, until - clock.monotonic()));
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

  #takeDelta(): Json | undefined {
    const sums = this.#traffic.takeDelta();
    const evidence = this.#study.takeDelta();
    if (evidence === undefined && isNothing(sums)) return undefined;
    return { sums: { ...sums }, evidence: evidence ?? null } as unknown as Json;
  }

  #readDelta(json: Json): () => void {
    const { sums, evidence } = json as unknown as { readonly sums: TrafficSums; readonly evidence: Json };
    checkSums(sums);
    const add = evidence === null ? undefined : this.#study.readDelta(evidence);
    return () => {
      add?.();
      this.#traffic.add(sums);
    };
  }

  /** A job where the request is to be shadowed. Whatever goes wrong here means: no shadow. */
  #sample(input: InputOf<P>, request: Request): ShadowJob | undefined {
    if (this.#term.stopped !== undefined) return undefined;
    const picked = this.#sampler.picks(request.id);
    // The clock is read for those alone that cost more than that.
    if (picked) this.#term.check();
    if (this.#term.stopped !== undefined) return undefined;
    this.#traffic.requests += 1;
    if (picked) return this.#flow.admit(input, request, this.#sampler.rate);
    this.#traffic.sampledOut += 1;
    return undefined;
  }

  #studyOptions(): StudyOptions {
    const { shadows, metrics, criteria, sampleSize, worst } = this.#resolved;
    const { classification, regression, classes } = this.#options;
    return {
      shadows: Object.keys(shadows),
      metrics,
      criteria,
      sampleSize,
      worst,
      classification: classification !== undefined,
      regression: regression !== undefined,
      classes: classes?.labels,
      stream: (label) => this.#streams.fork(label),
    };
  }

  #save(): SavedRunner {
    return {
      sampler: this.#sampler.toJSON(),
      ...this.#term.toJSON(),
      ...this.#traffic.toJSON(),
      flow: this.#flow.toJSON(),
      study: this.#study.toJSON(),
      log: this.#log.toJSON(),
    };
  }

  #load(state: SavedRunner): void {
    this.#sampler.load(state.sampler);
    this.#term.load(state);
    this.#traffic.load(state);
    // The seed is that of the snapshot, so that a replay makes the same samples.
    this.#streams = this.#runtime.stream('shadows');
    this.#study.load(state.study);
    this.#log.load(state.log);
    this.#restored = true;
    this.#flow.load(state.flow);
  }
}
