import { InvalidDataError, SnapshotError, show } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Metric } from '../../metrics/Metric.ts';
import type { Measured } from '../../metrics/measure.ts';
import type { Rng } from '../../random/Rng.ts';
import type { ClassLabel } from '../../stats/quality/ConfusionMatrix.ts';
import type { ComparisonRecord, Draft, DropsRecord, RecordedReading, TruthRecord } from '../ShadowRecord.ts';
import { ClassesEvidence } from './ClassesEvidence.ts';
import { ClassificationEvidence } from './ClassificationEvidence.ts';
import { checkCount, type DropReason } from './drops.ts';
import { MetricEvidence } from './MetricEvidence.ts';
import { RegressionEvidence } from './RegressionEvidence.ts';
import { RowSample } from './RowSample.ts';
import { ShadowTally } from './ShadowTally.ts';
import { SubgroupEvidence } from './SubgroupEvidence.ts';
import { WorstDisagreements } from './WorstDisagreements.ts';

/** What evidence of a shadow is kept. */
export interface EvidenceOptions {
  readonly metrics: readonly Metric[];
  readonly classification: boolean;
  readonly regression: boolean;
  /** The classes, where there are several. */
  readonly classes?: readonly ClassLabel[] | undefined;
  /** Rows kept for ranks, ROC curves and drift. */
  readonly sampleSize: number;
  /** Disagreements kept. */
  readonly worst: number;
}

/** How many labels came among the requests on which the shadow said yes, and no. */
export interface LabelCoverage {
  readonly predicted: readonly [negative: number, positive: number];
  readonly labelled: readonly [negative: number, positive: number];
}

const COMPARISONS: ReadonlySet<string> = new Set(['agreed', 'disagreed', 'ignored', 'incomparable']);

interface Times {
  first: number | null;
  last: number | null;
}

/**
 * All that is known of one shadow beside the primary. It is built from the same records that go to a log, so that a
 * log's replay gives the same evidence; mergeable, serialisable, of constant size.
 */
