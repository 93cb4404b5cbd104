import { hashSeed } from '../assignment/hashSeed.ts';
import { hashUnit } from '../assignment/hashUnit.ts';
import type { Clock } from '../core/clock.ts';
import type { Slot } from '../core/dispatch.ts';
import type { Json } from '../core/json.ts';
import type { Unit } from '../core/Unit.ts';
import type { Metric } from '../metrics/Metric.ts';
import { measure } from '../metrics/measure.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import type { Rng } from '../random/Rng.ts';
import type { ABTestSettings } from './ABTestOptions.ts';
import { BalanceLedger } from './BalanceLedger.ts';
import { EpochLedger } from './EpochLedger.ts';
import { MaturedPrefix } from './MaturedPrefix.ts';
import { type PairNote, PairScorer } from './PairScorer.ts';
import { SeenUnits } from './SeenUnits.ts';
import { SegmentLedger } from './SegmentLedger.ts';
import { ServiceTally } from './ServiceTally.ts';
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
  readonly slots: Readonly<Record<string, Slot>>;
  readonly clock: Clock;
  /** How long a truth is waited for. */
  readonly truthWindowMs: number;
  /** An independent stream by its label. */
  readonly stream: (label: string) => Rng;
  /** Reports what user code threw. */
  readonly contain: (where: string, error: unknown) => void;
}

interface Saved {
  readonly epochs: Json;
  readonly services: readonly Json[];
  readonly segments: Json;
  readonly balance: Json;
  readonly units: Json;
  readonly matured: Json;
  readonly disagreements: Json;
}

/** Places of clusters are independent of assignment: a seed of their own. */
const CLUSTER_SEED = hashSeed('cluster');
const NONE: Readonly<Record<string, string>> = {};

/** All that a test has seen: who was assigned what, what came of it, and how the parts of it compare. */
export class Observations {
  readonly ledger: EpochLedger;
  readonly services: readonly ServiceTally[];
  readonly segments: SegmentLedger;
  readonly balance: BalanceLedger;
  readonly matured: MaturedPrefix | undefined;
  readonly scorer: PairScorer | undefined;
  readonly #options: ObservationsOptions;
  readonly #units = new SeenUnits();
  readonly #due: Readonly<Record<'serve' | 'truth', readonly number[]>>;
  readonly #index: Readonly<Record<string, number>>;
  readonly #sticky: boolean;

