import { hashSeed } from '../assignment/index.ts';
import type { Json } from '../core/json.ts';
import type { AnyModel, Request } from '../core/Model.ts';
import type { RuntimeOwner, StrategyRuntime } from '../metrics/StrategyRuntime.ts';
import type { Rng } from '../random/Rng.ts';
import { createLog } from './log/createLog.ts';
import type { RecordLog } from './log/RecordLog.ts';
import type { Promotion } from './promotion/Promotion.ts';
import { replayRecords, type ShadowReplay } from './replay.ts';
import type { ResolvedOptions } from './resolveOptions.ts';
import type { ShadowEvent } from './ShadowEvent.ts';
import type { ShadowOptions } from './ShadowOptions.ts';
import type { ShadowRecord } from './ShadowRecord.ts';
import { ShadowStudy, type StudyOptions } from './ShadowStudy.ts';
import { type SavedTerm, ShadowTerm } from './ShadowTerm.ts';
import { JobFlow } from './serving/JobFlow.ts';
import { Sampler } from './serving/Sampler.ts';
import type { ShadowJob } from './serving/ShadowJob.ts';
import { within } from './serving/within.ts';
import { checkSums, isNothing, type SavedTraffic, TrafficCounts, type TrafficSums } from './TrafficCounts.ts';

interface SavedEngine extends SavedTerm, SavedTraffic {
  readonly sampler: Json;
  readonly flow: Json;
  readonly study: Json;
  readonly log: Json;
}

/** What an engine is made of. */
export interface EngineParts {
  readonly options: ShadowOptions<AnyModel>;
  readonly resolved: ResolvedOptions;
  readonly runtime: StrategyRuntime<ShadowEvent>;
}

/** What the runtime of a runner asks its engine. */
export function ownedBy(
  engine: () => ShadowEngine,
): Pick<RuntimeOwner, 'settled' | 'joined' | 'save' | 'load' | 'takeDelta' | 'readDelta'> {
  return {
    settled: (outcome) => engine().flow.settled(outcome),
    joined: (outcome) => engine().flow.joined(outcome),
    save: () => engine().save(),
    load: (state) => engine().load(state),
    takeDelta: () => engine().takeDelta(),
    readDelta: (state) => engine().readDelta(state),
  };
}

