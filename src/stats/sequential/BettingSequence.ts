import { checkFinite, checkInteger, checkOptions } from '../../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../../core/errors.ts';
import { inconclusive } from '../inconclusive.ts';
import type { NumberSummary } from '../summaries/Summary.ts';
import { checkSameKind, checkState, isFiniteList, type Versioned } from '../summaries/snapshot.ts';
import type { EstimateResult, Interval } from '../types.ts';
import { type BoundedTable, boundedMeanEstimate, boundedMeanEvidence, boundedTable } from './boundedMeanEstimate.ts';
import { type ResolvedSequence, resolveSequence, type SequenceOptions } from './SequenceOptions.ts';

/** Options of `BettingSequence`. */
export interface BettingSequenceOptions {
  /**
   * The least and the largest possible observation: [-1, 1] for paired differences of losses within [0, 1].
   * The narrower the range, the tighter the sequence.
   * @defaultValue [0, 1]
   */
  readonly range?: Interval;
  /**
   * Bins of the table, from 1 to 4096; memory is one number each. Observations that fall on the edges of bins (0 and 1,
   * or -1, 0 and 1) lose nothing, others the share `(width of a bin / standard deviation)^2 / 6` of the evidence.
   * @defaultValue 64
   */
  readonly bins?: number;
}

/** The state of `BettingSequence`. */
export interface BettingSequenceState extends Versioned<'betting-sequence'> {
  readonly range: Interval;
  readonly n: number;
  readonly invalid: number;
  /** Weights at the edges of the bins, from the lower end of the range to the upper. */
  readonly weights: readonly number[];
}

/**
 * The betting confidence sequence of the mean of bounded observations: exact from the first observation on, whatever
 * their distribution, and adaptive to their variance. A gambler who starts with 1 and bets against a mean m cannot be
 * expected to win if m is true; the interval holds every mean against which the gambler has not won 1 / alpha.
 *
 * The bets are a fixed mixture rather than predicted one after the other, so the wealth depends on the observations but
 * not on their order. Each is shared between the two nearest edges of a table, which keeps the mean and, the logarithm
 * being concave, can only understate the wealth. Hence constant memory, and two sequences merge into the one that had
 * seen everything: an exception to the rule that wealth does not merge.
 *
 * Observations outside the range break the guarantee: they are refused, counted as invalid, and the result warns.
 *
 * @example
 * const differences = new BettingSequence({ range: [-1, 1] }).pushAll([1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1]);
 * const result = differences.estimate({ alternative: 'greater' });
 * result.status === 'ok' && result.interval; // [0.0157..., 1]
 * @see Waudby-Smith & Ramdas (2024), Estimating means of bounded random variables by betting, JRSS-B 86(1),
 * doi:10.1093/jrsssb/qkad009; mixture over constant bets: Orabona & Jun (2024), Tight concentrations and confidence
 * sequences from the regret of universal portfolio, IEEE Trans. Inf. Theory 70(1), arXiv:2110.14099
 */
export class BettingSequence implements NumberSummary<BettingSequenceState> {
  readonly #range: Interval;
  readonly #width: number;
  #n = 0;
  #invalid = 0;
  #weights: Float64Array;

  /** @throws InvalidOptionError */
  constructor(options: BettingSequenceOptions = {}) {
    checkOptions('options', options, ['range', 'bins']);
    const { range = [0, 1], bins = 64 } = options;
    checkFinite('range[0]', range[0]);
    checkFinite('range[1]', range[1], { gt: range[0] });
    if (!Number.isFinite(range[1] - range[0])) throw new InvalidOptionError('range', range, 'of a finite width');
    checkInteger('bins', bins, { ge: 1, le: 4096 });
    this.#range = [range[0], range[1]];
    this.#weights = new Float64Array(bins + 1);
    this.#width = (range[1] - range[0]) / bins;
  }

  push(x: number): this {
    const [low, high] = this.#range;
    if (!(typeof x === 'number' && x >= low && x <= high)) {
      this.#invalid += 1;
      return this;
    }
    const last = this.#weights.length - 2;
    const place = (x - low) / this.#width;
    const bin = Math.min(last, Math.floor(place));
    const share = Math.min(1, place - bin);
    this.#weights[bin]! += 1 - share;
    this.#weights[bin + 1]! += share;
    this.#n += 1;
    return this;
  }

  pushAll(xs: Iterable<number>): this {
    for (const x of xs) this.push(x);
    return this;
  }

  merge(other: BettingSequence): this {
    checkSameKind('betting-sequence', other instanceof BettingSequence);
    const [low, high] = other.#range;
    const same = low === this.#range[0] && high === this.#range[1] && other.#weights.length === this.#weights.length;
    if (!same) throw new SnapshotError('betting sequences merge only if they have the same range and bins');
    for (const [i, weight] of other.#weights.entries()) this.#weights[i]! += weight;
    this.#n += other.#n;
    this.#invalid += other.#invalid;
    return this;
  }

  get n(): number {
    return this.#n;
  }
  get invalid(): number {
    return this.#invalid;
  }
  /** The mean of the observations; NaN where there is nothing. */
  get mean(): number {
    return this.#table().mean;
  }

  /**
   * What the observations say of their mean. `nullValue` lies strictly within the range; its default is the middle.
   * @returns `inconclusive` where there is nothing
   * @throws InvalidOptionError
   */
  estimate(options: SequenceOptions = {}): EstimateResult {
    const resolved = this.#resolve(options);
    const method = 'betting-sequence';
    const warnings = this.#invalid > 0 ? [`${this.#invalid} observations outside the range were left out`] : [];
    if (this.#n === 0) return inconclusive(method, [0], 'there are no observations yet', 'anytime', warnings);
    return { ...boundedMeanEstimate(method, this.#table(), resolved), n: [this.#n], warnings };
  }

  /**
   * The logarithm of the e-value of `estimate` alone, without the interval: for a judge that looks at every request.
   * 0 where there is nothing.
   * @throws InvalidOptionError
   */
  logEValue(options: SequenceOptions = {}): number {
    return boundedMeanEvidence(this.#table(), this.#resolve(options)).logEValue;
  }

  toJSON(): BettingSequenceState {
    return {
      kind: 'betting-sequence',
      version: 1,
      range: this.#range,
      n: this.#n,
      invalid: this.#invalid,
      weights: Array.from(this.#weights),
    };
  }

  /** A sequence that goes on where `state` was taken. @throws SnapshotError if it is not the state of one */
  static fromJSON(state: BettingSequenceState): BettingSequence {
    checkState('betting-sequence', state, ['n', 'invalid']);
    const { range, weights } = state;
    const sound = Array.isArray(range) && isFiniteList(weights) && weights.every((weight) => weight >= 0);
    if (!sound) throw new SnapshotError('the state of a betting-sequence must have a range and weights');
    const sequence = new BettingSequence({ range, bins: weights.length - 1 });
    sequence.#weights = Float64Array.from(weights);
    sequence.#n = state.n;
    sequence.#invalid = state.invalid;
    return sequence;
  }

  #resolve(options: SequenceOptions): ResolvedSequence {
    const [low, high] = this.#range;
    return resolveSequence(options, low + (high - low) / 2);
  }

  #table(): BoundedTable {
    const [low, high] = this.#range;
    const last = this.#weights.length - 1;
    const values = this.#weights.map((_, i) => (i === last ? high : low + i * this.#width));
    return boundedTable(values, this.#weights, this.#range);
  }
}
