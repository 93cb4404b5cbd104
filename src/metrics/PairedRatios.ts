import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { Covariance, type CovarianceState } from '../stats/summaries/Covariance.ts';

/** A request's part in a ratio of sums. */
export type RatioParts = readonly [numerator: number, denominator: number];

/** Two values of which each is a mean, or nearly: moments of what one request contributes to them. */
export interface PairedMoments {
  readonly n: number;
  readonly values: readonly [reference: number, candidate: number];
  /** Variances of one request's contribution. */
  readonly variances: readonly [reference: number, candidate: number];
  readonly covariance: number;
  /** Whether the variances take units, not requests, as independent. */
  readonly clustered: boolean;
  /** Their degrees of freedom then. */
  readonly df?: number;
}

/** Which of (a, b, c, d) are held together; numerator and denominator of the reference are a and b. */
const PLACES = [
  [0, 1],
  [2, 3],
  [0, 2],
  [0, 3],
  [1, 2],
  [1, 3],
] as const;

/** Ratios of sums of two models over the same requests, with all that their variances need. Mergeable, of constant size. */
export class PairedRatios {
  #held: readonly Covariance[] = PLACES.map(() => new Covariance());

  /** Takes in both parts of one request. @returns false where they are not finite */
  push(reference: RatioParts, candidate: RatioParts): boolean {
    const parts = [...reference, ...candidate];
    // A pair that is not finite is left out of both models, or they would not be of the same requests.
    if (!parts.every(Number.isFinite)) return false;
    for (const [k, [i, j]] of PLACES.entries()) this.#held[k]!.push(parts[i]!, parts[j]!);
    return true;
  }

  /** Requests. */
  get n(): number {
    return this.#held[0]!.n;
  }

  /** Both ratios, to first order (delta method): a request contributes (numerator - ratio denominator) / mean denominator. */
  get moments(): PairedMoments {
    const [ab, cd, ac, ad, bc, bd] = this.#held as readonly [
      Covariance,
      Covariance,
      Covariance,
      Covariance,
      Covariance,
      Covariance,
    ];
    const [r, s] = [ab.x.mean / ab.y.mean, cd.x.mean / cd.y.mean];
    const spread = (one: Covariance, ratio: number): number =>
      Math.max(0, one.x.variance - 2 * ratio * one.covariance + ratio * ratio * one.y.variance) / one.y.mean ** 2;
    const joint = ac.covariance - s * ad.covariance - r * bc.covariance + r * s * bd.covariance;
    return {
      n: this.n,
      values: [r, s],
      variances: [spread(ab, r), spread(cd, s)],
      covariance: joint / (ab.y.mean * cd.y.mean),
      clustered: false,
    };
  }

  /** Adds what another has seen. */
  merge(other: PairedRatios): void {
    for (const [k, held] of this.#held.entries()) held.merge(other.#held[k]!);
  }

  /** Everything as plain data. */
  toJSON(): Json {
    return this.#held.map((held) => held.toJSON()) as unknown as Json;
  }

  /** Goes on from `toJSON()`. @throws SnapshotError */
  static fromJSON(json: Json): PairedRatios {
    const states = json as unknown as readonly CovarianceState[];
    if (!Array.isArray(states) || states.length !== PLACES.length) {
      throw new SnapshotError('paired ratios must be six covariances');
    }
    const ratios = new PairedRatios();
    ratios.#held = states.map((state) => Covariance.fromJSON(state));
    return ratios;
  }
}
