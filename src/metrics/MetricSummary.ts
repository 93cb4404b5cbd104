import { SnapshotError, show } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Rng } from '../random/Rng.ts';
import { CalibrationBins, type CalibrationBinsState } from '../stats/quality/CalibrationBins.ts';
import { calibration } from '../stats/quality/calibration.ts';
import { rocAuc } from '../stats/quality/rocAuc.ts';
import { ClusterMoments, type ClusterMomentsState } from '../stats/summaries/ClusterMoments.ts';
import { Covariance, type CovarianceState } from '../stats/summaries/Covariance.ts';
import { Moments, type MomentsState } from '../stats/summaries/Moments.ts';
import { QuantileClusters, type QuantileClustersState } from '../stats/summaries/QuantileClusters.ts';
import { QuantileSketch, type QuantileSketchState } from '../stats/summaries/QuantileSketch.ts';
import { Reservoir, type ReservoirState } from '../stats/summaries/Reservoir.ts';
import type { Metric } from './Metric.ts';
import type { Measured } from './measure.ts';

/** What a metric's summary keeps beyond the sufficient statistics. */
export interface MetricSummaryOptions {
  /** How many values are kept for rank tests and ROC curves; a random sample beyond that. @defaultValue 0, and 10_000 for `auc` */
  readonly sampleSize?: number;
  /** A random stream of its own; needed where a sample is kept. */
  readonly rng?: Rng;
  /** How many units are told apart; further ones share a place (see `ClusterMoments`). @defaultValue 256 */
  readonly places?: number;
}

interface MetricSummaryState {
  readonly kind: string;
  readonly moments: MomentsState;
  readonly pairs?: CovarianceState;
  readonly adjusted?: CovarianceState;
  readonly sketch?: QuantileSketchState;
  readonly samples?: readonly ReservoirState[];
  readonly clusters?: ClusterMomentsState;
  /** Values and covariates where both are known, by unit. */
  readonly adjustedClusters?: readonly [ClusterMomentsState, ClusterMomentsState];
  readonly quantileClusters?: QuantileClustersState;
  readonly calibration?: CalibrationBinsState;
  readonly repeats: number;
}

/** Fewer say too little of a variance: it is taken, and warned of. */
const FEWEST_CLUSTERS = 20;

/**
 * All that is kept of one metric of one variant: mergeable, serialisable, of constant size.
 *
 * `moments` holds the values of means, rates and quantiles, the *squares* of the errors of an `rmse`, and the first
 * numbers of pairs. `pairs` holds both numbers of pair metrics.
 */
export class MetricSummary {
  readonly metric: Metric;
  #moments = new Moments();
  #pairs: Covariance | undefined;
  #adjusted: Covariance | undefined;
  #sketch: QuantileSketch | undefined;
  #samples: readonly Reservoir[];
  #clusters: ClusterMoments | undefined;
  #adjustedClusters: readonly [values: ClusterMoments, covariates: ClusterMoments] | undefined;
  #quantileClusters: QuantileClusters | undefined;
  #calibration: CalibrationBins | undefined;
  #repeats = 0;
  readonly #places: number;

  constructor(
    metric: Metric,
    { sampleSize = metric.kind === 'auc' ? 10_000 : 0, rng, places = 256 }: MetricSummaryOptions = {},
  ) {
    this.metric = metric;
    this.#places = places;
    const paired =
      metric.kind === 'ratio' || metric.kind === 'pearson' || metric.kind === 'r2' || metric.kind === 'auc';
    this.#pairs = paired ? new Covariance() : undefined;
    this.#adjusted = metric.covariate === undefined ? undefined : new Covariance();
    this.#calibration = metric.kind === 'calibration' ? new CalibrationBins({ bins: metric.bins! }) : undefined;
    this.#sketch = metric.kind === 'quantile' ? new QuantileSketch() : undefined;
    const labels = metric.kind === 'auc' ? ['negatives', 'positives'] : ['values'];
    const kept = sampleSize > 0 && rng !== undefined;
    this.#samples = kept ? labels.map((label) => new Reservoir({ capacity: sampleSize, rng: rng.fork(label) })) : [];
  }

