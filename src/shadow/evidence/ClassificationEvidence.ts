import type { Json } from '../../core/json.ts';
import { accuracy, recall, specificity } from '../../metrics/classificationMetrics.ts';
import type { Metric } from '../../metrics/Metric.ts';
import type { Rng } from '../../random/Rng.ts';
import { CalibrationBins, type CalibrationBinsState } from '../../stats/quality/CalibrationBins.ts';
import { ConfusionTable, type ConfusionTableState } from '../../stats/quality/ConfusionTable.ts';
import type { RecordedReading } from '../ShadowRecord.ts';
import { checkCount } from './drops.ts';
import { MetricEvidence } from './MetricEvidence.ts';
import { RowSample } from './RowSample.ts';

/** What two classifiers said of the same labelled requests. */
interface ClassifierState {
  readonly table: ConfusionTableState;
  readonly calibration: CalibrationBinsState;
}

/** One model's counts. */
class Classifier {
  table: ConfusionTable = new ConfusionTable();
  calibration: CalibrationBins = new CalibrationBins();

  push({ positive, score }: RecordedReading, actual: boolean): void {
    if (positive !== undefined) this.table.push(positive, actual);
    if (typeof score === 'number') this.calibration.push(score, actual);
  }
  merge(other: Classifier): void {
    this.table.merge(other.table);
    this.calibration.merge(other.calibration);
  }
  toJSON(): ClassifierState {
    return { table: this.table.toJSON(), calibration: this.calibration.toJSON() };
  }
  load({ table, calibration }: ClassifierState): void {
    this.table = ConfusionTable.fromJSON(table);
    this.calibration = CalibrationBins.fromJSON(calibration);
  }
}

/** Pairs of verdicts: both right, only the primary, only the shadow, neither. */
export type PairedVerdicts = readonly [both: number, onlyPrimary: number, onlyShadow: number, neither: number];

/** Rates that both models have on the very same requests. */
export const PAIRED_RATES = ['accuracy', 'recall', 'specificity'] as const;

/** The evidence about two classes: tables, calibration, pairs, and a sample of scores. */
export class ClassificationEvidence {
  readonly primary: Classifier = new Classifier();
  readonly candidate: Classifier = new Classifier();
  readonly paired: Readonly<Record<(typeof PAIRED_RATES)[number], MetricEvidence>>;
  readonly #scores: RowSample;
  #verdicts: [number, number, number, number] = [0, 0, 0, 0];

  constructor(sampleSize: number, rng: Rng) {
    const evidence = (metric: unknown): MetricEvidence => {
      const plain = metric as Metric;
      return new MetricEvidence(plain, rng.fork(plain.name));
    };
    this.paired = {
      accuracy: evidence(accuracy()),
      recall: evidence(recall()),
      specificity: evidence(specificity()),
    };
    this.#scores = new RowSample(3, sampleSize, rng.fork('scores'));
  }

  /** A labelled request; a model without an answer is left out of its own counts and of all pairs. */
  push(primary: RecordedReading, candidate: RecordedReading, actual: boolean): void {
    this.primary.push(primary, actual);
    this.candidate.push(candidate, actual);
    if (typeof primary.score === 'number' && typeof candidate.score === 'number') {
      this.#scores.push(primary.score, candidate.score, Number(actual));
    }
    if (primary.positive === undefined || candidate.positive === undefined) return;
    const [first, second] = [primary.positive === actual, candidate.positive === actual];
    this.#verdicts[first ? (second ? 0 : 1) : second ? 2 : 3] += 1;
    const values = [Number(first), Number(second)] as const;
    this.paired.accuracy.push(...values);
    this.paired[actual ? 'recall' : 'specificity'].push(...values);
  }

  /** Labelled requests on which both have said something. */
  get n(): number {
    return this.#verdicts.reduce((sum, count) => sum + count, 0);
  }
  get verdicts(): PairedVerdicts {
    return this.#verdicts;
  }
  /** (score of the primary, score of the shadow, truth 0 or 1). */
  get scores(): RowSample {
    return this.#scores;
  }

  merge(other: ClassificationEvidence): void {
    this.primary.merge(other.primary);
    this.candidate.merge(other.candidate);
    for (const rate of PAIRED_RATES) this.paired[rate].merge(other.paired[rate]);
    this.#scores.merge(other.#scores);
    other.#verdicts.forEach((count, i) => {
      this.#verdicts[i]! += count;
    });
  }

  toJSON(): Json {
    const paired = PAIRED_RATES.map((rate) => this.paired[rate].toJSON());
    const sides = { primary: this.primary.toJSON(), candidate: this.candidate.toJSON() };
    return { ...sides, paired, scores: this.#scores.toJSON(), verdicts: [...this.#verdicts] } as unknown as Json;
  }

  load(json: Json): void {
    const state = json as unknown as {
      primary: ClassifierState;
      candidate: ClassifierState;
      paired: readonly Json[];
      scores: Json;
      verdicts: [number, number, number, number];
    };
    this.primary.load(state.primary);
    this.candidate.load(state.candidate);
    for (const [i, rate] of PAIRED_RATES.entries()) this.paired[rate].load(state.paired[i]!);
    this.#scores.load(state.scores);
    for (const i of [0, 1, 2, 3] as const) this.#verdicts[i] = checkCount('verdicts', state.verdicts[i]);
  }
}
