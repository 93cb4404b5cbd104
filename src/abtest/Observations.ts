import { hashSeed } from '../assignment/hashSeed.ts';
import { hashUnit } from '../assignment/hashUnit.ts';
import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Unit } from '../core/Unit.ts';
import type { Metric } from '../metrics/Metric.ts';
import { capped, type Measured } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import type { Rng } from '../random/Rng.ts';
import type { ABTestSettings } from './ABTestOptions.ts';
import type { EpochPlan } from './Epoch.ts';
import { countsAsLabel, measureWeighted, PLAIN, type Standing, standingOf } from './LabelWeights.ts';
import { MaturedPrefix } from './MaturedPrefix.ts';
import { type PairNote, PairScorer, type PairScorerOptions } from './PairScorer.ts';
import { SeenUnits } from './SeenUnits.ts';
import { Statistics } from './Statistics.ts';
import type { Variants } from './variants.ts';

/** What stays with an outcome until its truth comes. */
export interface Note {
  /** The epoch of the assignment. */
  readonly e: number;
  /** Whether this was an independent assignment: a unit's first, or a draw. */
  readonly x: boolean;
  /** Segments by dimension. */
  readonly s?: Readonly<Record<string, string>>;
  readonly answers?: PairNote['answers'];
}

/** What observations need of the test. */
export interface ObservationsOptions {
  readonly settings: ABTestSettings;
  readonly variants: Variants;
  /** Whether a unit keeps its variant. */
  readonly sticky: boolean;
  /** How long a truth is waited for. */
  readonly truthWindowMs: number;
  /** An independent stream by its label. */
  readonly stream: (label: string) => Rng;
  /** Reports what user code threw. */
  readonly contain: (where: string, error: unknown) => void;
  /** Asks a variant beside the one that serves. */
  readonly ask: PairScorerOptions['ask'];
}

interface Saved {
  readonly total: Json;
  readonly fresh: Json | null;
  readonly units: Json;
  readonly matured: Json;
}

/** Places of clusters are independent of assignment: a seed of their own. */
const CLUSTER_SEED = hashSeed('cluster');
const NONE: Readonly<Record<string, string>> = {};

/**
 * Turns what happens to requests into statistics: who was assigned what, what came of it, and what the other models would
 * have answered. Once they are shared, all that happens is counted twice: in the whole, and in what the others have not
 * heard of yet.
 */
export class Observations {
  /** All that is known, of other processes too. */
  readonly total: Statistics;
  readonly scorer: PairScorer | undefined;
  readonly #options: ObservationsOptions;
  readonly #statistics: ConstructorParameters<typeof Statistics>[0];
  readonly #matured: MaturedPrefix | undefined;
  readonly #units = new SeenUnits();
  readonly #due: Readonly<Record<'serve' | 'truth', readonly number[]>>;
  readonly #index: Readonly<Record<string, number>>;
  /** What was seen here since the last delta; undefined before anything is shared. */
  #fresh: Statistics | undefined;