  /**
   * Takes in one value, with its covariate where the metric has one.
   *
   * @param cluster the hash of the unit that it belongs to, where values of one unit may depend on each other
   * @param repeated whether that unit has been here before; of a sample of units, for how many such requests it stands
   */
  push(value: Measured, covariate?: number, cluster?: number, repeated: boolean | number = 0): void {
    if (typeof value === 'object') this.#pushPair(value[0], value[1]);
    else this.#pushNumber(value, covariate);
    this.#repeats += Number(repeated);
    if (cluster !== undefined) this.#pushCluster(cluster, value, covariate);
  }

  #pushCluster(cluster: number, value: Measured, covariate: number | undefined): void {
    const { kind, quantile } = this.metric;
    if (typeof value === 'object') {
      // Of correlations and areas there is no sum over units.
      if (kind !== 'ratio') return;
      this.#clusters ??= this.#newClusters();
      this.#clusters.push(cluster, value[0], value[1]);
      return;
    }
    const x = kind === 'rmse' ? value * value : value;
    if (kind === 'quantile') {
      this.#quantileClusters ??= new QuantileClusters();
      this.#quantileClusters.push(cluster, x, this.n, () => this.#sketch!.quantile(quantile as number));
      return;
    }
    this.#clusters ??= this.#newClusters();
    this.#clusters.push(cluster, x);
    if (this.#adjusted === undefined || covariate === undefined) return;
    if (!(Number.isFinite(x) && Number.isFinite(covariate))) return;
    this.#adjustedClusters ??= [this.#newClusters(), this.#newClusters()];
    this.#adjustedClusters[0].push(cluster, x);
    this.#adjustedClusters[1].push(cluster, covariate);
  }

