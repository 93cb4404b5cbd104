import { SnapshotError, show } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { accuracy } from '../../metrics/classificationMetrics.ts';
import type { Metric } from '../../metrics/Metric.ts';
import type { Rng } from '../../random/Rng.ts';
import { type ClassLabel, ConfusionMatrix, type ConfusionMatrixState } from '../../stats/quality/ConfusionMatrix.ts';
import type { RecordedReading } from '../ShadowRecord.ts';
import { MetricEvidence } from './MetricEvidence.ts';

interface ClassesState {
  readonly primary: ConfusionMatrixState;
  readonly candidate: ConfusionMatrixState;
  readonly paired: Json;
}

/** The evidence about several classes: both models' matrices, and who was right on the same requests. */
export class ClassesEvidence {
  readonly labels: readonly ClassLabel[];
  readonly paired: MetricEvidence;
  primary: ConfusionMatrix;
  candidate: ConfusionMatrix;

  constructor(labels: readonly ClassLabel[], rng: Rng) {
    this.labels = labels;
    this.primary = new ConfusionMatrix(labels);
    this.candidate = new ConfusionMatrix(labels);
    this.paired = new MetricEvidence(accuracy() as unknown as Metric, rng.fork('accuracy'));
  }

  /** A labelled request; a model without an answer is left out of its own counts and of the pairs. */
  push(primary: RecordedReading, candidate: RecordedReading, actual: ClassLabel): void {
    // A class that is none of the labels is refused by the matrix, and wrong in the pairs.
    if (primary.label !== undefined) this.primary.push(primary.label as ClassLabel, actual);
    if (candidate.label !== undefined) this.candidate.push(candidate.label as ClassLabel, actual);
    if (primary.label === undefined || candidate.label === undefined) return;
    this.paired.push(Number(primary.label === actual), Number(candidate.label === actual));
  }

  /** @throws SnapshotError where the classes are others */
  check(labels: readonly ClassLabel[]): void {
    if (labels.length === this.labels.length && labels.every((label, i) => label === this.labels[i])) return;
    throw new SnapshotError(`the classes must be ${show(this.labels)}, got ${show(labels)}`);
  }

  merge(other: ClassesEvidence): void {
    this.primary.merge(other.primary);
    this.candidate.merge(other.candidate);
    this.paired.merge(other.paired);
  }

  toJSON(): Json {
    const { primary, candidate, paired } = this;
    return { primary: primary.toJSON(), candidate: candidate.toJSON(), paired: paired.toJSON() } as unknown as Json;
  }

  load(json: Json): void {
    const { primary, candidate, paired } = json as unknown as ClassesState;
    const [first, second] = [ConfusionMatrix.fromJSON(primary), ConfusionMatrix.fromJSON(candidate)];
    this.check(first.classes);
    this.check(second.classes);
    this.primary = first;
    this.candidate = second;
    this.paired.load(paired);
  }
}
