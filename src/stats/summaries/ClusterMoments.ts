import { checkInteger, checkOptions } from '../../core/check.ts';
import { SnapshotError } from '../../core/errors.ts';
import type { SampleMoments } from '../types.ts';
import type { Summary } from './Summary.ts';
import { checkSameKind, checkState, isFiniteList, type Versioned } from './snapshot.ts';

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
  /** The sum and the size of all, and over places: squared sums, sums times sizes, squared sizes. */
  readonly sums: readonly [sum: number, size: number, sumSum: number, sumSize: number, sizeSize: number];
  /**
   * Of each place that is in use: its index; the sum, if it is not 0 or more follows; the number of observations, if it is
   * not 1 or more follows; their size, if it is not their number.
   */
  readonly used: readonly (readonly [place: number, sum?: number, n?: number, size?: number])[];
}

const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;

/**
 * The mean over observations that come in clusters (requests of one user), with the variance of that mean when whole
 * clusters, not observations, are independent; one observation costs O(1), whatever the number of clusters. Clusters are
 * hashed to a fixed number of places: clusters that share one count as one, so memory is constant.
 *
 * With sizes it is a ratio of sums (clicks per view, errors per request): the mean is the sum of the observations over the
 * sum of their sizes, and its variance that of the delta method over clusters.
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
 * const clicks = new ClusterMoments().push(0, 1, 4).push(0, 2, 3).push(1, 1, 1); // clicks per view, of two users
 * clicks.mean; // 4 clicks over 8 views: 0.5
 */
export class ClusterMoments implements Summary<ClusterMomentsState>, SampleMoments {
  readonly #n: Float64Array;
  readonly #sums: Float64Array;
  readonly #sizes: Float64Array;
  #invalid = 0;
  /** Sums are kept about the first observation, so that a large mean loses no digits. */
  #pivot = 0;
  #total = 0;
  #sum = 0;
  #size = 0;
  #clusters = 0;
  /** Over places: squared sums, sums times sizes, squared sizes. */
  #sumSum = 0;
  #sumSize = 0;
  #sizeSize = 0;

  /** @throws InvalidOptionError */
  constructor(options: ClusterMomentsOptions = {}) {
    checkOptions('options', options, ['places']);
    const places = checkInteger('places', options.places ?? 256, { ge: 2, le: 65_536 });
    this.#n = new Float64Array(places);
    this.#sums = new Float64Array(places);
    this.#sizes = new Float64Array(places);
  }