  #newClusters(): ClusterMoments {
    return new ClusterMoments({ places: this.#places });
  }

  #pushNumber(value: number, covariate: number | undefined): void {
    const x = this.metric.kind === 'rmse' ? value * value : value;
    this.#moments.push(x);
    if (this.#adjusted !== undefined && covariate !== undefined) this.#adjusted.push(x, covariate);
    if (this.#sketch !== undefined) this.#sketch.push(value);
    if (this.#samples.length > 0) this.#samples[0]!.push(this.metric.kind === 'rmse' ? Math.abs(value) : value);
  }

  #pushPair(x: number, y: number): void {
    if (this.#calibration !== undefined) {
      this.#calibration.push(x, y as 0 | 1);
      return;
    }
    this.#pairs!.push(x, y);
    if (Number.isFinite(y)) this.#moments.push(x);
    if (this.#samples.length === 0 || !Number.isFinite(y)) return;
    this.#samples[this.metric.kind === 'auc' && y >= 0.5 ? 1 : 0]!.push(x);
  }

  /** Observations that count. */
  get n(): number {
    return (this.#calibration ?? this.#pairs ?? this.#moments).n;
  }

  /** Observations that were NaN or infinite. */
  get invalid(): number {
    return (this.#calibration ?? this.#pairs ?? this.#moments).invalid;
  }

  /** Whether nothing was ever pushed or merged. */
  get untouched(): boolean {
    return this.n === 0 && this.invalid === 0;
  }

  /** Moments of the values; of the squared errors of an `rmse`. */
  get moments(): Moments {
    return this.#moments;
  }

  /** Both numbers of pair metrics. */
  get pairs(): Covariance | undefined {
    return this.#pairs;
  }

  /** Values with their covariates, where the metric has one. */
  get adjusted(): Covariance | undefined {
    return this.#adjusted;
  }

  /** Whether units come more than once, beyond a few (1 %): values of one unit may depend on each other. */
  get repeating(): boolean {
    return this.#repeats > 0.01 * this.n;
  }

  /**
   * The variance of one observation with units, not values, as what is independent; of squared errors for an `rmse`, by
   * the delta method for a `ratio`. Undefined where units hardly ever come twice (1 %), or there is only one.
   */
  get clusteredVariance(): number | undefined {
    if (!this.repeating || this.#clusters === undefined || this.#clusters.clusters < 2) return undefined;
    const { variance } = this.#clusters;
    // A few units may be alike by chance: then their requests still say how much there is to be seen.
    return this.fewUnits && this.#pairs === undefined ? Math.max(variance, this.#moments.variance) : variance;
  }

  /** Whether the units that come more than once are too few to say much of a variance. */
  get fewUnits(): boolean {
    return this.repeating && (this.#unitClusters?.clusters ?? 0) < FEWEST_CLUSTERS;
  }

  get #unitClusters(): { readonly clusters: number } | undefined {
    return this.#adjustedClusters?.[0] ?? this.#clusters ?? this.#quantileClusters;
  }

  /** The same for values of which the covariate is taken out with the slope `theta`. */
  adjustedVariance(theta: number): number | undefined {
    if (!this.repeating || this.#adjustedClusters === undefined) return undefined;
    const [values, covariates] = this.#adjustedClusters;
    if (values.clusters < 2) return undefined;
    const [own, joint, other] = [
      values.meanCovariance(values),
      values.meanCovariance(covariates),
      covariates.meanCovariance(covariates),
    ];
    return values.n * Math.max(0, own - 2 * theta * joint + theta * theta * other);
  }

  /** Degrees of freedom of the variances of whole units; undefined where those are not known. */
  get unitDegrees(): number | undefined {
    const clusters = this.#unitClusters?.clusters ?? 0;
    return this.repeating && clusters >= 2 ? clusters - 1 : undefined;
  }

  /**
   * What each place of units adds to the deviation of the metric from what it measures, up to a factor; with the covariate
   * taken out where its slope is given. Undefined where units are not told apart.
   */
  unitInfluence(theta?: number): Float64Array | undefined {
    if (theta !== undefined && this.#adjustedClusters !== undefined) {
      const [values, covariates] = this.#adjustedClusters;
      const influence = new Float64Array(values.places);
      values.addInfluence(1, influence);
      covariates.addInfluence(-theta, influence);
      return influence;
    }
    const clusters = this.#clusters ?? this.#quantileClusters?.below;
    if (clusters === undefined) return undefined;
    const influence = new Float64Array(clusters.places);
    clusters.addInfluence(1, influence);
    return influence;
  }

  /** How much larger units that come more than once make the variance of a quantile. Undefined as `clusteredVariance`. */
  get quantileDesignEffect(): number | undefined {
    const clusters = this.#quantileClusters;
    if (!this.repeating || clusters === undefined || clusters.clusters < 2) return undefined;
    const effect = clusters.designEffect;
    return effect !== undefined && this.fewUnits ? Math.max(1, effect) : effect;
  }

  /** The distribution, for quantile metrics. */
  get sketch(): QuantileSketch | undefined {
    return this.#sketch;
  }

  /** Predicted probabilities beside what happened, for calibrations. */
  get calibration(): CalibrationBins | undefined {
    return this.#calibration;
  }

  /** The values kept for rank tests (absolute errors of an `rmse`); empty where none are kept. */
  get sample(): Float64Array {
    return this.#samples[0]?.values ?? new Float64Array(0);
  }

  /** The scores kept of negatives and positives, for `auc`. */
  get scores(): { readonly negatives: Float64Array; readonly positives: Float64Array } {
    const empty = new Float64Array(0);
    return { negatives: this.#samples[0]?.values ?? empty, positives: this.#samples[1]?.values ?? empty };
  }

  /** The metric's value in its own unit; undefined where there is nothing to say. */
  get value(): number | undefined {
    if (this.n === 0) return undefined;
    const value = this.#value();
    return Number.isFinite(value) ? value : undefined;
  }

  #value(): number {
    const { kind, quantile } = this.metric;
    if (kind === 'mean' || kind === 'rate') return this.#moments.mean;
    if (kind === 'rmse') return Math.sqrt(this.#moments.mean);
    if (kind === 'quantile') return this.#sketch!.quantile(quantile as number);
    if (this.#calibration !== undefined) return calibration(this.#calibration).expectedError!;
    const pairs = this.#pairs!;
    if (kind === 'ratio') return pairs.x.sum / pairs.y.sum;
    if (kind === 'pearson') return pairs.correlation;
    if (kind === 'r2') return determination(pairs);
    return areaOf(this.scores);
  }

  /** Adds what another summary of the same metric has seen. */
  merge(other: MetricSummary): void {
    this.#moments.merge(other.#moments);
    this.#pairs?.merge(other.#pairs!);
    this.#adjusted?.merge(other.#adjusted!);
    this.#sketch?.merge(other.#sketch!);
    this.#calibration?.merge(other.#calibration!);
    this.#repeats += other.#repeats;
    if (other.#clusters !== undefined) {
      this.#clusters = (this.#clusters ?? other.#newClusters()).merge(other.#clusters);
    }
    if (other.#quantileClusters !== undefined) {
      this.#quantileClusters = (this.#quantileClusters ?? new QuantileClusters()).merge(other.#quantileClusters);
    }
    if (other.#adjustedClusters !== undefined) {
      this.#adjustedClusters ??= [other.#newClusters(), other.#newClusters()];
      for (const i of [0, 1] as const) this.#adjustedClusters[i].merge(other.#adjustedClusters[i]);
    }
    this.#samples.forEach((sample, i) => {
      const theirs = other.#samples[i];
      if (theirs !== undefined) sample.merge(theirs);
    });
  }

  /** The whole state as plain JSON; `MetricSummary.fromJSON` goes on from it. */
  toJSON(): Json {
    const state: MetricSummaryState = {
      kind: this.metric.kind,
      moments: this.#moments.toJSON(),
      // What there is: many summaries are sent.
      ...(this.#pairs === undefined ? {} : { pairs: this.#pairs.toJSON() }),
      ...(this.#adjusted === undefined ? {} : { adjusted: this.#adjusted.toJSON() }),
      ...(this.#sketch === undefined ? {} : { sketch: this.#sketch.toJSON() }),
      ...(this.#samples.length === 0 ? {} : { samples: this.#samples.map((sample) => sample.toJSON()) }),
      ...(this.#clusters === undefined ? {} : { clusters: this.#clusters.toJSON() }),
      ...(this.#adjustedClusters === undefined
        ? {}
        : { adjustedClusters: [this.#adjustedClusters[0].toJSON(), this.#adjustedClusters[1].toJSON()] }),
      ...(this.#quantileClusters === undefined ? {} : { quantileClusters: this.#quantileClusters.toJSON() }),
      ...(this.#calibration === undefined ? {} : { calibration: this.#calibration.toJSON() }),
      repeats: this.#repeats,
    };
    return state as unknown as Json;
  }

  /**
   * The summary that goes on from `toJSON()`. @throws SnapshotError if the state is of another kind of metric
   * @param places as it was made with
   */
  static fromJSON(metric: Metric, json: Json, { places }: Pick<MetricSummaryOptions, 'places'> = {}): MetricSummary {
    const state = json as unknown as MetricSummaryState | null;
    if (state?.kind !== metric.kind) {
      throw new SnapshotError(`the summary of metric ${metric.name} is of kind ${state?.kind}, not ${metric.kind}`);
    }
    const summary = new MetricSummary(metric, places === undefined ? {} : { places });
    summary.#moments = Moments.fromJSON(state.moments);
    if (state.pairs !== undefined) summary.#pairs = Covariance.fromJSON(state.pairs);
    if (state.adjusted !== undefined) summary.#adjusted = Covariance.fromJSON(state.adjusted);
    if (state.sketch !== undefined) summary.#sketch = QuantileSketch.fromJSON(state.sketch);
    if (state.clusters !== undefined) summary.#clusters = ClusterMoments.fromJSON(state.clusters);
    if (state.adjustedClusters !== undefined) {
      const [values, covariates] = state.adjustedClusters;
      summary.#adjustedClusters = [ClusterMoments.fromJSON(values), ClusterMoments.fromJSON(covariates)];
    }
    if (state.quantileClusters !== undefined) {
      summary.#quantileClusters = QuantileClusters.fromJSON(state.quantileClusters);
    }
    if (state.calibration !== undefined) summary.#calibration = CalibrationBins.fromJSON(state.calibration);
    summary.#repeats = checkRepeats(state.repeats);
    summary.#samples = (state.samples ?? []).map((sample) => Reservoir.fromJSON(sample));
    return summary;
  }
}

/** Requests of units that had been here before, as they were saved. @throws SnapshotError */
export function checkRepeats(repeats: unknown): number {
  if (Number.isFinite(repeats) && (repeats as number) >= 0) return repeats as number;
  throw new SnapshotError(`a summary must count the requests of units that come again, got ${show(repeats)}`);
}

/** R² from the joint moments of predictions (x) and truths (y): 1 - SSE / SST. */
function determination(pairs: Covariance): number {
  const { x, y, n, comoment } = pairs;
  const bias = x.mean - y.mean;
  const sse = x.sumOfSquares + y.sumOfSquares - 2 * comoment + n * bias * bias;
  return 1 - sse / y.sumOfSquares;
}

/** The scores kept, and which of them are of positives, as `rocAuc` takes them. */
function areaOf({ negatives, positives }: MetricSummary['scores']): number {
  const scores = Float64Array.from([...negatives, ...positives]);
  const labels = Array.from(scores, (_, i): 0 | 1 => (i < negatives.length ? 0 : 1));
  return rocAuc(scores, labels) ?? Number.NaN;
}
