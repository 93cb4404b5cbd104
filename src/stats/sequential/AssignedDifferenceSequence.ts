import { checkFinite, checkOptions, checkProbability } from '../../core/check.ts';
import { checkSameKind, checkState, type Versioned } from '../summaries/snapshot.ts';
import type { EstimateResult, Interval } from '../types.ts';
import { BettingSequence, type BettingSequenceState } from './BettingSequence.ts';
import type { SequenceOptions } from './SequenceOptions.ts';

/** Options of `AssignedDifferenceSequence`. */
export interface AssignedDifferenceOptions {
  /** The probability with which a request went to the first arm; strictly between 0 and 1. */
  readonly share: number;
  /** The least and the largest possible observation. @defaultValue [0, 1] */
  readonly range?: Interval;
  /**
   * A guess of the mean, made before the data: the nearer, the narrower the sequence, and valid however wrong.
   * @defaultValue the lower end of the range, which suits rare errors
   */
  readonly anchor?: number;
  /**
   * The estimand is the mean of the first arm minus `factor` times that of the second: 1.2 asks whether the first is
   * more than 20 % above the second.
   * @defaultValue 1
   */
  readonly factor?: number;
  /** Bins of the table behind, see `BettingSequenceOptions`. @defaultValue 256 */
  readonly bins?: number;
}

/** The state of `AssignedDifferenceSequence`. */
export interface AssignedDifferenceState extends Versioned<'assigned-difference-sequence'> {
  readonly share: number;
  readonly anchor: number;
  readonly factor: number;
  readonly first: number;
  readonly second: number;
  readonly scores: BettingSequenceState;
}

/**
 * The exact confidence sequence of a difference of bounded means between two arms, first minus second, where the
 * assignment is random with a known probability: valid from the first request on, for any distribution, also where it
 * drifts, as both arms drift together. Every observation becomes an inverse-probability-weighted score whose
 * expectation is the difference, and the scores go into a betting sequence; they merge as it does.
 *
 * One object per share: stages with other shares are other objects, whose e-values multiply
 * (`multiplyEValues`).
 *
 * @example
 * const errors = new AssignedDifferenceSequence({ share: 0.1 });
 * // Every tenth request goes to the first arm, which fails on every third of them; the second arm never fails.
 * for (let i = 0; i < 500; i += 1) errors.push(i % 10 === 0, i % 30 === 0 ? 1 : 0);
 * const result = errors.estimate({ alternative: 'greater' });
 * result.status === 'ok' && result.interval; // [0.151..., 10]
 * @see Waudby-Smith & Ramdas (2024), JRSS-B 86(1), doi:10.1093/jrsssb/qkad009; Horvitz & Thompson (1952), JASA 47(260),
 * doi:10.1080/01621459.1952.10483446
 */
export class AssignedDifferenceSequence {
  readonly #share: number;
  readonly #anchor: number;
  readonly #factor: number;
  #first = 0;
  #second = 0;
  #scores: BettingSequence;

  /** @throws InvalidOptionError */
  constructor(options: AssignedDifferenceOptions) {
    checkOptions('options', options, ['share', 'range', 'anchor', 'factor', 'bins']);
    const { range = [0, 1], factor = 1, bins = 256 } = options;
    const [low, high] = range;
    checkFinite('range[0]', low);
    checkFinite('range[1]', high, { gt: low });
    this.#share = checkProbability('share', options.share);
    this.#factor = checkFinite('factor', factor, { gt: 0 });
    this.#anchor = checkFinite('anchor', options.anchor ?? low);
    const extremes = [
      this.#score(true, low),
      this.#score(true, high),
      this.#score(false, low),
      this.#score(false, high),
    ];
    this.#scores = new BettingSequence({ range: [Math.min(...extremes), Math.max(...extremes)], bins });
  }

  /** Takes in one observation of the first arm or of the second. Returns this object. */
  push(first: boolean, x: number): this {
    const before = this.#scores.n;
    this.#scores.push(this.#score(first, x));
    const taken = this.#scores.n - before;
    if (first) this.#first += taken;
    else this.#second += taken;
    return this;
  }

  /** Takes in all that `other` has seen. Returns this object. @throws SnapshotError if `other` has other options */
  merge(other: AssignedDifferenceSequence): this {
    const same =
      other instanceof AssignedDifferenceSequence &&
      other.#share === this.#share &&
      other.#anchor === this.#anchor &&
      other.#factor === this.#factor;
    checkSameKind('assigned-difference-sequence', same);
    this.#scores.merge(other.#scores);
    this.#first += other.#first;
    this.#second += other.#second;
    return this;
  }

  /** Observations of both arms. */
  get n(): readonly [first: number, second: number] {
    return [this.#first, this.#second];
  }
  /** Observations refused: outside the range. */
  get invalid(): number {
    return this.#scores.invalid;
  }

  /**
   * What the observations say of the difference. The default of `nullValue` is 0.
   * @returns `inconclusive` where there is nothing
   * @throws InvalidOptionError
   */
  estimate(options: SequenceOptions = {}): EstimateResult {
    const result = this.#scores.estimate({ nullValue: 0, ...options });
    return { ...result, method: 'assigned-difference-sequence', n: this.n };
  }

  /** The logarithm of the e-value of `estimate` alone, for a judge that looks at every request. 0 where there is nothing. */
  logEValue(options: SequenceOptions = {}): number {
    return this.#scores.logEValue({ nullValue: 0, ...options });
  }

  /** The whole state as plain JSON, to go on from later or elsewhere. */
  toJSON(): AssignedDifferenceState {
    return {
      kind: 'assigned-difference-sequence',
      version: 1,
      share: this.#share,
      anchor: this.#anchor,
      factor: this.#factor,
      first: this.#first,
      second: this.#second,
      scores: this.#scores.toJSON(),
    };
  }

  /** A sequence that goes on where `state` was taken. @throws SnapshotError if it is not the state of one */
  static fromJSON(state: AssignedDifferenceState): AssignedDifferenceSequence {
    checkState('assigned-difference-sequence', state, ['share', 'anchor', 'factor', 'first', 'second']);
    const { share, anchor, factor } = state;
    const sequence = new AssignedDifferenceSequence({ share, anchor, factor });
    sequence.#scores = BettingSequence.fromJSON(state.scores);
    sequence.#first = state.first;
    sequence.#second = state.second;
    return sequence;
  }

  /** The score of an observation: its expectation over the assignment is the difference. */
  #score(first: boolean, x: number): number {
    return first ? (x - this.#anchor) / this.#share : (this.#anchor - this.#factor * x) / (1 - this.#share);
  }
}
