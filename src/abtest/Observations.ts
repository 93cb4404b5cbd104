import type { Json } from '../core/json.ts';
import type { Unit } from '../core/Unit.ts';
import type { Outcome } from '../metrics/Outcome.ts';
import type { Rng } from '../random/Rng.ts';
import type { ABTestSettings } from './ABTestOptions.ts';
import { DeltaStatistics, type SavedStatistics } from './DeltaStatistics.ts';
import { type HeldTruths, MaturedPrefix, NOTHING_HELD } from './MaturedPrefix.ts';
import { NO_SEGMENTS, type Note } from './Note.ts';
import { type PairNote, PairScorer, type PairScorerOptions } from './PairScorer.ts';
import { RepeatSample } from './RepeatSample.ts';
import { SeenUnits } from './SeenUnits.ts';
import { type Due, ValueIntake } from './ValueIntake.ts';
import type { Variants } from './variants.ts';

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
  /** Told of every failure of a challenger that counts. */
  readonly failed: (variant: number) => void;
}

interface Saved extends SavedStatistics {
  readonly units: Json;
  readonly repeats: Json;
  /** Units that have failed. */
  readonly failing: Json;
  readonly matured: Json;
}

/**
 * Turns what happens to requests into statistics: who was assigned what, what came of it, and what the other models would
 * have answered.
 */
export class Observations {
  readonly statistics: DeltaStatistics;
  readonly scorer: PairScorer | undefined;
  readonly #options: ObservationsOptions;
  readonly #intake: ValueIntake;
  readonly #matured: MaturedPrefix | undefined;
  readonly #units = new SeenUnits();
  readonly #repeats = new RepeatSample();
  readonly #failing = new SeenUnits();
  readonly #index: Readonly<Record<string, number>>;

  constructor(options: ObservationsOptions) {
    const { settings, variants, stream, ask, truthWindowMs, contain } = options;
    const { metrics, sampleSize, paired, analyse, labels } = settings;
    const { names } = variants;
    this.#options = options;
    this.#index = Object.fromEntries(names.map((name, i) => [name, i]));
    const keepDisagreements = paired?.keepDisagreements;
    const statistics = new DeltaStatistics({ metrics, names, sampleSize, keepDisagreements, stream });
    this.statistics = statistics;
    this.#intake = new ValueIntake({ metrics, labels, clusters: this.#clusters, statistics, contain });
    this.#matured =
      analyse === 'matured' ? new MaturedPrefix((outcome) => this.#truth(outcome), truthWindowMs) : undefined;
    this.scorer = paired === undefined ? undefined : new PairScorer({ names, agree: paired.agree, ask });
  }

  /**
   * Counts an assignment.
   * @returns undefined where it is independent of those before: a unit's first, or a draw; else for how many such requests
   * it stands
   */
  assign(variant: number, unit: Unit | undefined): number | undefined {
    const known = unit === undefined || !this.#options.sticky ? undefined : this.#repeats.add(unit);
    const independent = known === undefined || this.#units.add(unit!);
    this.statistics.assign(variant, independent);
    return independent ? undefined : known;
  }

  /**
   * For how many requests of units that were here before this one stands, where draws are independent and answers are not:
   * all models are asked about every request of a unit, whoever is drawn to serve it.
   */
  again(unit: Unit | undefined): number {
    return unit === undefined || this.#options.sticky ? 0 : this.#repeats.add(unit);
  }

  /** The assigned variant has answered or failed. @param tracked whether its truth can still come */
  settled(outcome: Outcome, tracked: boolean): void {
    const note = outcome.note as Note;
    const variant = this.#index[outcome.variant]!;
    if (note.x) this.statistics.balance(note.e, variant, outcome.at, note.s ?? NO_SEGMENTS);
    this.statistics.serve(variant, outcome.status, outcome.latencyMs);
    if (tracked && outcome.requestId !== undefined) this.#matured?.open(outcome.requestId, outcome.at);
    if (this.scorer === undefined) {
      this.#intake.take(outcome, note, variant, 'serve');
      if (outcome.status !== 'cancelled') this.#attempt(outcome, note, variant);
    } else if (outcome.status !== 'cancelled') this.#scorePairs(this.scorer, outcome, note as PairNote);
  }

  /** The truth has come. */
  joined(outcome: Outcome): void {
    const note = outcome.note as Note;
    if (note.x && outcome.truth !== undefined && this.#intake.countsAsLabel(outcome)) {
      this.statistics.label(note.e, this.#index[outcome.variant]!);
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

  /** A request that another replica served waits for its truth here. */
  adopted({ requestId, at }: Outcome): void {
    if (requestId !== undefined) this.#matured?.adopt(requestId, at);
  }

  /** Takes in what is held back, where its window is over. */
  expire(now: number): void {
    this.#matured?.expire(now);
  }

  /** Whether requests of one unit depend on each other: all go to one variant, or to all of them. */
  get #clusters(): boolean {
    return this.#options.sticky || this.#options.settings.paired !== undefined;
  }

  /** Truths that are here and not analysed yet. */
  get held(): HeldTruths {
    return this.#matured?.held ?? NOTHING_HELD;
  }

  toJSON(): Json {
    const saved: Saved = {
      ...this.statistics.toJSON(),
      units: this.#units.toJSON(),
      repeats: this.#repeats.toJSON(),
      failing: this.#failing.toJSON(),
      matured: this.#matured?.toJSON() ?? null,
    };
    return saved as unknown as Json;
  }

  /** Takes over what `toJSON` returned. May throw half-way. */
  load(json: Json): void {
    const saved = json as unknown as Saved;
    this.statistics.load(saved);
    this.#units.load(saved.units);
    this.#repeats.load(saved.repeats);
    this.#failing.load(saved.failing);
    if (saved.matured !== null) this.#matured?.load(saved.matured);
  }

  #truth(outcome: Outcome): void {
    const note = outcome.note as Note;
    if (this.scorer === undefined) {
      this.#intake.take(outcome, note, this.#index[outcome.variant]!, 'truth');
      return;
    }
    const pairs = note as PairNote;
    if (this.scorer.complete(pairs)) this.#takePairs(this.scorer, outcome, pairs, 'truth');
    else pairs.early = { truth: outcome.truth };
  }

  /** A failure counts once for a unit: those of one unit depend on each other. */
  #attempt({ status, unit }: Outcome, { e: epoch }: Note, variant: number): void {
    const counts = status !== 'ok' && this.#failsFirst(unit);
    this.statistics.attempt(epoch, variant, counts ? 'failures' : undefined);
    if (counts && variant > 0) this.#options.failed(variant);
  }

  #failsFirst(unit: Unit | undefined): boolean {
    return unit === undefined || !this.#clusters || this.#failing.add(unit);
  }

