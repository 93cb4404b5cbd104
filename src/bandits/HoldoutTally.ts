import { postStratify } from '../stats/adjustment/postStratify.ts';
import { inconclusive } from '../stats/inconclusive.ts';
import { asymptoticMeanSequence } from '../stats/sequential/asymptoticMeanSequence.ts';
import { ClusterMoments, type ClusterMomentsState } from '../stats/summaries/ClusterMoments.ts';
import { Moments, type MomentsState } from '../stats/summaries/Moments.ts';
import type { EstimateResult, SampleMoments } from '../stats/types.ts';

/** The rewards of both sides as plain JSON. */
export interface HoldoutSums {
  readonly bandit: MomentsState;
  readonly control: MomentsState;
  readonly scores: MomentsState;
  readonly units: ClusterMomentsState;
}

/** Units that are told apart; further ones share a place, which is valid. */
const PLACES = 1024;

/** Units that must be expected on the smaller side: with fewer, nobody knows how much units differ. */
const LEAST_UNITS = 10;

/**
 * What the bandit's requests and the held-out ones have earned, with their inverse-probability-weighted difference
 * (Horvitz & Thompson 1952). Requests that were held out together (those of one unit, the slots of one page) are one draw:
 * their scores are counted by cluster.
 */
export class HoldoutTally {
  readonly bandit: Moments;
  readonly control: Moments;
  /** Of requests that were drawn one by one: the mean is the difference of the sides. */
  readonly #scores: Moments;
  /** Of those that were drawn together. */
  readonly #units: ClusterMoments;

  constructor(sums?: HoldoutSums) {
    const moments = (state: MomentsState | undefined): Moments => (state ? Moments.fromJSON(state) : new Moments());
    this.bandit = moments(sums?.bandit);
    this.control = moments(sums?.control);
    this.#scores = moments(sums?.scores);
    this.#units = sums === undefined ? new ClusterMoments({ places: PLACES }) : ClusterMoments.fromJSON(sums.units);
  }

  /** The mean of all rewards; 0 before the first. */
  get mean(): number {
    const { bandit, control } = this;
    const n = bandit.n + control.n;
    return n && ((bandit.n && bandit.n * bandit.mean) + (control.n && control.n * control.mean)) / n;
  }

  /**
   * Takes in a reward and its score.
   * @param cluster what was drawn together; undefined for a request on its own
   */
  push(held: boolean, reward: number, score: number | undefined, cluster: number | undefined): void {
    (held ? this.control : this.bandit).push(reward);
    if (score === undefined) return;
    if (cluster === undefined) this.#scores.push(score);
    else this.#units.push(cluster, score);
  }

  /** The mean difference per request, bandit minus control. @param share of what is held out */
  difference(share: number): EstimateResult {
    const units = this.#units;
    const least = Math.min(PLACES / 2, Math.ceil(LEAST_UNITS / Math.min(share, 1 - share)));
    if (units.n === 0 || units.clusters >= least) return asymptoticMeanSequence(this.#pooled());
    const reason = `${units.clusters} of ${least} units have earned something`;
    return inconclusive('asymptotic-mean-sequence', [this.#scores.n + units.n], reason, 'anytime');
  }

  merge(other: HoldoutTally): void {
    this.bandit.merge(other.bandit);
    this.control.merge(other.control);
    this.#scores.merge(other.#scores);
    this.#units.merge(other.#units);
  }

  toJSON(): HoldoutSums {
    const [bandit, control, scores] = [this.bandit.toJSON(), this.control.toJSON(), this.#scores.toJSON()];
    return { bandit, control, scores, units: this.#units.toJSON() };
  }

  #pooled(): SampleMoments {
    const parts = [this.#scores, this.#units].filter(({ n }) => n > 1);
    if (parts.length < 2) return parts[0] ?? this.#scores;
    const n = parts.reduce((sum, part) => sum + part.n, 0);
    return postStratify(parts.map((moments) => ({ share: moments.n / n, moments }))) ?? this.#scores;
  }
}
