import { checkInteger, checkOptions } from '../../core/check.ts';
import { SnapshotError } from '../../core/errors.ts';
import type { SampleMoments } from '../types.ts';
import type { Summary } from './Summary.ts';
import { checkSameKind, checkState, type Versioned } from './snapshot.ts';

/** Options of {@link ClusterMoments}. */
export interface ClusterMomentsOptions {
  /** How many clusters are told apart: further ones share a place, which is valid and a little conservative. @defaultValue 256 */
  readonly places?: number;
}

/** The state of {@link ClusterMoments}. */
export interface ClusterMomentsState extends Versioned<'cluster-moments'> {
  readonly invalid: number;
  readonly pivot: number;
  readonly places: number;
  /** The sum of all, and over places: squared sums, sums times counts, squared counts. */
  readonly sums: readonly [sum: number, sumSum: number, sumCount: number, countCount: number];
  /** Of each place that is in use: its index, observations and their sum. */
  readonly used: readonly (readonly [place: number, n: number, sum: number])[];
}

/**
 * The mean over observations that come in clusters (requests of one user), with the variance of that mean when whole
 * clusters, not observations, are independent; one observation costs O(1), whatever the number of clusters. Clusters are
 * hashed to a fixed number of places: clusters that share one count as one, so memory is constant.
 *
 * As `SampleMoments`, `variance / n` is the cluster-robust variance of the mean: for sequences and intervals of means.
 *
 * Source: Deng, Knoblich & Lu (2018), KDD '18, doi:10.1145/3219819.3219919, section 3; Cochran (1977), Sampling
 * Techniques, 3rd ed., section 9A.
 *
 * @example
 * const clusters = new ClusterMoments();
 * for (const [user, x] of [[0, 1], [0, 2], [1, 1], [1, 1], [1, 2]] as const) clusters.push(user, x);
 * clusters.mean; // 1.4
 */
export class ClusterMoments implements Summary<ClusterMomentsState>, SampleMoments {
  readonly #n: Float64Array;
  readonly #sums: Float64Array;
  #invalid = 0;
  /** Sums are kept about the first observation, so that a large mean loses no digits. */
  #pivot = 0;
  #total = 0;
  #sum = 0;
  #clusters = 0;
  /** Over places: squared sums, sums times counts, squared counts. */
  #sumSum = 0;
  #sumCount = 0;
  #countCount = 0;

  /** @throws InvalidOptionError */
  constructor(options: ClusterMomentsOptions = {}) {
    checkOptions('options', options, ['places']);
    const places = checkInteger('places', options.places ?? 256, { ge: 2, le: 65_536 });
    this.#n = new Float64Array(places);
    this.#sums = new Float64Array(places);
  }

  /** Takes in one observation. @param cluster any unsigned integer: a hash of the unit */
  push(cluster: number, x: number): this {
    if (!Number.isFinite(x)) {
      this.#invalid += 1;
      return this;
    }
    if (this.#total === 0) this.#pivot = x;
    const place = cluster % this.#n.length;
    this.#add(place, 1, x - this.#pivot);
    return this;
  }

  merge(other: ClusterMoments): this {
    checkSameKind('cluster-moments', other instanceof ClusterMoments && other.#n.length === this.#n.length);
    this.#invalid += other.#invalid;
    if (this.#total === 0) this.#pivot = other.#pivot;
    const shift = other.#pivot - this.#pivot;
    for (const [place, n] of other.#n.entries()) {
      if (n > 0) this.#add(place, n, other.#sums[place]! + n * shift);
    }
    return this;
  }

  /** Observations. */
  get n(): number {
    return this.#total;
  }
  /** Observations refused: NaN or infinite. */
  get invalid(): number {
    return this.#invalid;
  }
  /** Places in use: the number of clusters, as long as they are few beside the places. */
  get clusters(): number {
    return this.#clusters;
  }
  /** The mean over observations; NaN where there is nothing. */
  get mean(): number {
    return this.#pivot + this.#sum / this.#total;
  }
  /** The observations' number times the cluster-robust variance of the mean; NaN below two clusters. */
  get variance(): number {
    const k = this.#clusters;
    if (k < 2) return Number.NaN;
    const mean = this.#sum / this.#total;
    const squares = this.#sumSum - 2 * mean * this.#sumCount + mean * mean * this.#countCount;
    return (Math.max(0, squares) / this.#total) * (k / (k - 1));
  }

  /** How many clusters are told apart. */
  get places(): number {
    return this.#n.length;
  }

  /**
   * Adds what each place contributes to the deviation of the mean, times `scale`, to a vector with one number a place: the
   * squares of what several summaries of the same clusters added up to are their joint cluster-robust variance.
   *
   * @example
   * const influence = new Float64Array(clusters.places);
   * clusters.addInfluence(1, influence);
   * // The sum of squares of `influence` is nearly clusters.variance / clusters.n.
   */
  addInfluence(scale: number, into: Float64Array): void {
    if (this.#total === 0) return;
    const mean = this.#sum / this.#total;
    const factor = scale / this.#total;
    for (let place = 0; place < this.#n.length; place += 1) {
      into[place]! += factor * (this.#sums[place]! - mean * this.#n[place]!);
    }
  }

  toJSON(): ClusterMomentsState {
    const used: [number, number, number][] = [];
    for (const [place, n] of this.#n.entries()) if (n > 0) used.push([place, n, this.#sums[place]!]);
    const places = this.#n.length;
    const sums = [this.#sum, this.#sumSum, this.#sumCount, this.#countCount] as const;
    return { kind: 'cluster-moments', version: 1, invalid: this.#invalid, pivot: this.#pivot, places, sums, used };
  }

  /** A summary that goes on where `state` was taken. @throws SnapshotError if it is not the state of one */
  static fromJSON(state: ClusterMomentsState): ClusterMoments {
    checkState('cluster-moments', state, ['invalid', 'pivot', 'places']);
    if (!Array.isArray(state.used) || !Array.isArray(state.sums)) {
      throw new SnapshotError('the state of cluster-moments must have sums and places in use');
    }
    const moments = new ClusterMoments({ places: state.places });
    moments.#invalid = state.invalid;
    moments.#pivot = state.pivot;
    for (const [place, n, sum] of state.used) moments.#add(place, n, sum);
    // As they were, to the last bit: the order of the observations is in them.
    [moments.#sum, moments.#sumSum, moments.#sumCount, moments.#countCount] = state.sums;
    return moments;
  }

  #add(place: number, n: number, sum: number): void {
    const count = this.#n[place]!;
    const before = this.#sums[place]!;
    if (count === 0) this.#clusters += 1;
    this.#sumSum += sum * (2 * before + sum);
    this.#sumCount += (before + sum) * (count + n) - before * count;
    this.#countCount += n * (2 * count + n);
    this.#n[place] = count + n;
    this.#sums[place] = before + sum;
    this.#total += n;
    this.#sum += sum;
  }
}
