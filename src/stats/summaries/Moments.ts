import type { SampleMoments } from '../types.ts';
import type { NumberSummary } from './Summary.ts';
import { checkNullable, checkSameKind, checkState, type Versioned } from './snapshot.ts';

/** The state of {@link Moments}. `null` stands for a power sum that left the range of doubles. */
export interface MomentsState extends Versioned<'moments'> {
  readonly n: number;
  readonly invalid: number;
  readonly sum: number;
  readonly sumTail: number;
  readonly pivot: number;
  readonly offset: number;
  readonly m2: number | null;
  readonly m3: number | null;
  readonly m4: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** Beyond this size (2^960, about 1e289) a number is refused: a sum of many such numbers would overflow. */
const LARGEST = 2 ** 960;

/**
 * Mean, variance, skewness, kurtosis, extremes and sum of a stream of numbers, in one pass and 11 numbers of memory.
 *
 * The running mean is kept as an unevaluated sum of two doubles (`pivot + offset`), so that a mean of 1e9 with a
 * deviation of 1e-3 loses nothing; the sum is compensated. Numbers beyond 2^960 in size count as invalid; beyond
 * about 1e154 the variance, beyond 1e77 the kurtosis is no longer a double and reads Infinity or NaN.
 *
 * Sources: Welford (1962), doi:10.1080/00401706.1962.10490022; Pébay (2008), Sandia report SAND2008-6212, eq. 1.1-3.1
 * (higher moments and merging); Neumaier (1974), doi:10.1002/zamm.19740540106 (sum).
 *
 * @example
 * const latency = new Moments().pushAll([12, 15, 11, 14]);
 * latency.mean; // 13
 * latency.variance; // 3.3333333333333335
 */
export class Moments implements NumberSummary<MomentsState>, SampleMoments {
  #n = 0;
  #invalid = 0;
  #sum = 0;
  #sumTail = 0;
  #pivot = 0;
  #offset = 0;
  #m2 = 0;
  #m3 = 0;
  #m4 = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  /** Whether `push(x)` counts `x`: a number, not NaN, and within 2^960 in size. */
  static accepts(x: number): boolean {
    return typeof x === 'number' && x >= -LARGEST && x <= LARGEST;
  }

