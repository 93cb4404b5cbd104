import type { Summary } from '../summaries/Summary.ts';
import { checkSameKind, checkState, type Versioned } from '../summaries/snapshot.ts';
import { type ConfusionCounts, checkConfusion } from './ConfusionCounts.ts';

/** The state of {@link ConfusionTable}. */
export interface ConfusionTableState extends Versioned<'confusion-table'>, ConfusionCounts {
  readonly invalid: number;
}

/** A class label of a two-class problem. */
export type BinaryLabel = boolean | 0 | 1;

/**
 * Counts of a two-class prediction against the truth: mergeable, four numbers. What they say is computed by
 * {@link confusionRates} and {@link confusionScores}.
 *
 * @example
 * const table = new ConfusionTable().push(true, true).push(true, false).push(false, false);
 * confusionRates(table).precision; // estimate 0.5, interval [0.0945..., 0.9054...]
 */
export class ConfusionTable implements Summary<ConfusionTableState>, ConfusionCounts {
  #truePositives = 0;
  #falsePositives = 0;
  #trueNegatives = 0;
  #falseNegatives = 0;
  #invalid = 0;

  /** A table of counts taken elsewhere. @throws InvalidDataError unless all four are finite and at least 0 */
  static of(counts: ConfusionCounts): ConfusionTable {
    checkConfusion(counts);
    const table = new ConfusionTable();
    table.#truePositives = counts.truePositives;
    table.#falsePositives = counts.falsePositives;
    table.#trueNegatives = counts.trueNegatives;
    table.#falseNegatives = counts.falseNegatives;
    return table;
  }

  /** Takes in one prediction with its truth. What is neither a boolean nor 0 or 1 counts as invalid. Returns this table. */
  push(predicted: BinaryLabel, actual: BinaryLabel): this {
    const yes = predicted === true || predicted === 1;
    const was = actual === true || actual === 1;
    if (!(yes || predicted === false || predicted === 0) || !(was || actual === false || actual === 0)) {
      this.#invalid += 1;
    } else if (yes) {
      if (was) this.#truePositives += 1;
      else this.#falsePositives += 1;
    } else if (was) this.#falseNegatives += 1;
    else this.#trueNegatives += 1;
    return this;
  }

  /** Takes in every pair, in order. Returns this table. */
  pushAll(pairs: Iterable<readonly [predicted: BinaryLabel, actual: BinaryLabel]>): this {
    for (const [predicted, actual] of pairs) this.push(predicted, actual);
    return this;
  }

  merge(other: ConfusionTable): this {
    checkSameKind('confusion-table', other instanceof ConfusionTable);
    this.#truePositives += other.#truePositives;
    this.#falsePositives += other.#falsePositives;
    this.#trueNegatives += other.#trueNegatives;
    this.#falseNegatives += other.#falseNegatives;
    this.#invalid += other.#invalid;
    return this;
  }

  get truePositives(): number {
    return this.#truePositives;
  }
  get falsePositives(): number {
    return this.#falsePositives;
  }
  get trueNegatives(): number {
    return this.#trueNegatives;
  }
  get falseNegatives(): number {
    return this.#falseNegatives;
  }
  /** Predictions taken in. */
  get n(): number {
    return this.#truePositives + this.#falsePositives + this.#trueNegatives + this.#falseNegatives;
  }
  /** Pairs refused. */
  get invalid(): number {
    return this.#invalid;
  }

  toJSON(): ConfusionTableState {
    return {
      kind: 'confusion-table',
      version: 1,
      invalid: this.#invalid,
      truePositives: this.#truePositives,
      falsePositives: this.#falsePositives,
      trueNegatives: this.#trueNegatives,
      falseNegatives: this.#falseNegatives,
    };
  }

  /** A table that goes on where `state` was taken. @throws SnapshotError if it is not the state of a ConfusionTable */
  static fromJSON(state: ConfusionTableState): ConfusionTable {
    checkState('confusion-table', state, [
      'invalid',
      'truePositives',
      'falsePositives',
      'trueNegatives',
      'falseNegatives',
    ]);
    const table = ConfusionTable.of(state);
    table.#invalid = state.invalid;
    return table;
  }
}
