import { checkFinite } from '../../core/check.ts';
import type { NumberSummary } from './Summary.ts';
import { checkSameKind, checkState, type Versioned } from './snapshot.ts';

/** The state of {@link WeightedMoments}. */
export interface WeightedMomentsState extends Versioned<'weighted-moments'> {
  readonly n: number;
  readonly invalid: number;
  readonly weight: number;
  readonly squaredWeight: number;
  readonly pivot: number;
  readonly offset: number;
  readonly m2: number;
}

/** Within this size weights, squares of values and their products do not overflow. */
const LARGEST = 2 ** 320;
/** An effective size that is no further above 1 is that of a single observation, but for rounding. */
const ROUNDING = 1e-12;

/**
 * Mean and variance of a stream of numbers that count unequally, for example by the inverse of the probability with
 * which each was sampled. The weights are relative: multiplying all of them by one factor changes neither figure.
 *
 * A value or a weight that is NaN, infinite or beyond 2^320 (about 2e96) in size, or a negative weight, counts as invalid. A weight
 * of 0 counts as an observation and adds nothing.
 *
 * Sources: West (1979), doi:10.1145/359146.359153 (one pass); Kish (1965), Survey Sampling, section 11.7 (effective size).
 *
 * @example
 * const clicks = new WeightedMoments().push(1, 3).push(0, 1);
 * clicks.mean; // 0.75
 */
export class WeightedMoments implements NumberSummary<WeightedMomentsState> {
  #n = 0;
  #invalid = 0;
  #weight = 0;
  #squaredWeight = 0;
  #pivot = 0;
  #offset = 0;
  #m2 = 0;

  /** Whether `push(x, weight)` counts `x`. */
  static accepts(x: number, weight = 1): boolean {
    return typeof x === 'number' && Math.abs(x) <= LARGEST && weight >= 0 && weight <= LARGEST;
  }

  /** @param weight how much `x` counts, at least 0. @defaultValue 1 */
  push(x: number, weight = 1): this {
    if (!WeightedMoments.accepts(x, weight)) {
      this.#invalid += 1;
      return this;
    }
    this.#n += 1;
    if (weight > 0) this.#absorb(weight, weight * weight, x, 0, 0);
    return this;
  }

  pushAll(xs: Iterable<number>): this {
    for (const x of xs) this.push(x);
    return this;
  }

  merge(other: WeightedMoments): this {
    checkSameKind('weighted-moments', other instanceof WeightedMoments);
    this.#n += other.#n;
    this.#invalid += other.#invalid;
    if (other.#weight > 0) {
      this.#absorb(other.#weight, other.#squaredWeight, other.#pivot, other.#offset, other.#m2);
    }
    return this;
  }

  /**
   * Multiplies the weight of everything seen so far. Returns this summary.
   * @param factor greater than 0; below 1 it forgets, relative to what comes after
   * @throws InvalidOptionError
   */
  rescale(factor: number): this {
    checkFinite('factor', factor, { gt: 0 });
    this.#weight *= factor;
    this.#squaredWeight *= factor * factor;
    this.#m2 *= factor;
    return this;
  }

  /** Valid observations, each counted once whatever its weight. */
  get n(): number {
    return this.#n;
  }
  /** Observations refused. */
  get invalid(): number {
    return this.#invalid;
  }
  /** The sum of the weights. */
  get weight(): number {
    return this.#weight;
  }
  /** Kish's effective sample size: as many equally weighted observations would know the mean as well; 0 where empty. */
  get effectiveSize(): number {
    return this.#weight > 0 ? (this.#weight / this.#squaredWeight) * this.#weight : 0;
  }
  /** The weighted mean; NaN where nothing has weight. */
  get mean(): number {
    return this.#weight > 0 ? this.#pivot : Number.NaN;
  }
  /** The larger part of the mean. */
  get pivot(): number {
    return this.#pivot;
  }
  /** What the mean has beyond `pivot`. */
  get offset(): number {
    return this.#offset;
  }
  /** The variance, unbiased for weights that do not depend on the values; NaN where fewer than two have weight. */
  get variance(): number {
    const shrink = 1 - 1 / this.effectiveSize;
    return shrink > ROUNDING ? this.#m2 / this.#weight / shrink : Number.NaN;
  }
  /** The standard error of the mean, by the effective size; NaN where the variance is. */
  get standardError(): number {
    return Math.sqrt(this.variance / this.effectiveSize);
  }

  toJSON(): WeightedMomentsState {
    return {
      kind: 'weighted-moments',
      version: 1,
      n: this.#n,
      invalid: this.#invalid,
      weight: this.#weight,
      squaredWeight: this.#squaredWeight,
      pivot: this.#pivot,
      offset: this.#offset,
      m2: this.#m2,
    };
  }

  /** A summary that goes on where `state` was taken. @throws SnapshotError if it is not the state of a WeightedMoments */
  static fromJSON(state: WeightedMomentsState): WeightedMoments {
    checkState('weighted-moments', state, ['n', 'invalid', 'weight', 'squaredWeight', 'pivot', 'offset', 'm2']);
    const moments = new WeightedMoments();
    moments.#n = state.n;
    moments.#invalid = state.invalid;
    moments.#weight = state.weight;
    moments.#squaredWeight = state.squaredWeight;
    moments.#pivot = state.pivot;
    moments.#offset = state.offset;
    moments.#m2 = state.m2;
    return moments;
  }

  /** Adds a group with these sums: one observation is a group without spread. */
  #absorb(weight: number, squaredWeight: number, pivot: number, offset: number, m2: number): void {
    const total = this.#weight + weight;
    const delta = pivot - this.#pivot + (offset - this.#offset);
    const share = weight / total;
    this.#m2 += m2 + delta * (delta * share * this.#weight);
    const tail = this.#offset + delta * share;
    const mean = this.#pivot + tail;
    this.#offset = tail - (mean - this.#pivot);
    this.#pivot = mean;
    this.#weight = total;
    this.#squaredWeight += squaredWeight;
  }
}