  constructor(options: ObservationsOptions) {
    const { settings, variants, stream, ask, truthWindowMs } = options;
    const { metrics, sampleSize, paired, analyse } = settings;
    const { names } = variants;
    this.#options = options;
    this.#index = Object.fromEntries(names.map((name, i) => [name, i]));
    this.#due = { serve: indicesOf(metrics, 'serve'), truth: indicesOf(metrics, 'truth') };
    this.#statistics = { metrics, names, sampleSize, keepDisagreements: paired?.keepDisagreements, stream };
    this.total = new Statistics(this.#statistics);
    this.#matured =
      analyse === 'matured' ? new MaturedPrefix((outcome) => this.#truth(outcome), truthWindowMs) : undefined;
    this.scorer = paired === undefined ? undefined : new PairScorer({ names, agree: paired.agree, ask });
  }

  /** Opens an epoch. @returns its number @throws InvalidOptionError for one plan of shares too many */
  open(plan: EpochPlan): number {
    const epoch = this.total.open(plan);
    this.#fresh?.open(plan);
    return epoch;
  }

  /** Counts a request that is not part of the experiment. */
  exclude(why: string): void {
    this.total.exclude(why);
    this.#fresh?.exclude(why);
  }

  /** Counts an assignment. @returns whether it is independent of those before: a unit's first, or a draw */
  assign(variant: number, unit: Unit | undefined): boolean {
    const independent = unit === undefined || !this.#options.sticky || this.#units.add(unit);
    this.total.assign(variant, independent);
    this.#fresh?.assign(variant, independent);
    return independent;
  }

  /** The assigned variant has answered or failed. @param tracked whether its truth can still come */
  settled(outcome: Outcome, tracked: boolean): void {
    const note = outcome.note as Note;
    const variant = this.#index[outcome.variant]!;
    if (note.x) {
      const segments = note.s ?? NONE;
      this.total.balance.count(note.e, variant, outcome.at, segments);
      this.#fresh?.balance.count(note.e, variant, outcome.at, segments);
    }
    this.#serve(variant, outcome.status, outcome.latencyMs);
    if (tracked && outcome.requestId !== undefined) this.#matured?.open(outcome.requestId, outcome.at);
    if (this.scorer === undefined) this.#measure(outcome, note, variant, 'serve');
    else if (outcome.status !== 'cancelled') this.#scorePairs(this.scorer, outcome, note as PairNote);
  }

  /** The truth has come. */
  joined(outcome: Outcome): void {
    const note = outcome.note as Note;
    if (note.x && outcome.truth !== undefined && this.#countsAsLabel(outcome)) {
      const variant = this.#index[outcome.variant]!;
      this.total.label(note.e, variant);
      this.#fresh?.label(note.e, variant);
    }
    if (this.#matured === undefined || outcome.requestId === undefined) this.#truth(outcome);
    else this.#matured.close(outcome.requestId, outcome);
  }

  /**
   * The truth will not come. Where truths are modelled, its absence is data, unless the request was let go for its place
   * (`dropped`): its truth might have been seen.
   */
  lost(outcome: Outcome, why: 'expired' | 'dropped'): void {
    if (outcome.requestId === undefined) return;
    const counts = why === 'expired' && this.#options.settings.labels?.outcomeModel !== undefined;
    this.#matured?.close(outcome.requestId, counts ? outcome : undefined);
  }

  /** Adds what another process has seen of the same experiment. @throws SnapshotError where the epochs differ */
  merge(other: Statistics): void {
    // What is foreign is not for the others: they have it already.
    const fresh = this.#fresh ?? this.#copyOf(this.total);
    this.total.merge(other);
    this.#fresh = fresh;
  }

  /** What was seen here since the last call; undefined where that is nothing. */
  takeDelta(): Json | undefined {
    const taken = this.#fresh ?? this.total;
    if (this.#fresh !== undefined && taken.empty) return undefined;
    if (taken !== this.total) taken.caps.follow(this.total.caps);
    const delta = taken.empty ? undefined : taken.toJSON(true);
    this.#fresh = this.total.blank();
    return delta;
  }

  /** The statistics of another process's delta. @throws SnapshotError where they do not fit */
  readDelta(json: Json): Statistics {
    const statistics = new Statistics(this.#statistics);
    statistics.load(json);
    if (!this.total.ledger.covers(statistics.ledger.plans)) {
      throw new SnapshotError('tests merge only if they went through the same epochs: follow the control first');
    }
    return statistics;
  }

  toJSON(): Json {
    const saved: Saved = {
      total: this.total.toJSON(),
      fresh: this.#fresh?.toJSON() ?? null,
      units: this.#units.toJSON(),
      matured: this.#matured?.toJSON() ?? null,
    };
    return saved as unknown as Json;
  }

  /** Takes over what `toJSON` returned. May throw half-way. */
  load(json: Json): void {
    const saved = json as unknown as Saved;
    this.total.load(saved.total);
    this.#fresh = undefined;
    if (saved.fresh !== null) {
      this.#fresh = new Statistics(this.#statistics);
      this.#fresh.load(saved.fresh);
    }
    this.#units.load(saved.units);
    if (saved.matured !== null) this.#matured?.load(saved.matured);
  }

  #copyOf(statistics: Statistics): Statistics {
    const copy = new Statistics(this.#statistics);
    copy.load(statistics.toJSON());
    return copy;
  }

  #serve(variant: number, status: Outcome['status'], latencyMs: number): void {
    this.total.serve(variant, status, latencyMs);
    this.#fresh?.serve(variant, status, latencyMs);
  }

  #truth(outcome: Outcome): void {
    const note = outcome.note as Note;
    if (this.scorer === undefined) {
      this.#measure(outcome, note, this.#index[outcome.variant]!, 'truth');
      return;
    }
    const pairs = note as PairNote;
    if (this.scorer.complete(pairs)) this.#measurePairs(this.scorer, outcome, pairs, 'truth');
    else pairs.early = { truth: outcome.truth };
  }

  #scorePairs(scorer: PairScorer, outcome: Outcome, note: PairNote): void {
    scorer.score(outcome, note, () => {
      for (const [name, { status, latencyMs }] of Object.entries(note.answers)) {
        this.#serve(this.#index[name]!, status, latencyMs);
      }
      try {
        scorer.compare(outcome, note, (i, disagreement) => {
          this.total.compare(i, disagreement);
          this.#fresh?.compare(i, disagreement);
        });
      } catch (error) {
        this.#options.contain('agree', error);
      }
      this.#measurePairs(scorer, outcome, note, 'serve');
      if (note.early !== undefined) this.#measurePairs(scorer, { ...outcome, truth: note.early.truth }, note, 'truth');
    });
  }

  #measurePairs(scorer: PairScorer, outcome: Outcome, note: PairNote, due: 'serve' | 'truth'): void {
    const { names } = this.#options.variants;
    // The chance of the truth is that of the answer which was served, whoever else was asked.
    const standing = due === 'serve' ? PLAIN : this.#standingOf(outcome);
    if (standing === undefined) return;
    for (const m of this.#due[due]) {
      // One cap for both models on a request: a pilot that ends here ends after it.
      const cap = this.total.caps.capOf(m);
      const values = names.map((name, v) => {
        const own = scorer.outcomeOf(outcome, name, note);
        return own === undefined ? undefined : this.#push(own, note as Note, v, m, standing, cap);
      });
      for (let v = 1; v < names.length; v += 1) {
        this.total.pair(note.e, v, m, [values[0], values[v]]);
        this.#fresh?.pair(note.e, v, m, [values[0], values[v]]);
      }
    }
  }

  #measure(outcome: Outcome, note: Note, variant: number, due: 'serve' | 'truth'): void {
    const standing = due === 'serve' ? PLAIN : this.#standingOf(outcome);
    if (standing === undefined) return;
    for (const m of this.#due[due]) {
      this.#push(outcome, note, variant, m, standing, this.total.caps.capOf(m));
    }
  }

