import { checkInteger, checkOptions, checkShare } from '../../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../../core/errors.ts';
import { type CompactorState, RelativeCompactor } from './RelativeCompactor.ts';
import type { NumberSummary } from './Summary.ts';
import { checkNullable, checkSameKind, checkState, type Versioned } from './snapshot.ts';
import { firstAbove, firstAtLeast, type SortedView, sortedView } from './sortedView.ts';

/** Options of {@link QuantileSketch}. */
export interface QuantileSketchOptions {
  /** Accuracy: an even number from 4 to 1024. The rank error is proportional to 1 / k, the memory to k. @defaultValue 32 */
  readonly k?: number;
}

/** The state of {@link QuantileSketch}. */
export interface QuantileSketchState extends Versioned<'quantile-sketch'> {
  readonly k: number;
  readonly n: number;
  readonly invalid: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly coins: number;
  readonly levels: readonly CompactorState[];
}

/**
 * Quantiles of a stream in memory that hardly grows (about 1500 numbers at n = 1e4, 5000 at 1e6 with k = 32), built for
 * the upper tail, where latencies are judged: the rank error shrinks with the share of observations above.
 *
 * The value that `quantile(p)` returns has a true rank within `rankError(p)` of p, whatever the distribution. While
 * there are fewer than 6 k observations, everything is exact. For accurate lower tails push -x.
 *
 * The sketch draws no random numbers: its coin flips are a fixed sequence, so the same stream gives the same answers.
 * Merging in another order gives other answers within the same error; counts, minimum and maximum are exact.
 *
 * Source: Cormode, Karnin, Liberty, Thaler & Veselý (2023), "Relative Error Streaming Quantiles", J. ACM 70(5),
 * doi:10.1145/3617891. No npm package offers a mergeable sketch with a rank guarantee: t-digests have none, DDSketch
 * and HdrHistogram bound the error in value instead.
 *
 * @example
 * const latency = new QuantileSketch().pushAll([12, 15, 11, 14]);
 * latency.quantile(0.95); // 15
 * latency.rank(12); // 0.5
 */
export class QuantileSketch implements NumberSummary<QuantileSketchState> {
  readonly #k: number;
  #levels: RelativeCompactor[];
  #n = 0;
  #invalid = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #coins = 0x9e3779b9;
  #view: SortedView | undefined;

  /** @throws InvalidOptionError */
  constructor(options: QuantileSketchOptions = {}) {
    checkOptions('options', options, ['k']);
    const { k = 32 } = options;
    this.#k = checkInteger('k', k, { ge: 4, le: 1024 });
    if (k % 2 !== 0) throw new InvalidOptionError('k', k, 'even');
    this.#levels = [new RelativeCompactor(k)];
  }