  constructor(options: ObservationsOptions, sticky: boolean) {
    const { settings, variants, slots, clock, stream } = options;
    const { metrics, sampleSize, paired, analyse } = settings;
    const { names } = variants;
    this.#options = options;
    this.#sticky = sticky;
    this.#index = Object.fromEntries(names.map((name, i) => [name, i]));
    this.#due = { serve: indicesOf(metrics, 'serve'), truth: indicesOf(metrics, 'truth') };
    const rng = stream('samples');
    this.ledger = new EpochLedger({ metrics, variants: names.length, sampleSize, paired: paired !== undefined, rng });
    this.services = names.map(() => new ServiceTally());
    this.segments = new SegmentLedger(metrics, names.length);
    this.balance = new BalanceLedger(names.length);
    this.matured =
      analyse === 'matured' ? new MaturedPrefix((outcome) => this.#truth(outcome), options.truthWindowMs) : undefined;
    if (paired === undefined) return;
    const { agree, keepDisagreements: keep } = paired;
    this.scorer = new PairScorer({ slots, names, clock, agree, keep, stream });
  }

  /** Counts an assignment. @returns whether it is independent of those before: a unit's first, or a draw */
  assigned(variant: number, unit: Unit | undefined): boolean {
    const { current } = this.ledger;
    current.counts[variant]! += 1;
    if (unit !== undefined && this.#sticky && !this.#units.add(unit)) return false;
    current.exposures[variant]! += 1;
    return true;
  }

  /** The assigned variant has answered or failed. */
  settled(outcome: Outcome): void {
    const note = outcome.note as Note;
    const variant = this.#index[outcome.variant]!;
    if (note.x) this.balance.count(note.e, variant, outcome.at, note.s ?? NONE);
    this.services[variant]!.push(outcome.status, outcome.latencyMs);
    if (outcome.requestId !== undefined) this.matured?.open(outcome.requestId, outcome.at);
    if (this.scorer === undefined) {
      this.#measure(outcome, note, variant, 'serve');
      return;
    }
    if (outcome.status === 'cancelled') return;
    this.#scorePairs(outcome, note as PairNote);
  }

  /** The truth has come. */
  joined(outcome: Outcome): void {
    const note = outcome.note as Note;
    const variant = this.#index[outcome.variant]!;
    if (note.x) this.ledger.epochs[note.e]!.labels[variant]! += 1;
    if (this.matured === undefined || outcome.requestId === undefined) this.#truth(outcome);
    else this.matured.close(outcome.requestId, outcome);
  }

  /** The truth will not come. */
  lost(outcome: Outcome): void {
    if (outcome.requestId !== undefined) this.matured?.close(outcome.requestId, undefined);
  }

  /** Adds what another process has seen of the same experiment. @throws SnapshotError where the epochs differ */
  merge(other: Observations): void {
    this.ledger.merge(other.ledger);
    this.services.forEach((service, v) => {
      service.merge(other.services[v]!);
    });
    this.segments.merge(other.segments);
    this.balance.merge(other.balance);
    this.scorer?.merge(other.scorer!);
  }

  toJSON(): Json {
    const saved: Saved = {
      epochs: this.ledger.toJSON(),
      services: this.services.map((service) => service.toJSON()),
      segments: this.segments.toJSON(),
      balance: this.balance.toJSON(),
      units: this.#units.toJSON(),
      matured: this.matured?.toJSON() ?? null,
      disagreements: this.scorer?.toJSON() ?? null,
    };
    return saved as unknown as Json;
  }

  load(json: Json): void {
    const saved = json as unknown as Saved;
    this.ledger.load(saved.epochs);
    saved.services.forEach((service, i) => {
      this.services[i]!.load(service);
    });
    this.segments.load(saved.segments);
    this.balance.load(saved.balance);
    this.#units.load(saved.units);
    if (saved.matured !== null) this.matured?.load(saved.matured);
    if (saved.disagreements !== null) this.scorer?.load(saved.disagreements);
  }

  #truth(outcome: Outcome): void {
    const note = outcome.note as Note;
    if (this.scorer === undefined) {
      this.#measure(outcome, note, this.#index[outcome.variant]!, 'truth');
      return;
    }
    const pairs = note as PairNote;
    if (this.#complete(pairs)) this.#measurePairs(outcome, pairs, 'truth');
    else pairs.early = { truth: outcome.truth };
  }

  #complete({ answers }: PairNote): boolean {
    return Object.keys(answers).length === this.#options.variants.names.length - 1;
  }

  #scorePairs(outcome: Outcome, note: PairNote): void {
    const scorer = this.scorer!;
    scorer.score(outcome, note, () => {
      for (const [name, answer] of Object.entries(note.answers)) {
        this.services[this.#index[name]!]!.push(answer.status, answer.latencyMs);
      }
      try {
        scorer.compare(outcome, note);
      } catch (error) {
        this.#options.contain('agree', error);
      }
      this.#measurePairs(outcome, note, 'serve');
      if (note.early !== undefined) this.#measurePairs({ ...outcome, truth: note.early.truth }, note, 'truth');
    });
  }

  #measurePairs(outcome: Outcome, note: PairNote, due: 'serve' | 'truth'): void {
    const { names } = this.#options.variants;
    for (const m of this.#due[due]) {
      const values = names.map((name, v) => {
        const own = this.scorer!.outcomeOf(outcome, name, note);
        return own === undefined ? undefined : this.#push(own, note as Note, v, m);
      });
      names.forEach((_, v) => {
        if (v > 0) this.ledger.pairs(note.e, v)[m]?.push(values[0], values[v]);
      });
    }
  }

  #measure(outcome: Outcome, note: Note, variant: number, due: 'serve' | 'truth'): void {
    for (const m of this.#due[due]) this.#push(outcome, note, variant, m);
  }

  /** Measures one metric of one outcome, and keeps the value wherever it belongs. */
  #push(outcome: Outcome, { e, x, s = NONE }: Note, variant: number, m: number): ReturnType<typeof measure> {
    const metric = this.#options.settings.metrics[m]!;
    try {
      const value = measure(metric, outcome);
      if (value === undefined) return undefined;
      const cluster = this.#sticky && outcome.unit !== undefined ? hashUnit(outcome.unit, CLUSTER_SEED) : undefined;
      this.ledger.summaries(e, variant)![m]!.push(value, metric.covariate?.(outcome), cluster, !x);
      if (metric.role !== 'secondary') {
        const stratum = this.ledger.epochs[e]!.stratum;
        this.segments.push({ stratum, variant, metric: m, time: outcome.at }, s, value);
      }
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
