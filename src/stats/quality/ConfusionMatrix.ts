import { InvalidOptionError, SnapshotError } from '../../core/errors.ts';
import type { Summary } from '../summaries/Summary.ts';
import { checkSameKind, checkState, type Versioned } from '../summaries/snapshot.ts';

/** The name of a class. */
export type ClassLabel = string | number;

/** The state of {@link ConfusionMatrix}. */
export interface ConfusionMatrixState extends Versioned<'confusion-matrix'> {
  readonly invalid: number;
  readonly classes: readonly ClassLabel[];
  /** Rows are actual classes, columns predicted ones, both in the order of `classes`. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts of predictions into several classes against the truth: mergeable. {@link multiclassScores} says what they mean.
 *
 * @example
 * const matrix = new ConfusionMatrix(['good', 'scratch', 'edge']).push('good', 'good').push('edge', 'scratch');
 * matrix.counts[1]; // the actual scratches: [0, 0, 1]
 */
export class ConfusionMatrix implements Summary<ConfusionMatrixState> {
  readonly #classes: readonly ClassLabel[];
  readonly #index: ReadonlyMap<unknown, number>;
  readonly #counts: number[][];
  #invalid = 0;

  /** @throws InvalidOptionError for fewer than two classes, or one that is there twice */
  constructor(classes: readonly ClassLabel[]) {
    if (!Array.isArray(classes) || classes.length < 2) throw new InvalidOptionError('classes', classes, 'two or more');
    this.#classes = [...classes];
    this.#index = new Map(classes.map((label, i) => [label, i]));
    if (this.#index.size !== classes.length) throw new InvalidOptionError('classes', classes, 'distinct');
    this.#counts = classes.map(() => new Array<number>(classes.length).fill(0));
  }

  /** Takes in one prediction with its truth; a class that the matrix does not have counts as invalid. */
  push(predicted: ClassLabel, actual: ClassLabel): this {
    const [column, row] = [this.#index.get(predicted), this.#index.get(actual)];
    if (column === undefined || row === undefined) this.#invalid += 1;
    else this.#counts[row]![column]! += 1;
    return this;
  }

  /** Takes in every pair, in order. Returns this matrix. */
  pushAll(pairs: Iterable<readonly [predicted: ClassLabel, actual: ClassLabel]>): this {
    for (const [predicted, actual] of pairs) this.push(predicted, actual);
    return this;
  }

  /** @throws InvalidOptionError if the classes differ */
  merge(other: ConfusionMatrix): this {
    checkSameKind('confusion-matrix', other instanceof ConfusionMatrix);
    const same =
      other.#classes.length === this.#classes.length && other.#classes.every((c, i) => c === this.#classes[i]);
    if (!same) throw new InvalidOptionError('classes', other.#classes, 'the same, in the same order, in both matrices');
    for (const [i, row] of this.#counts.entries())
      for (let j = 0; j < row.length; j += 1) row[j]! += other.#counts[i]![j]!;
    this.#invalid += other.#invalid;
    return this;
  }

  /** The labels of rows and columns, in their order. */
  get classes(): readonly ClassLabel[] {
    return this.#classes;
  }
  /** Rows are actual classes, columns predicted ones. A copy. */
  get counts(): readonly (readonly number[])[] {
    return this.#counts.map((row) => [...row]);
  }
  /** Predictions taken in. */
  get n(): number {
    return this.#counts.flat().reduce((sum, count) => sum + count, 0);
  }
  /** Pairs refused. */
  get invalid(): number {
    return this.#invalid;
  }

  toJSON(): ConfusionMatrixState {
    return {
      kind: 'confusion-matrix',
      version: 1,
      invalid: this.#invalid,
      classes: [...this.#classes],
      counts: this.counts,
    };
  }

  /** A matrix that goes on where `state` was taken. @throws SnapshotError if it is not the state of a ConfusionMatrix */
  static fromJSON(state: ConfusionMatrixState): ConfusionMatrix {
    checkState('confusion-matrix', state, ['invalid']);
    const { classes, counts } = state;
    const square = (row: unknown): boolean =>
      Array.isArray(row) && row.length === classes.length && row.every((count) => Number.isFinite(count) && count >= 0);
    if (
      !Array.isArray(classes) ||
      !Array.isArray(counts) ||
      counts.length !== classes.length ||
      !counts.every(square)
    ) {
      throw new SnapshotError(
        'the state of a confusion-matrix summary must hold one finite count for each pair of classes',
      );
    }
    const matrix = new ConfusionMatrix(classes);
    for (const [i, row] of matrix.#counts.entries()) for (let j = 0; j < row.length; j += 1) row[j] = counts[i]![j]!;
    matrix.#invalid = state.invalid;
    return matrix;
  }
}