  push(x: number): this {
    if (!Number.isFinite(x)) {
      this.#invalid += 1;
      return this;
    }
    this.#n += 1;
    if (x < this.#min) this.#min = x;
    if (x > this.#max) this.#max = x;
    const first = this.#levels[0]!;
    first.push(x + 0);
    if (first.full) this.#compress();
    this.#view = undefined;
    return this;
  }

  pushAll(xs: Iterable<number>): this {
    for (const x of xs) this.push(x);
    return this;
  }

  /** @throws InvalidOptionError if the accuracies differ */
  merge(other: QuantileSketch): this {
    checkSameKind('quantile-sketch', other instanceof QuantileSketch);
    if (other.#k !== this.#k) throw new InvalidOptionError('k', other.#k, `the same in both sketches (${this.#k})`);
    this.#n += other.#n;
    this.#invalid += other.#invalid;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    while (this.#levels.length < other.#levels.length) this.#levels.push(new RelativeCompactor(this.#k));
    other.#levels.forEach((level, height) => {
      this.#levels[height]!.merge(level);
    });
    this.#compress();
    this.#view = undefined;
    return this;
  }

  /** Valid observations. */
  get n(): number {
    return this.#n;
  }
  /** Observations refused: NaN or infinite. */
  get invalid(): number {
    return this.#invalid;
  }
  /** The smallest observation, exact; NaN where there is nothing. */
  get min(): number {
    return this.#n === 0 ? Number.NaN : this.#min + 0;
  }
  /** The largest observation, exact; NaN where there is nothing. */
  get max(): number {
    return this.#n === 0 ? Number.NaN : this.#max + 0;
  }
  /** How many values are kept. */
  get size(): number {
    return this.#levels.reduce((sum, { values }) => sum + values.length, 0);
  }
  /** Whether nothing has been dropped yet: ranks and quantiles are exact. */
  get exact(): boolean {
    return this.#levels.length === 1;
  }

  /**
   * The p-quantile: the smallest value kept whose rank is at least p (the inverse of the distribution function, type 1
   * of Hyndman & Fan); NaN where there is nothing.
   * @param p within [0, 1]; 0 gives the exact minimum, 1 the exact maximum
   * @throws InvalidOptionError
   */
  quantile(p: number): number {
    checkShare('p', p);
    if (this.#n === 0 || p === 0) return this.min;
    if (p === 1) return this.max;
    const { values, cumulative } = this.#sorted();
    // The tolerance keeps 0.1 * 30 = 3.0000000000000004 at rank 3.
    const i = firstAtLeast(cumulative, p * this.#n * (1 - 4 * Number.EPSILON));
    return values[Math.min(i, values.length - 1)]!;
  }

  /** The share of observations at or below x; NaN where there is nothing. */
  rank(x: number): number {
    if (this.#n === 0) return Number.NaN;
    if (x >= this.#max) return 1;
    if (x < this.#min) return 0;
    const { values, cumulative } = this.#sorted();
    const i = firstAbove(values, x);
    return i === 0 ? 0 : cumulative[i - 1]! / this.#n;
  }

  /**
   * How far, at most, the true rank of `quantile(p)` lies from p: min((1 - p) / 2, 0.4) / k, and 0 while the sketch is
   * exact. Less than one query in a thousand exceeds it (measured: test/simulations/summaries.sim.ts).
   * @param p within [0, 1]
   * @throws InvalidOptionError
   */
  rankError(p: number): number {
    checkShare('p', p);
    return this.exact ? 0 : Math.min((1 - p) / 2, 0.4) / this.#k;
  }

  toJSON(): QuantileSketchState {
    return {
      kind: 'quantile-sketch',
      version: 1,
      k: this.#k,
      n: this.#n,
      invalid: this.#invalid,
      min: this.#n === 0 ? null : this.min,
      max: this.#n === 0 ? null : this.max,
      coins: this.#coins,
      levels: this.#levels.map((level) => level.toJSON()),
    };
  }

  /** A sketch that goes on where `state` was taken. @throws SnapshotError if it is not the state of a QuantileSketch */
  static fromJSON(state: QuantileSketchState): QuantileSketch {
    checkState('quantile-sketch', state, ['k', 'n', 'invalid', 'coins']);
    checkNullable('quantile-sketch', state, ['min', 'max']);
    if (!Array.isArray(state.levels) || state.levels.length === 0) {
      throw new SnapshotError('the state of a quantile-sketch summary must hold its levels');
    }
    const sketch = new QuantileSketch({ k: state.k });
    sketch.#n = state.n;
    sketch.#invalid = state.invalid;
    sketch.#min = state.min ?? Number.POSITIVE_INFINITY;
    sketch.#max = state.max ?? Number.NEGATIVE_INFINITY;
    sketch.#coins = state.coins;
    sketch.#levels = state.levels.map((level) => RelativeCompactor.fromJSON(level));
    return sketch;
  }

  /** Compacts what is full, from the bottom up. */
  #compress(): void {
    for (let height = 0; height < this.#levels.length; height += 1) {
      const level = this.#levels[height]!;
      while (level.full) {
        if (height + 1 === this.#levels.length) this.#levels.push(new RelativeCompactor(this.#k));
        const above = this.#levels[height + 1]!;
        level.compact(above, this.#coin);
      }
    }
  }

  /** Xorshift (Marsaglia 2003): fair bits that are the same in every run. */
  readonly #coin = (): boolean => {
    let word = this.#coins;
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    this.#coins = word >>> 0;
    return (word & 0x10000) !== 0;
  };

  #sorted(): SortedView {
    this.#view ??= sortedView(this.#levels);
    return this.#view;
  }
}