  push(x: number): this {
    if (!Moments.accepts(x)) {
      this.#invalid += 1;
      return this;
    }
    const sum = this.#sum + x;
    const back = sum - this.#sum;
    this.#sumTail += this.#sum - (sum - back) + (x - back);
    this.#sum = sum;
    if (x < this.#min) this.#min = x;
    if (x > this.#max) this.#max = x;

    const before = this.#n;
    const n = before + 1;
    this.#n = n;
    const delta = x - this.#pivot - this.#offset;
    const step = delta / n;
    const square = step * step;
    const term = delta * (step * before);
    this.#m4 += term * square * (n * n - 3 * n + 3) + 6 * square * this.#m2 - 4 * step * this.#m3;
    this.#m3 += term * step * (n - 2) - 3 * step * this.#m2;
    this.#m2 += term;
    this.#shift(step);
    return this;
  }

  pushAll(xs: Iterable<number>): this {
    for (const x of xs) this.push(x);
    return this;
  }

  merge(other: Moments): this {
    checkSameKind('moments', other instanceof Moments);
    this.#invalid += other.#invalid;
    const [na, nb] = [this.#n, other.#n];
    if (nb === 0) return this;
    if (na === 0) return this.#copy(other);
    this.#addSum(other.#sum, other.#sumTail);
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);

    const n = na + nb;
    const delta = other.#pivot - this.#pivot + (other.#offset - this.#offset);
    // In units of delta / n, so that nothing overflows that need not.
    const step = delta / n;
    const square = step * step;
    const term = delta * (step * na * nb);
    this.#m4 +=
      other.#m4 +
      term * square * (na * na - na * nb + nb * nb) +
      6 * square * (na * na * other.#m2 + nb * nb * this.#m2) +
      4 * step * (na * other.#m3 - nb * this.#m3);
    this.#m3 += other.#m3 + term * step * (na - nb) + 3 * step * (na * other.#m2 - nb * this.#m2);
    this.#m2 += other.#m2 + term;
    this.#shift(step * nb);
    this.#n = n;
    return this;
  }

  /** Valid observations. */
  get n(): number {
    return this.#n;
  }
  /** Observations refused: NaN, infinite or beyond 2^960 in size. */
  get invalid(): number {
    return this.#invalid;
  }
  /** The sum, right to the last digit or so whatever cancels; 0 where there is nothing. */
  get sum(): number {
    return this.#sum + this.#sumTail;
  }
  /** The arithmetic mean, always within [min, max]; NaN where there is nothing. */
  get mean(): number {
    if (this.#n === 0) return Number.NaN;
    return Math.min(this.#max, Math.max(this.#min, this.sum / this.#n)) + 0;
  }
  /** The larger part of the mean, see {@link SampleMoments}. */
  get pivot(): number {
    return this.#pivot;
  }
  /** What the mean has beyond `pivot`. */
  get offset(): number {
    return this.#offset;
  }
  /** The sum of squared deviations from the mean. */
  get sumOfSquares(): number {
    return this.#m2;
  }
  /** The unbiased variance (n - 1); NaN below two observations. */
  get variance(): number {
    return this.#n < 2 ? Number.NaN : this.#m2 / (this.#n - 1);
  }
  /** The square root of `variance`; NaN below two observations. */
  get standardDeviation(): number {
    return Math.sqrt(this.variance);
  }
  /** The standard error of the mean; NaN below two observations. */
  get standardError(): number {
    return Math.sqrt(this.variance / this.#n);
  }
  /** The skewness g1 = m3 / m2^1.5 (population form); NaN where all observations are equal or powers leave the doubles. */
  get skewness(): number {
    const spread = this.#m2 / this.#n;
    const value = this.#m3 / this.#n / (spread * Math.sqrt(spread));
    return spread > TINIEST && Number.isFinite(value) ? value + 0 : Number.NaN;
  }
  /** The excess kurtosis g2 = m4 / m2^2 - 3 (population form); NaN where all are equal or powers leave the doubles. */
  get kurtosis(): number {
    const spread = this.#m2 / this.#n;
    const value = this.#m4 / this.#n / (spread * spread) - 3;
    return spread > TINIEST && Number.isFinite(value) ? value : Number.NaN;
  }
  /** The smallest observation; NaN where there is nothing. */
  get min(): number {
    return this.#n === 0 ? Number.NaN : this.#min + 0;
  }
  /** The largest observation; NaN where there is nothing. */
  get max(): number {
    return this.#n === 0 ? Number.NaN : this.#max + 0;
  }

  toJSON(): MomentsState {
    return {
      kind: 'moments',
      version: 1,
      n: this.#n,
      invalid: this.#invalid,
      sum: this.#sum,
      sumTail: this.#sumTail,
      pivot: this.#pivot,
      offset: this.#offset,
      m2: finiteOrNull(this.#m2),
      m3: finiteOrNull(this.#m3),
      m4: finiteOrNull(this.#m4),
      min: finiteOrNull(this.#min),
      max: finiteOrNull(this.#max),
    };
  }

  /** A summary that goes on where `state` was taken. @throws SnapshotError if it is not the state of a Moments */
  static fromJSON(state: MomentsState): Moments {
    checkState('moments', state, ['n', 'invalid', 'sum', 'sumTail', 'pivot', 'offset']);
    checkNullable('moments', state, ['m2', 'm3', 'm4', 'min', 'max']);
    const moments = new Moments();
    moments.#n = state.n;
    moments.#invalid = state.invalid;
    moments.#sum = state.sum;
    moments.#sumTail = state.sumTail;
    moments.#pivot = state.pivot;
    moments.#offset = state.offset;
    moments.#m2 = state.m2 ?? Number.POSITIVE_INFINITY;
    moments.#m3 = state.m3 ?? Number.NaN;
    moments.#m4 = state.m4 ?? Number.NaN;
    moments.#min = state.min ?? Number.POSITIVE_INFINITY;
    moments.#max = state.max ?? Number.NEGATIVE_INFINITY;
    return moments;
  }

  /** Moves the mean; what the pivot cannot hold stays in the offset. */
  #shift(step: number): void {
    const tail = this.#offset + step;
    const pivot = this.#pivot + tail;
    this.#offset = tail - (pivot - this.#pivot);
    this.#pivot = pivot;
  }

  #addSum(value: number, tail: number): void {
    const sum = this.#sum + value;
    const back = sum - this.#sum;
    this.#sumTail += this.#sum - (sum - back) + (value - back) + tail;
    this.#sum = sum;
  }

  #copy(other: Moments): this {
    this.#n = other.#n;
    this.#sum = other.#sum;
    this.#sumTail = other.#sumTail;
    this.#pivot = other.#pivot;
    this.#offset = other.#offset;
    this.#m2 = other.#m2;
    this.#m3 = other.#m3;
    this.#m4 = other.#m4;
    this.#min = other.#min;
    this.#max = other.#max;
    return this;
  }
}

/** Below this variance its square is no longer accurate. */
const TINIEST = 1e-145;

function finiteOrNull(x: number): number | null {
  return Number.isFinite(x) ? x + 0 : null;
}