/** The moving part of a runner: which requests are shadowed, for how long, what becomes of them and what is known of it. */
export class ShadowEngine {
  readonly study: ShadowStudy;
  readonly log: RecordLog;
  readonly flow: JobFlow;
  readonly sampler: Sampler;
  readonly traffic: TrafficCounts;
  readonly term: ShadowTerm;
  readonly #parts: EngineParts;
  /** The streams of samples: they come from the seed and their labels alone. */
  #streams: Rng;
  #restored = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
    const { resolved, runtime } = parts;
    const { name, clock, events } = runtime;
    this.#streams = runtime.stream('shadows');
    const study = new ShadowStudy(this.#studyOptions());
    this.study = study;
    this.sampler = new Sampler(resolved.sampleRate, hashSeed('shadow', name), () => runtime.rng.next());
    const sampleRate = (): number => this.sampler.rate;
    const log = createLog({ ...parts, study, sampleRate, restored: () => this.#restored });
    this.log = log;
    this.traffic = new TrafficCounts(() => log.status.dropped.sink + log.status.dropped.redact);
    this.term = new ShadowTerm({ ...resolved, clock, events, ended: () => this.flow.drain.clear('stopped') });
    const stopped = (): boolean => this.term.stopped !== undefined;
    this.flow = new JobFlow({ ...parts, study, log, stopped, stream: (label) => this.#streams.fork(label) });
  }

  /** A job where the request is to be shadowed. Whatever goes wrong here means: no shadow. */
  sample(input: unknown, request: Request): ShadowJob | undefined {
    if (this.term.stopped !== undefined) return undefined;
    const picked = this.sampler.picks(request.id);
    // The clock is read for those alone that cost more than that.
    if (picked) this.term.check();
    if (this.term.stopped !== undefined) return undefined;
    this.traffic.requests += 1;
    if (picked) return this.flow.admit(input, request, this.sampler.rate);
    this.traffic.sampledOut += 1;
    return undefined;
  }

  /** Whether a shadow may be promoted; the look is counted, told and logged. */
  promotion(shadow: string): Promotion {
    this.term.check();
    const { clock, truths, events } = this.#parts.runtime;
    const now = clock.now();
    const verdict = this.study.promotion(shadow, {
      now,
      until: this.term.endedAt ?? now,
      expired: this.term.stopped === 'expired',
      truthsWaiting: truths.waiting > 0,
      lostRecords: this.traffic.total.lost,
    });
    const { decision, look } = verdict;
    events.emit({ type: 'promotion', shadow, decision, look });
    this.log.append({ kind: 'look', shadow, look, decision });
    return verdict;
  }

  /** Counts again what a log says; nothing here changes. */
  replay(records: Iterable<ShadowRecord> | AsyncIterable<ShadowRecord>): Promise<ShadowReplay> {
    return replayRecords(records, this.#studyOptions());
  }

  /** Adds all that another engine has seen. @throws SnapshotError where it does not fit */
  merge(other: ShadowEngine): void {
    this.study.merge(other.study);
    const theirs = other.traffic.total;
    this.traffic.add(theirs);
    this.#parts.runtime.events.emit({ type: 'merged', reason: `${theirs.requests} requests` });
  }

  takeDelta(): Json | undefined {
    const sums = this.traffic.takeDelta();
    const evidence = this.study.takeDelta();
    if (evidence === undefined && isNothing(sums)) return undefined;
    return { sums: { ...sums }, evidence: evidence ?? null } as unknown as Json;
  }

  readDelta(json: Json): () => void {
    const { sums, evidence } = json as unknown as { readonly sums: TrafficSums; readonly evidence: Json };
    checkSums(sums);
    const add = evidence === null ? undefined : this.study.readDelta(evidence);
    return () => {
      add?.();
      this.traffic.add(sums);
    };
  }

  /** Waits until no request waits for its shadows and the sinks have everything, or time is up; nothing is ended. */
  async drain(deadlineMs: number): Promise<void> {
    const { clock } = this.#parts.runtime;
    const until = clock.monotonic() + deadlineMs;
    await this.flow.drain.idle(deadlineMs);
    if (this.log.active) await within(clock, this.log.flush(), until - clock.monotonic());
  }

  /** Drains, gives up what is still under way when time is up, and lets sinks and executors go. */
  async close(deadlineMs: number): Promise<void> {
    const { resolved, runtime } = this.#parts;
    const { clock, events } = runtime;
    const until = clock.monotonic() + deadlineMs;
    await this.drain(deadlineMs);
    this.term.stop('closed', 'system');
    this.flow.drain.clear('stopped', true);
    const ends = resolved.executors.map((executor) =>
      Promise.resolve(events.guard('executor.close', () => executor.close())).catch(() => undefined),
    );
    await within(clock, Promise.all([this.log.close(), ...ends]), Math.max(100, until - clock.monotonic()));
  }

  save(): Json {
    const saved: SavedEngine = {
      sampler: this.sampler.toJSON(),
      ...this.term.toJSON(),
      ...this.traffic.toJSON(),
      flow: this.flow.toJSON(),
      study: this.study.toJSON(),
      log: this.log.toJSON(),
    };
    return saved as unknown as Json;
  }

  /** @throws SnapshotError */
  load(json: Json): void {
    const state = json as unknown as SavedEngine;
    this.sampler.load(state.sampler);
    this.term.load(state);
    this.traffic.load(state);
    // The seed is that of the snapshot, so that a replay makes the same samples.
    this.#streams = this.#parts.runtime.stream('shadows');
    this.study.load(state.study);
    this.log.load(state.log);
    this.#restored = true;
    this.flow.load(state.flow);
  }

  #studyOptions(): StudyOptions {
    const { options, resolved } = this.#parts;
    const { shadows, metrics, criteria, sampleSize, worst } = resolved;
    const { classification, regression, classes } = options;
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
}
