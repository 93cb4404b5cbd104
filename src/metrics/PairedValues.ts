import type { Json } from '../core/json.ts';
import { BettingSequence, type BettingSequenceState } from '../stats/sequential/BettingSequence.ts';
import { ClusterMoments, type ClusterMomentsState } from '../stats/summaries/ClusterMoments.ts';
import { Covariance, type CovarianceState } from '../stats/summaries/Covariance.ts';
import type { Metric } from './Metric.ts';
import { checkRepeats } from './MetricSummary.ts';
import type { Measured } from './measure.ts';
import { type PairedMoments, PairedRatios, type RatioParts } from './PairedRatios.ts';

/** Whether a metric of two models can be compared request by request; correlations, areas and quantiles cannot. */
export function canPair({ kind }: Pick<Metric, 'kind'>): boolean {
  return kind === 'mean' || kind === 'rate' || kind === 'rmse' || kind === 'ratio';
}

/** Fewer say too little of a variance: it is taken, and warned of. */
const FEWEST_CLUSTERS = 20;

/**
 * A metric of two models on the same requests: what they share cancels, so that far fewer requests decide. Holds the joint
 * moments and, where the metric is bounded, the bets on its differences; mergeable and of constant size.
 */
export class PairedValues {
  readonly metric: Metric;
  #values = new Covariance();
  #ratios: PairedRatios | undefined;
  #bets: BettingSequence | undefined;
  /** What units add to the value of either model; of squared errors for an `rmse`. */
  #clusters: readonly [reference: ClusterMoments, candidate: ClusterMoments] | undefined;
  #repeats = 0;

  constructor(metric: Metric) {
    this.metric = metric;
    const { range } = metric;
    this.#ratios = metric.kind === 'ratio' || metric.selective ? new PairedRatios() : undefined;
    const exact = metric.kind === 'mean' && metric.cap === undefined && !metric.selective;
    const bounded = range !== undefined && exact;
    const width = bounded ? range[1] - range[0] : 0;
    this.#bets = bounded ? new BettingSequence({ range: [-width, width] }) : undefined;
  }

  /**
   * Takes in the values of both on one request; a request on which either has none is no pair, unless the metric is
   * selective: then it adds nothing to that one's ratio.
   *
   * @param cluster the hash of the unit that it belongs to, where requests of one unit may depend on each other
   * @param repeated whether that unit has been here before; of a sample of units, for how many such requests it stands
   */
  push(
    reference: Measured | undefined,
    candidate: Measured | undefined,
    cluster?: number,
    repeated: boolean | number = 0,
  ): void {
    if (this.#ratios !== undefined) {
      const [a, b] = [partsOf(reference), partsOf(candidate)];
      const present = this.metric.selective ? a !== undefined || b !== undefined : a !== undefined && b !== undefined;
      if (present && this.#ratios.push(a ?? [0, 0], b ?? [0, 0])) {
        this.#pushClusters(a ?? [0, 0], b ?? [0, 0], cluster, repeated);
      }
      return;
    }
    if (typeof reference !== 'number' || typeof candidate !== 'number') return;
    const square = this.metric.kind === 'rmse';
    const [x, y] = square ? [reference * reference, candidate * candidate] : [reference, candidate];
    this.#values.push(x, y);
    if (Number.isFinite(x) && Number.isFinite(y)) this.#pushClusters([x, 1], [y, 1], cluster, repeated);
    if (this.#bets === undefined || !Number.isFinite(reference) || !Number.isFinite(candidate)) return;
    this.#bets.push(this.metric.direction === 'lower' ? reference - candidate : candidate - reference);
  }

  #pushClusters(a: RatioParts, b: RatioParts, cluster: number | undefined, repeated: boolean | number): void {
    this.#repeats += Number(repeated);
    if (cluster === undefined) return;
    this.#clusters ??= [new ClusterMoments(), new ClusterMoments()];
    this.#clusters[0].push(cluster, a[0], a[1]);
    this.#clusters[1].push(cluster, b[0], b[1]);
  }

  /** Whether units come more than once, beyond a few (1 %): requests of one unit may depend on each other. */
  get repeating(): boolean {
    return this.#repeats > 0.01 * this.n;
  }

