import { checkOptions } from '../../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../../core/errors.ts';
import type { NumberSummary } from './Summary.ts';
import { checkSameKind, checkState, type Versioned } from './snapshot.ts';

/** Options of {@link Histogram}. */
export interface HistogramOptions {
  /** The edges of the bins, strictly increasing: two edges make one bin. See {@link equalBins}. */
  readonly edges: readonly number[];
}

/** The state of {@link Histogram}. */
export interface HistogramState extends Versioned<'histogram'> {
  readonly n: number;
  readonly invalid: number;
  readonly below: number;
  readonly above: number;
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/**
 * Counts of a stream of numbers in fixed bins. A bin holds its lower edge and not its upper one, except for the last,
 * which holds both. What lies outside is counted apart in `below` and `above`.
 *
 * @example
 * const scores = new Histogram({ edges: [0, 0.5, 1] }).pushAll([0.2, 0.5, 1, 1.1]);
 * scores.counts; // [1, 2]
 * scores.above; // 1
 */
export class Histogram implements NumberSummary<HistogramState> {
  readonly #edges: readonly number[];
  readonly #counts: number[];
  #n = 0;
  #invalid = 0;
  #below = 0;
  #above = 0;

  /** @throws InvalidOptionError */
  constructor(options: HistogramOptions) {
    checkOptions('options', options, ['edges']);
    const { edges } = options;
    const rising = Array.isArray(edges) && edges.every((edge, i) => Number.isFinite(edge) && !(edge <= edges[i - 1]!));
    if (!rising || edges.length < 2) {
      throw new InvalidOptionError('edges', edges, 'at least two finite numbers, strictly increasing');
    }
    this.#edges = edges.map((edge) => edge + 0);
    this.#counts = Array<number>(edges.length - 1).fill(0);
  }

  push(x: number): this {
    if (!Number.isFinite(x)) {
      this.#invalid += 1;
      return this;
    }
    this.#n += 1;
    const last = this.#edges.length - 1;
    if (x < this.#edges[0]!) this.#below += 1;
    else if (x > this.#edges[last]!) this.#above += 1;
    else this.#counts[this.#binOf(x)]! += 1;
    return this;
  }

  pushAll(xs: Iterable<number>): this {
    for (const x of xs) this.push(x);
    return this;
  }

  /** @throws InvalidOptionError if the edges differ */
  merge(other: Histogram): this {
    checkSameKind('histogram', other instanceof Histogram);
    const same = other.#edges.length === this.#edges.length && other.#edges.every((e, i) => e === this.#edges[i]);
    if (!same) throw new InvalidOptionError('edges', other.#edges, 'the same in both histograms');
    this.#n += other.#n;
    this.#invalid += other.#invalid;
    this.#below += other.#below;
    this.#above += other.#above;
    for (let i = 0; i < this.#counts.length; i += 1) this.#counts[i]! += other.#counts[i]!;
    return this;
  }

  /** Valid observations, those outside of the bins included. */
  get n(): number {
    return this.#n;
  }
  /** Observations refused: NaN or infinite. */
  get invalid(): number {
    return this.#invalid;
  }
  /** Observations below the first edge. */
  get below(): number {
    return this.#below;
  }
  /** Observations above the last edge. */
  get above(): number {
    return this.#above;
  }
  /** The edges of the bins. */
  get edges(): readonly number[] {
    return this.#edges;
  }
  /** Observations by bin: one fewer than there are edges. A copy. */
  get counts(): readonly number[] {
    return [...this.#counts];
  }

  toJSON(): HistogramState {
    return {
      kind: 'histogram',
      version: 1,
      n: this.#n,
      invalid: this.#invalid,
      below: this.#below,
      above: this.#above,
      edges: [...this.#edges],
      counts: [...this.#counts],
    };
  }

  /** A histogram that goes on where `state` was taken. @throws SnapshotError if it is not the state of a Histogram */
  static fromJSON(state: HistogramState): Histogram {
    checkState('histogram', state, ['n', 'invalid', 'below', 'above']);
    const histogram = new Histogram({ edges: state.edges });
    const { counts } = state;
    if (!Array.isArray(counts) || counts.length !== state.edges.length - 1 || !counts.every(Number.isFinite)) {
      throw new SnapshotError('the state of a histogram summary must hold one finite count per bin');
    }
    for (let i = 0; i < counts.length; i += 1) histogram.#counts[i] = counts[i]!;
    histogram.#n = state.n;
    histogram.#invalid = state.invalid;
    histogram.#below = state.below;
    histogram.#above = state.above;
    return histogram;
  }

  /** The bin of an x within the edges, by bisection. */
  #binOf(x: number): number {
    let low = 0;
    let high = this.#counts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x < this.#edges[middle]!) high = middle;
      else low = middle;
    }
    return low;
  }
}
