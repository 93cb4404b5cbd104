import { SnapshotError } from '../../core/errors.ts';
import { ClusterMoments, type ClusterMomentsState } from './ClusterMoments.ts';
import { checkState, type Versioned } from './snapshot.ts';

/** The state of {@link QuantileClusters}. */
export interface QuantileClustersState extends Versioned<'quantile-clusters'> {
  readonly level: number | null;
  readonly next: number;
  readonly clusters: ClusterMomentsState;
}

/** Observations before the quantile is first taken for something. */
const FIRST = 32;
/** The running estimate is taken anew whenever there are so many times more observations. */
const GROWTH = 1.1;

/**
 * How much less observations that come in clusters (requests of one user) say of a quantile than independent ones: the
 * variance, over whole clusters, of the share at or below the quantile, beside that of independent observations. One
 * observation costs O(1), and memory is constant: what is at or below the quantile is asked when an observation comes, of
 * the quantile as it is known then, which settles.
 *
 * Source: Deng, Knoblich & Lu (2018), KDD '18, doi:10.1145/3219819.3219919, section 4.
 *
 * @example
 * const sketch = new QuantileSketch();
 * const clusters = new QuantileClusters();
 * for (let i = 0; i < 3000; i += 1) {
 *   const x = Math.floor(i / 3); // every user comes three times with the same value
 *   sketch.push(x);
 *   clusters.push(Math.imul(Math.floor(i / 3), 0x9e3779b1) >>> 0, x, sketch.n, () => sketch.quantile(0.5));
 * }
 * clusters.designEffect; // about 3
 */
export class QuantileClusters {
  #level: number | undefined;
  #next = FIRST;
  #below = new ClusterMoments();

  /**
   * Takes in one observation.
   * @param cluster any unsigned integer: a hash of the unit
   * @param n observations of the sample so far, this one included
   * @param quantile the quantile as it is known now; asked for rarely
   */
  push(cluster: number, x: number, n: number, quantile: () => number): this {
    if (!Number.isFinite(x)) return this;
    if (this.#level !== undefined) this.#below.push(cluster, x <= this.#level ? 1 : 0);
    // Only now: an observation that moved its own bar would say less of its cluster.
    if (n >= this.#next) {
      this.#level = quantile();
      this.#next = Math.ceil(n * GROWTH);
    }
    return this;
  }

  /** Adds what another has seen; each goes by its own running estimate. */
  merge(other: QuantileClusters): this {
    this.#below.merge(other.#below);
    this.#level ??= other.#level;
    return this;
  }

  /** Which observations were at or below the quantile as it was known then: 1, else 0. */
  get below(): ClusterMoments {
    return this.#below;
  }

  /** Clusters that are told apart; see `ClusterMoments`. */
  get clusters(): number {
    return this.#below.clusters;
  }

  /**
   * How many times larger the squared standard error of the quantile is than if the observations were independent;
   * `undefined` below two clusters, and where clusters do not differ: all observations on one side, or of every cluster
   * the same share.
   */
  get designEffect(): number | undefined {
    const { mean, variance } = this.#below;
    return variance > 0 ? variance / (mean * (1 - mean)) : undefined;
  }

  toJSON(): QuantileClustersState {
    const level = this.#level ?? null;
    return { kind: 'quantile-clusters', version: 1, level, next: this.#next, clusters: this.#below.toJSON() };
  }

  /** One that goes on where `state` was taken. @throws SnapshotError if it is not the state of one */
  static fromJSON(state: QuantileClustersState): QuantileClusters {
    checkState('quantile-clusters', state, ['next']);
    const { level } = state;
    if (level !== null && !Number.isFinite(level)) {
      throw new SnapshotError('the state of quantile-clusters must have a finite level, or none yet');
    }
    const summary = new QuantileClusters();
    summary.#level = level ?? undefined;
    summary.#next = state.next;
    summary.#below = ClusterMoments.fromJSON(state.clusters);
    return summary;
  }
}