  /**
   * Takes in one observation.
   * @param cluster any unsigned integer: a hash of the unit
   * @param size what it counts for in the denominator of a ratio. @defaultValue 1
   */
  push(cluster: number, x: number, size = 1): this {
    if (!(Number.isFinite(x) && Number.isFinite(size))) {
      this.#invalid += 1;
      return this;
    }
    if (this.#total === 0) this.#pivot = size === 0 ? 0 : x / size;
    const place = cluster % this.#n.length;
    this.#add(place, 1, x - this.#pivot * size, size);
    return this;
  }

  merge(other: ClusterMoments): this {
    checkSameKind('cluster-moments', other instanceof ClusterMoments && other.#n.length === this.#n.length);
    this.#invalid += other.#invalid;
    if (this.#total === 0) this.#pivot = other.#pivot;
    const shift = other.#pivot - this.#pivot;
    for (const [place, n] of other.#n.entries()) {
      if (n === 0) continue;
      const size = other.#sizes[place]!;
      this.#add(place, n, other.#sums[place]! + size * shift, size);
    }
    return this;
  }

  /** Observations. */
  get n(): number {
    return this.#total;
  }
  /** Observations refused: they or their size are NaN or infinite. */
  get invalid(): number {
    return this.#invalid;
  }
  /** Places in use: the number of clusters, as long as they are few beside the places. */
  get clusters(): number {
    return this.#clusters;
  }
  /** The mean over observations, or the ratio of the sums; NaN where there is nothing, or nothing to divide by. */
  get mean(): number {
    return this.#pivot + this.#sum / this.#size;
  }
  /** The observations' number times the cluster-robust variance of the mean; NaN below two clusters. */
  get variance(): number {
    const k = this.#clusters;
    if (k < 2) return Number.NaN;
    const mean = this.#sum / this.#size;
    const squares = this.#sumSum - 2 * mean * this.#sumSize + mean * mean * this.#sizeSize;
    return ((Math.max(0, squares) * this.#total) / (this.#size * this.#size)) * (k / (k - 1));
  }

  /**
   * The covariance of this mean with that of another summary of the same clusters, as of two metrics of the same users:
   * of itself with itself the squared standard error. NaN below two clusters.
   *
   * @throws InvalidOptionError if the numbers of places differ
   * @example
   * const [spent, visits] = [new ClusterMoments(), new ClusterMoments()];
   * for (const [user, a, b] of [[0, 1, 2], [1, 3, 6]] as const) [spent.push(user, a), visits.push(user, b)];
   * spent.meanCovariance(visits); // 2
   */
  meanCovariance(other: ClusterMoments): number {
    checkSameKind('cluster-moments', other instanceof ClusterMoments && other.#n.length === this.#n.length);
    const [own, theirs] = [this, other].map((moments) => {
      const influence = new Float64Array(moments.places);
      moments.addInfluence(1, influence);
      return influence;
    }) as [Float64Array, Float64Array];
    let k = 0;
    let sum = 0;
    for (let place = 0; place < own.length; place += 1) {
      if (this.#n[place]! > 0 || other.#n[place]! > 0) k += 1;
      sum += own[place]! * theirs[place]!;
    }
    return k < 2 ? Number.NaN : sum * (k / (k - 1));
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
    const mean = this.#sum / this.#size;
    const factor = scale / this.#size;
    for (let place = 0; place < this.#n.length; place += 1) {
      into[place]! += factor * (this.#sums[place]! - mean * this.#sizes[place]!);
    }
  }

  toJSON(): ClusterMomentsState {
    const used: [number, number?, number?, number?][] = [];
    for (const [place, n] of this.#n.entries()) {
      if (n === 0) continue;
      const [sum, size] = [this.#sums[place]!, this.#sizes[place]!];
      // Replicas send many of them.
      if (size !== n) used.push([place, sum, n, size]);
      else if (n !== 1) used.push([place, sum, n]);
      else used.push(sum === 0 ? [place] : [place, sum]);
    }
    const places = this.#n.length;
    const sums = [this.#sum, this.#size, this.#sumSum, this.#sumSize, this.#sizeSize] as const;
    return { kind: 'cluster-moments', version: 1, invalid: this.#invalid, pivot: this.#pivot + 0, places, sums, used };
  }

  /** A summary that goes on where `state` was taken. @throws SnapshotError if it is not the state of one */
  static fromJSON(state: ClusterMomentsState): ClusterMoments {
    checkState('cluster-moments', state, ['invalid', 'pivot', 'places']);
    const moments = new ClusterMoments({ places: state.places });
    const used = (entry: unknown) =>
      isFiniteList(entry) && moments.#n[entry[0]!] !== undefined && isCount(entry[2] ?? 1);
    if (!isFiniteList(state.sums) || state.sums.length !== 5 || !Array.isArray(state.used) || !state.used.every(used)) {
      throw new SnapshotError('the state of a cluster-moments summary must have five sums, and the places in use');
    }
    moments.#invalid = state.invalid;
    moments.#pivot = state.pivot;
    for (const [place, sum = 0, n = 1, size = n] of state.used) moments.#add(place, n, sum, size);
    // As they were, to the last bit: the order of the observations is in them.
    [moments.#sum, moments.#size, moments.#sumSum, moments.#sumSize, moments.#sizeSize] = state.sums;
    return moments;
  }

  #add(place: number, n: number, sum: number, size: number): void {
    const count = this.#n[place]!;
    const before = this.#sums[place]!;
    const held = this.#sizes[place]!;
    if (count === 0) this.#clusters += 1;
    this.#sumSum += sum * (2 * before + sum);
    this.#sumSize += (before + sum) * (held + size) - before * held;
    this.#sizeSize += size * (2 * held + size);
    this.#n[place] = count + n;
    this.#sums[place] = before + sum;
    this.#sizes[place] = held + size;
    this.#total += n;
    this.#sum += sum;
    this.#size += size;
  }
}
