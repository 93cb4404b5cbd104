import { checkFinite, checkOptions } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import type { NumberSummary } from './Summary.ts';
import { checkSameKind, checkState, type Versioned } from './snapshot.ts';
import { WeightedMoments, type WeightedMomentsState } from './WeightedMoments.ts';

/** Options of {@link DiscountedMoments}. */
export interface DiscountedMomentsOptions {
  /**
   * By what the weight of all earlier observations is multiplied at every new one, within (0, 1]. Half of the weight
   * is gone after ln 2 / -ln discount observations: 69 for 0.99, 693 for 0.999. 1 forgets nothing.
   */
  readonly discount: number;
}

/** The state of {@link DiscountedMoments}. */
export interface DiscountedMomentsState extends Versioned<'discounted-moments'> {
  readonly discount: number;
  readonly invalid: number;
  readonly moments: WeightedMomentsState;
}

/**
 * Mean and variance of the recent past of a stream: the weight of an observation decays exponentially with the number
 * of observations after it.
 *
 * A merge sets two streams side by side: the last observation of either weighs 1.
 *
 * Source: Roberts (1959), doi:10.1080/00401706.1959.10489860 (geometric moving averages).
 *
 * @example
 * new DiscountedMoments({ discount: 0.5 }).pushAll([0, 0, 7]).mean; // 4
 */
export class DiscountedMoments implements NumberSummary<DiscountedMomentsState> {
  readonly #discount: number;
  #moments = new WeightedMoments();
  #invalid = 0;

  /** @throws InvalidOptionError */
  constructor(options: DiscountedMomentsOptions) {
    checkOptions('options', options, ['discount']);
    this.#discount = checkFinite('discount', options.discount, { gt: 0, le: 1 });
  }

  push(x: number): this {
    if (WeightedMoments.accepts(x)) this.#moments.rescale(this.#discount).push(x);
    else this.#invalid += 1;
    return this;
  }

  pushAll(xs: Iterable<number>): this {
    for (const x of xs) this.push(x);
    return this;
  }

  /** @throws InvalidOptionError if the discounts differ */
  merge(other: DiscountedMoments): this {
    checkSameKind('discounted-moments', other instanceof DiscountedMoments);
    if (other.#discount !== this.#discount) {
      throw new InvalidOptionError('discount', other.#discount, `the same in both summaries (${this.#discount})`);
    }
    this.#invalid += other.#invalid;
    this.#moments.merge(other.#moments);
    return this;
  }

  /** By what earlier weights are multiplied at every observation. */
  get discount(): number {
    return this.#discount;
  }
  /** Valid observations, forgotten ones included. */
  get n(): number {
    return this.#moments.n;
  }
  /** Observations refused: they forget nothing. */
  get invalid(): number {
    return this.#invalid;
  }
  /** The discounted mean; NaN where there is nothing. */
  get mean(): number {
    return this.#moments.mean;
  }
  /** The discounted variance, unbiased for independent observations; NaN below two. */
  get variance(): number {
    return this.#moments.variance;
  }
  /** As many equally weighted observations would know the mean as well; at most (1 + discount) / (1 - discount). */
  get effectiveSize(): number {
    return this.#moments.effectiveSize;
  }
  /** The standard error of the mean, by the effective size. */
  get standardError(): number {
    return this.#moments.standardError;
  }

  toJSON(): DiscountedMomentsState {
    return {
      kind: 'discounted-moments',
      version: 1,
      discount: this.#discount,
      invalid: this.#invalid,
      moments: this.#moments.toJSON(),
    };
  }

  /** A summary that goes on where `state` was taken. @throws SnapshotError */
  static fromJSON(state: DiscountedMomentsState): DiscountedMoments {
    checkState('discounted-moments', state, ['discount', 'invalid']);
    const discounted = new DiscountedMoments({ discount: state.discount });
    discounted.#invalid = state.invalid;
    discounted.#moments = WeightedMoments.fromJSON(state.moments);
    return discounted;
  }
}