export class ShadowEvidence {
  readonly tally: ShadowTally = new ShadowTally();
  readonly metrics: readonly MetricEvidence[];
  readonly classification: ClassificationEvidence | undefined;
  readonly regression: RegressionEvidence | undefined;
  readonly classes: ClassesEvidence | undefined;
  readonly scores: RowSample;
  readonly subgroups: SubgroupEvidence = new SubgroupEvidence();
  readonly worst: WorstDisagreements;
  #labelled = 0;
  #times: Times = { first: null, last: null };
  readonly #coverage: { predicted: [number, number]; labelled: [number, number] } = {
    predicted: [0, 0],
    labelled: [0, 0],
  };
  #draws: Rng;

  constructor(options: EvidenceOptions, rng: Rng) {
    const { sampleSize } = options;
    this.metrics = options.metrics.map((metric) => new MetricEvidence(metric, rng.fork(metric.name)));
    this.classification = options.classification
      ? new ClassificationEvidence(sampleSize, rng.fork('classification'))
      : undefined;
    this.regression = options.regression ? new RegressionEvidence(sampleSize, rng.fork('regression')) : undefined;
    this.classes = options.classes && new ClassesEvidence(options.classes, rng.fork('classes'));
    this.scores = new RowSample(2, sampleSize, rng.fork('drift'));
    this.worst = new WorstDisagreements(options.worst);
    this.#draws = rng.fork('worst');
  }

  /** Takes in what both made of a request. */
  observe(record: Draft<ComparisonRecord>): void {
    const { comparison, primary, candidate, servedAt } = record;
    const { counts } = this.tally;
    if (!COMPARISONS.has(comparison)) throw new InvalidDataError('comparison', comparison, 'one of the known results');
    counts[comparison] += 1;
    if (candidate.status === 'error') counts.shadowErrors += 1;
    if (candidate.status === 'timeout') counts.shadowTimeouts += 1;
    if (candidate.status === 'invalid') counts.shadowInvalid += 1;
    if (primary.status !== 'ok') counts.primaryFailures += 1;
    if (primary.status === 'ok') this.tally.primaryLatency.push(primary.latencyMs);
    if (candidate.status === 'ok') this.tally.shadowLatency.push(candidate.latencyMs);
    this.#times = { first: least(this.#times.first, servedAt), last: most(this.#times.last, servedAt) };
    if (candidate.positive !== undefined) this.#coverage.predicted[Number(candidate.positive) as 0 | 1] += 1;
    this.#measure(primary, candidate);
    this.#pushScores(primary, candidate);
    this.subgroups.observe(record);
    if (comparison === 'disagreed') this.worst.push(record, this.#draws.next());
  }

  /** Takes in a truth, with what both had said. */
  observeTruth(record: Draft<TruthRecord>): void {
    const { truth, primary, candidate } = record;
    this.#measure(primary, candidate);
    if (!this.#readable(truth)) return;
    this.#labelled += 1;
    if (candidate.positive !== undefined) this.#coverage.labelled[Number(candidate.positive) as 0 | 1] += 1;
    if (truth.positive !== undefined) this.classification?.push(primary, candidate, truth.positive);
    if (truth.label !== undefined && truth.label !== null) this.classes?.push(primary, candidate, truth.label);
    if (typeof truth.value === 'number') {
      this.regression?.push(primary.value ?? undefined, candidate.value ?? undefined, truth.value);
    }
    this.subgroups.observeTruth(record);
  }

  /** A request of these groups that was offered at this time was left out. @returns how often, for this reason */
  drop(reason: DropReason, at: number, subgroups: Readonly<Record<string, string>>): number {
    this.subgroups.drop(reason, subgroups);
    return this.tally.drop(reason, at);
  }

  /** Offers and drops that are known as totals alone. */
  addTotals({ offered, dropped, hours, groups = [] }: Draft<DropsRecord>): void {
    this.tally.addTotals(offered, dropped, hours);
    this.subgroups.addTotals(groups);
  }

  /** Requests whose truth was joined, and could be read. */
  get labelled(): number {
    return this.#labelled;
  }
  /** When the first and the last compared request was served. */
  get times(): Readonly<Times> {
    return this.#times;
  }
  get coverage(): LabelCoverage {
    return this.#coverage;
  }

  /** @throws SnapshotError where the metrics, or the kinds of evidence, differ */
  check(other: ShadowEvidence): void {
    sameMetrics(this.metrics, other.metrics);
    sameKinds('classification', this.classification, other.classification);
    sameKinds('regression', this.regression, other.regression);
    sameKinds('classes', this.classes, other.classes);
    if (other.classes !== undefined) this.classes?.check(other.classes.labels);
  }

  /** Adds what another process has seen, which `check` has passed; see `ShadowTally.merge`. */
  merge(other: ShadowEvidence, whole: boolean): void {
    this.tally.merge(other.tally, whole);
    for (const [i, metric] of this.metrics.entries()) metric.merge(other.metrics[i]!);
    if (other.classification !== undefined) this.classification?.merge(other.classification);
    if (other.regression !== undefined) this.regression?.merge(other.regression);
    if (other.classes !== undefined) this.classes?.merge(other.classes);
    this.scores.merge(other.scores);
    this.subgroups.merge(other.subgroups);
    this.worst.merge(other.worst);
    this.#labelled += other.#labelled;
    this.#times = {
      first: least(this.#times.first, other.#times.first),
      last: most(this.#times.last, other.#times.last),
    };
    for (const kind of ['predicted', 'labelled'] as const) {
      this.#coverage[kind][0] += other.#coverage[kind][0];
      this.#coverage[kind][1] += other.#coverage[kind][1];
    }
  }

  toJSON(): Json {
    return {
      tally: this.tally.toJSON(),
      metrics: this.metrics.map((evidence) => [evidence.metric.name, evidence.toJSON()]),
      classification: this.classification?.toJSON() ?? null,
      regression: this.regression?.toJSON() ?? null,
      classes: this.classes?.toJSON() ?? null,
      scores: this.scores.toJSON(),
      subgroups: this.subgroups.toJSON(),
      worst: this.worst.toJSON(),
      labelled: this.#labelled,
      times: { ...this.#times },
      coverage: { predicted: [...this.#coverage.predicted], labelled: [...this.#coverage.labelled] },
      draws: this.#draws.state() as unknown as Json,
    };
  }

  /** @throws SnapshotError where the metrics, or the kinds of evidence, differ */
  load(json: Json, restore: (state: never) => Rng): void {
    const state = json as unknown as SavedEvidence;
    const saved = new Map(state.metrics);
    sameNames(
      'metrics',
      this.metrics.map(({ metric }) => metric.name),
      [...saved.keys()],
    );
    this.tally.load(state.tally);
    for (const evidence of this.metrics) evidence.load(saved.get(evidence.metric.name)!);
    loadPart('classification', this.classification, state.classification);
    loadPart('regression', this.regression, state.regression);
    loadPart('classes', this.classes, state.classes);
    this.scores.load(state.scores);
    this.subgroups.load(state.subgroups);
    this.worst.load(state.worst);
    this.#labelled = checkCount('labelled', state.labelled);
    this.#times = { first: readTime(state.times.first), last: readTime(state.times.last) };
    for (const kind of ['predicted', 'labelled'] as const) {
      for (const i of [0, 1] as const) this.#coverage[kind][i] = checkCount(kind, state.coverage[kind][i]);
    }
    this.#draws = restore(state.draws as never);
  }

  /** A truth that nothing could be read of is no label: counted as one, it would help a gate along. */
  #readable({ positive, value, label }: TruthRecord['truth']): boolean {
    const wanted = [this.classification, this.regression, this.classes].some((part) => part !== undefined);
    return !wanted || positive !== undefined || typeof value === 'number' || (label ?? null) !== null;
  }

  #measure({ metrics: a }: RecordedReading, { metrics: b }: RecordedReading): void {
    if (a === undefined && b === undefined) return;
    for (const evidence of this.metrics) {
      const { name } = evidence.metric;
      evidence.push(measured(a?.[name]), measured(b?.[name]));
    }
  }

  #pushScores(primary: RecordedReading, candidate: RecordedReading): void {
    const [a, b] = [primary.score ?? primary.value, candidate.score ?? candidate.value];
    if (typeof a === 'number' && typeof b === 'number') this.scores.push(a, b);
  }
}

interface SavedEvidence {
  readonly tally: Json;
  readonly metrics: readonly (readonly [string, Json])[];
  readonly classification: Json;
  readonly regression: Json;
  readonly classes: Json;
  readonly scores: Json;
  readonly subgroups: Json;
  readonly worst: Json;
  readonly labelled: number;
  readonly times: Times;
  readonly coverage: { predicted: [number, number]; labelled: [number, number] };
  readonly draws: Json;
}

/** A value of a record as summaries take it: null is a number that was none, which they count as invalid. */
function measured(value: NonNullable<RecordedReading['metrics']>[string] | undefined): Measured | undefined {
  if (value === undefined) return undefined;
  const number = (x: number | null): number => x ?? Number.NaN;
  return typeof value === 'number' || value === null ? number(value) : [number(value[0]), number(value[1])];
}

function sameKinds(what: string, here: unknown, there: unknown): void {
  if ((here === undefined) === (there === undefined)) return;
  throw new SnapshotError(`both runners must have ${what}, or neither`);
}

function loadPart(what: string, part: { load(json: Json): void } | undefined, json: Json): void {
  if ((part === undefined) !== (json === null)) {
    throw new SnapshotError(`the snapshot and the options must both have ${what}, or neither`);
  }
  part?.load(json);
}

function sameMetrics(here: readonly MetricEvidence[], there: readonly MetricEvidence[]): void {
  const names = (list: readonly MetricEvidence[]): string[] => list.map(({ metric }) => metric.name);
  sameNames('metrics', names(here), names(there));
}

/** @throws SnapshotError unless both have the same names, in whatever order */
export function sameNames(what: string, here: readonly string[], saved: readonly string[]): void {
  if (here.length === saved.length && here.every((name) => saved.includes(name))) return;
  throw new SnapshotError(`the snapshot's ${what} must be ${show(here)}, got ${show(saved)}`);
}

function readTime(time: unknown): number | null {
  if (time === null || Number.isFinite(time)) return time as number | null;
  throw new SnapshotError(`a time of a snapshot must be finite, got ${show(time)}`);
}

function least(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

function most(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