  /** Each challenger beside the champion on one request: only where one of them fails alone it counts. */
  #attemptPairs(scorer: PairScorer, outcome: Outcome, note: PairNote): void {
    const fails = this.#options.variants.names.map((name) => scorer.outcomeOf(outcome, name, note)?.status);
    const differ = fails.some((status) => (status === 'ok') !== (fails[0] === 'ok'));
    const first = differ && this.#failsFirst(outcome.unit);
    for (let v = 1; v < fails.length; v += 1) {
      const [champion, challenger] = [fails[0] === 'ok', fails[v] === 'ok'];
      const what = !first || champion === challenger ? undefined : champion ? 'failures' : 'spared';
      this.statistics.attempt(note.e, v, what);
      if (what === 'failures') this.#options.failed(v);
    }
  }

  #scorePairs(scorer: PairScorer, outcome: Outcome, note: PairNote): void {
    scorer.score(outcome, note, () => {
      for (const [name, { status, latencyMs }] of Object.entries(note.answers)) {
        this.statistics.serve(this.#index[name]!, status, latencyMs);
      }
      try {
        scorer.compare(outcome, note, (i, disagreement) => this.statistics.compare(i, disagreement));
      } catch (error) {
        this.#options.contain('agree', error);
      }
      this.#takePairs(scorer, outcome, note, 'serve');
      this.#attemptPairs(scorer, outcome, note);
      if (note.early !== undefined) this.#takePairs(scorer, { ...outcome, truth: note.early.truth }, note, 'truth');
    });
  }

  #takePairs(scorer: PairScorer, outcome: Outcome, note: PairNote, due: Due): void {
    const { names } = this.#options.variants;
    // The chance of the truth is that of the answer which was served, whoever else was asked.
    const standing = this.#intake.standingOf(outcome, due);
    if (standing === undefined) return;
    const unit = this.#intake.unitOf(outcome, note as Note);
    for (const m of this.#intake.due[due]) {
      // One cap for both models on a request: a pilot that ends here ends after it.
      const cap = this.statistics.total.caps.capOf(m);
      const values = names.map((name, v) => {
        const own = scorer.outcomeOf(outcome, name, note);
        return own === undefined ? undefined : this.#intake.push(own, note as Note, v, m, standing, unit, cap);
      });
      for (let v = 1; v < names.length; v += 1) this.statistics.pair(note.e, v, m, [values[0], values[v]], unit);
    }
  }
}