  /** How a request stands with its truth; undefined where its propensity is none: it is left out then. */
  #standingOf(outcome: Outcome): Standing | undefined {
    try {
      return standingOf(this.#options.settings.labels, outcome);
    } catch (error) {
      this.#options.contain('labels', error);
      return undefined;
    }
  }

  #countsAsLabel(outcome: Outcome): boolean {
    const { labels } = this.#options.settings;
    if (labels === undefined) return true;
    const standing = this.#standingOf(outcome);
    return standing !== undefined && countsAsLabel(labels, standing.weight, outcome.requestId ?? '0');
  }

  /** A value at its cap; undefined where it is one of those that fix it. */
  #cut(m: number, value: number, cap: number | undefined): number | undefined {
    if (cap === undefined && Number.isFinite(value)) {
      this.total.caps.push(m, value);
      this.#fresh?.caps.push(m, value);
      return undefined;
    }
    return cap === undefined || cap === Number.POSITIVE_INFINITY
      ? value
      : capped(this.#options.settings.metrics[m]!, value, cap);
  }

  /** Measures one metric of one outcome, and keeps the value wherever it belongs. */
  #push(
    outcome: Outcome,
    { e: epoch, x, s: segments = NONE }: Note,
    variant: number,
    m: number,
    standing: Standing,
    cap: number | undefined,
  ): Measured | undefined {
    const metric = this.#options.settings.metrics[m]!;
    try {
      const measured = measureWeighted(metric, outcome, standing);
      const value = typeof measured === 'number' ? this.#cut(m, measured, cap) : measured;
      if (value === undefined) return undefined;
      const { unit, at } = outcome;
      const cluster = this.#options.sticky && unit !== undefined ? hashUnit(unit, CLUSTER_SEED) : undefined;
      const covariate = metric.covariate?.(outcome);
      const observation = { epoch, variant, metric: m, value, covariate, cluster, repeated: !x, at, segments };
      this.total.observe(observation);
      this.#fresh?.observe(observation);
      return value;
    } catch (error) {
      this.#options.contain(`metric:${metric.name}`, error);
      return undefined;
    }
  }
}

function indicesOf(metrics: readonly Metric[], due: Metric['due']): readonly number[] {
  return metrics.flatMap((metric, i) => (metric.due === due ? [i] : []));
}
