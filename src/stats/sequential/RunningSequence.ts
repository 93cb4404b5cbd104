import { InvalidDataError } from '../../core/errors.ts';
import { checkState, type Versioned } from '../summaries/snapshot.ts';
import type { EstimateResult, Interval } from '../types.ts';

/** The state of `RunningSequence`. `null` stands for an open end, or for a level that no look has set yet. */
export interface RunningSequenceState extends Versioned<'running-sequence'> {
  readonly looks: number;
  readonly pValue: number;
  readonly level: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * What all looks at one anytime-valid sequence say together: the smallest p-value so far and the intersection of the
 * intervals so far, both as valid as a single look and never weaker. It depends on when one looked, so it does not
 * merge, and it holds for a quantity that does not change.
 *
 * @example
 * const running = new RunningSequence();
 * running.push(asymptoticMeanSequence({ n: 200, mean: 0.4, variance: 1 }));
 * running.push(asymptoticMeanSequence({ n: 400, mean: 0.2, variance: 1 }));
 * running.interval; // [0.03937837215055767, 0.40429321157925524]
 */
export class RunningSequence {
  #looks = 0;
  #pValue = 1;
  #level: number | undefined;
  #lower = Number.NEGATIVE_INFINITY;
  #upper = Number.POSITIVE_INFINITY;

  /**
   * Takes in one look; an inconclusive one changes nothing. Returns this object.
   * @throws InvalidDataError for a result that is not anytime-valid, or of another level than those before
   */
  push(result: EstimateResult): this {
    if (result.validity !== 'anytime') {
      throw new InvalidDataError('result.validity', result.validity, "'anytime': only such looks may be combined");
    }
    if (result.status !== 'ok') return this;
    if (this.#level !== undefined && result.level !== this.#level) {
      throw new InvalidDataError('result.level', result.level, `${this.#level}, the level of the looks before`);
    }
    this.#level = result.level;
    this.#looks += 1;
    this.#pValue = Math.min(this.#pValue, result.pValue);
    this.#lower = Math.max(this.#lower, result.interval[0]);
    this.#upper = Math.min(this.#upper, result.interval[1]);
    return this;
  }

  /** Conclusive looks so far. */
  get looks(): number {
    return this.#looks;
  }
  /** The smallest p-value so far; 1 before the first look. */
  get pValue(): number {
    return this.#pValue;
  }
  /** The intersection of the intervals; `undefined` where they have nothing in common: then the quantity has changed,
   * or the error of probability alpha has happened. */
  get interval(): Interval | undefined {
    return this.#lower <= this.#upper ? [this.#lower, this.#upper] : undefined;
  }

  /** The whole state as plain JSON, to go on from later or elsewhere. */
  toJSON(): RunningSequenceState {
    return {
      kind: 'running-sequence',
      version: 1,
      looks: this.#looks,
      pValue: this.#pValue,
      level: this.#level ?? null,
      lower: Number.isFinite(this.#lower) ? this.#lower : null,
      upper: Number.isFinite(this.#upper) ? this.#upper : null,
    };
  }

  /** Goes on where `state` was taken. @throws SnapshotError if it is not the state of a RunningSequence */
  static fromJSON(state: RunningSequenceState): RunningSequence {
    checkState('running-sequence', state, ['looks', 'pValue']);
    const running = new RunningSequence();
    running.#looks = state.looks;
    running.#pValue = state.pValue;
    running.#level = state.level ?? undefined;
    running.#lower = state.lower ?? Number.NEGATIVE_INFINITY;
    running.#upper = state.upper ?? Number.POSITIVE_INFINITY;
    return running;
  }
}
