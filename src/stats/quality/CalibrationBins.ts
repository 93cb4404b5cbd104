import { checkInteger, checkOptions } from '../../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../../core/errors.ts';
import type { Summary } from '../summaries/Summary.ts';
import { checkSameKind, checkState, type Versioned } from '../summaries/snapshot.ts';
import type { BinaryLabel } from './ConfusionTable.ts';

/** Options of {@link CalibrationBins}. */
export interface CalibrationOptions {
  /**
   * The number of bins of equal width within [0, 1], at least 1.
   * @defaultValue 10
   */
  readonly bins?: number;
}

/** The state of {@link CalibrationBins}. */
export interface CalibrationBinsState extends Versioned<'calibration-bins'> {
  readonly invalid: number;
  /** Predictions in each bin. */
  readonly counts: readonly number[];
  /** The sum of the predicted probabilities in each bin. */
  readonly sums: readonly number[];
  /** How often the answer was yes in each bin. */
  readonly positives: readonly number[];
}

/**
 * Predicted probabilities against what happened, in bins of equal width [k/K, (k+1)/K), the last one closed: mergeable
 * and in constant memory. {@link calibration} says what they mean.
 *
 * @example
 * const bins = new CalibrationBins({ bins: 2 }).push(0.2, false).push(0.4, true).push(0.9, true);
 * calibration(bins).expectedError; // (2/3) |0.3 - 0.5| + (1/3) |0.9 - 1| = 1/6
 */
export class CalibrationBins implements Summary<CalibrationBinsState> {
  readonly #counts: number[];
  readonly #sums: number[];
  readonly #positives: number[];
  #invalid = 0;

  /** @throws InvalidOptionError */
  constructor(options: CalibrationOptions = {}) {
    checkOptions('options', options, ['bins']);
    const { bins = 10 } = options;
    checkInteger('bins', bins, { ge: 1, le: 1e6 });
    this.#counts = new Array<number>(bins).fill(0);
    this.#sums = new Array<number>(bins).fill(0);
    this.#positives = new Array<number>(bins).fill(0);
  }

  /** Takes in one prediction with its truth; a probability outside [0, 1] or a label that is none counts as invalid. */
  push(probability: number, actual: BinaryLabel): this {
    const was = actual === true || actual === 1;
    const valid = probability >= 0 && probability <= 1 && (was || actual === false || actual === 0);
    if (!valid || typeof probability !== 'number') {
      this.#invalid += 1;
      return this;
    }
    const bin = Math.min(this.#counts.length - 1, Math.floor(this.#counts.length * probability));
    this.#counts[bin]! += 1;
    this.#sums[bin]! += probability;
    if (was) this.#positives[bin]! += 1;
    return this;
  }

  /** Takes in every pair, in order. Returns this summary. */
  pushAll(pairs: Iterable<readonly [probability: number, actual: BinaryLabel]>): this {
    for (const [probability, actual] of pairs) this.push(probability, actual);
    return this;
  }

  /** @throws InvalidOptionError if the numbers of bins differ */
  merge(other: CalibrationBins): this {
    checkSameKind('calibration-bins', other instanceof CalibrationBins);
    const bins = this.#counts.length;
    if (other.#counts.length !== bins) {
      throw new InvalidOptionError('bins', other.#counts.length, `${bins}, the same in both summaries`);
    }
    for (let i = 0; i < bins; i += 1) {
      this.#counts[i]! += other.#counts[i]!;
      this.#sums[i]! += other.#sums[i]!;
      this.#positives[i]! += other.#positives[i]!;
    }
    this.#invalid += other.#invalid;
    return this;
  }

  /** Predictions taken in. */
  get n(): number {
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }
  /** Pairs refused. */
  get invalid(): number {
    return this.#invalid;
  }
  /** Predictions in each bin. A copy. */
  get counts(): readonly number[] {
    return [...this.#counts];
  }
  /** The sum of the predicted probabilities in each bin. A copy. */
  get sums(): readonly number[] {
    return [...this.#sums];
  }
  /** How often the answer was yes in each bin. A copy. */
  get positives(): readonly number[] {
    return [...this.#positives];
  }

  toJSON(): CalibrationBinsState {
    const { counts, sums, positives } = this;
    return { kind: 'calibration-bins', version: 1, invalid: this.#invalid, counts, sums, positives };
  }

  /** A summary that goes on where `state` was taken. @throws SnapshotError if it is not the state of CalibrationBins */
  static fromJSON(state: CalibrationBinsState): CalibrationBins {
    checkState('calibration-bins', state, ['invalid']);
    const lists = [state.counts, state.sums, state.positives];
    const bins = Array.isArray(state.counts) ? state.counts.length : 0;
    const sound = lists.every((list) => Array.isArray(list) && list.length === bins && list.every(Number.isFinite));
    if (!sound || bins === 0) {
      throw new SnapshotError('the state of a calibration-bins summary must hold three finite numbers for each bin');
    }
    const summary = new CalibrationBins({ bins });
    for (let i = 0; i < bins; i += 1) {
      summary.#counts[i] = state.counts[i]!;
      summary.#sums[i] = state.sums[i]!;
      summary.#positives[i] = state.positives[i]!;
    }
    summary.#invalid = state.invalid;
    return summary;
  }
}