  /** Whether the units that come more than once are too few to say much of a variance. */
  get fewUnits(): boolean {
    return this.repeating && (this.#clusters?.[0].clusters ?? 0) < FEWEST_CLUSTERS;
  }

  /** Requests on which both have a value. */
  get n(): number {
    return this.#ratios?.n ?? this.#values.n;
  }

  /**
   * The metric's value of both, as means of what each request contributes; roots and ratios by the delta method. Where units
   * come more than once, what a unit contributes is what varies.
   */
  get moments(): PairedMoments {
    const plain = this.#ratios?.moments ?? this.#means;
    const moments = this.repeating ? (this.#byUnit(plain) ?? plain) : plain;
    if (this.metric.kind !== 'rmse') return moments;
    const { values, variances, covariance } = moments;
    const slope = (mean: number): number => (mean > 0 ? 1 / (2 * Math.sqrt(mean)) : 0);
    const [a, b] = [slope(values[0]), slope(values[1])];
    return {
      ...moments,
      values: [Math.sqrt(values[0]), Math.sqrt(values[1])],
      variances: [a * a * variances[0], b * b * variances[1]],
      covariance: a * b * covariance,
    };
  }

  get #means(): PairedMoments {
    const { n, x, y, covariance } = this.#values;
    return { n, values: [x.mean, y.mean], variances: [x.variance, y.variance], covariance, clustered: false };
  }

  /** The same values with the variances of whole units; undefined where there is only one. */
  #byUnit({ n, values }: PairedMoments): PairedMoments | undefined {
    if (this.#clusters === undefined || this.#clusters[0].clusters < 2) return undefined;
    const [a, b] = this.#clusters;
    const variances = [n * a.meanCovariance(a), n * b.meanCovariance(b)] as const;
    return { n, values, variances, covariance: n * a.meanCovariance(b), clustered: true, df: a.clusters - 1 };
  }

  /** (reference, candidate) values; squared errors of an `rmse`. Nothing of ratios. */
  get values(): Covariance {
    return this.#values;
  }

  /** The bets on the improvement, request by request; only for means of a known range. */
  get bets(): BettingSequence | undefined {
    return this.#bets;
  }

  /** Adds what another has seen. */
  merge(other: PairedValues): void {
    this.#values.merge(other.#values);
    if (other.#ratios !== undefined) this.#ratios?.merge(other.#ratios);
    if (other.#bets !== undefined) this.#bets?.merge(other.#bets);
    this.#repeats += other.#repeats;
    if (other.#clusters === undefined) return;
    this.#clusters ??= [new ClusterMoments(), new ClusterMoments()];
    for (const i of [0, 1] as const) this.#clusters[i].merge(other.#clusters[i]);
  }

  /** Everything as plain data. */
  toJSON(): Json {
    const state = {
      values: this.#values.toJSON(),
      ratios: this.#ratios?.toJSON() ?? null,
      bets: this.#bets?.toJSON() ?? null,
      clusters: this.#clusters === undefined ? null : [this.#clusters[0].toJSON(), this.#clusters[1].toJSON()],
      repeats: this.#repeats,
    };
    return state as unknown as Json;
  }

  /** Goes on from `toJSON()`. */
  static fromJSON(metric: Metric, json: Json): PairedValues {
    const state = json as unknown as {
      values: CovarianceState;
      ratios: Json | null;
      bets: BettingSequenceState | null;
      clusters: readonly [ClusterMomentsState, ClusterMomentsState] | null;
      repeats: number;
    };
    const paired = new PairedValues(metric);
    paired.#values = Covariance.fromJSON(state.values);
    if (state.ratios !== null) paired.#ratios = PairedRatios.fromJSON(state.ratios);
    if (state.bets !== null) paired.#bets = BettingSequence.fromJSON(state.bets);
    if (state.clusters !== null) {
      const [reference, candidate] = state.clusters;
      paired.#clusters = [ClusterMoments.fromJSON(reference), ClusterMoments.fromJSON(candidate)];
    }
    paired.#repeats = checkRepeats(state.repeats);
    return paired;
  }
}

/** What one request adds to a ratio of sums; a single value is one of one. */
function partsOf(value: Measured | undefined): RatioParts | undefined {
  return typeof value === 'number' ? [value, 1] : value;
}
