import type { Json } from '../../core/json.ts';
import type { Rng } from '../../random/Rng.ts';
import type { InformationEstimate } from '../../stats/sequential/InformationEstimate.ts';
import { logRatioPart } from '../../stats/sequential/logRatioPart.ts';
import { pairedLogRatioPart } from '../../stats/sequential/pairedLogRatioInformation.ts';
import { quantileSequence } from '../../stats/sequential/quantileSequence.ts';
import { ClusterMoments, type ClusterMomentsState } from '../../stats/summaries/ClusterMoments.ts';
import { Covariance, type CovarianceState } from '../../stats/summaries/Covariance.ts';
import type { SampleMoments } from '../../stats/types.ts';
import type { Metric } from '../Metric.ts';
import { MetricSummary } from '../MetricSummary.ts';
import type { Measured } from '../measure.ts';

/** The two models of a comparison. */
export type Arm = 'canary' | 'baseline';

/** How the evidence of one stage is kept. */
export interface StageEvidenceOptions {
  readonly rng: Rng;
  /** Values kept of each model, for rank tests. */
  readonly sampleSize: number;
  /** Whether whole units, not requests, are independent. */
  readonly clustered: boolean;
  /** The error probability with which the baseline's quantile is bounded. */
  readonly alpha: number;
}

/** Below so many clusters their variance is not known well enough. */
const LEAST_CLUSTERS = 20;

/** What both models showed of one metric at one stage, at the same time. Constant memory. */
export class StageEvidence {
  readonly metric: Metric;
  readonly #options: StageEvidenceOptions;
  readonly #exponent: number;
  #canary: MetricSummary;
  #baseline: MetricSummary;
  #pairs: Covariance | undefined;
  #clusters: { canary: ClusterMoments; baseline: ClusterMoments } | undefined;
  #trials = 0;
  #beyond = 0;
  /** The bound beyond which values count, and at how many baseline values it was computed. */
  #bound = Number.NaN;
  #boundAt = 0;
  #part: InformationEstimate | undefined;

  constructor(metric: Metric, options: StageEvidenceOptions) {
    const { rng, sampleSize, clustered } = options;
    this.metric = metric;
    this.#options = options;
    this.#exponent = metric.kind === 'rmse' ? 0.5 : 1;
    this.#canary = new MetricSummary(metric, { rng: rng.fork('canary'), sampleSize });
    this.#baseline = new MetricSummary(metric, { rng: rng.fork('baseline'), sampleSize });
    const averaged = metric.kind === 'mean' || metric.kind === 'rmse';
    if (clustered && averaged) this.#clusters = { canary: new ClusterMoments(), baseline: new ClusterMoments() };
  }

  /** What is known of the canary at this stage. */
  get canary(): MetricSummary {
    return this.#canary;
  }

  /** What is known of the baseline at this stage. */
  get baseline(): MetricSummary {
    return this.#baseline;
  }

  /** Values of both models for the same requests; undefined where no request was answered by both. */
  get pairs(): Covariance | undefined {
    return this.#pairs;
  }

  /** For quantiles: canary values that could be held against the limit when they came. */
  get trials(): number {
    return this.#trials;
  }

  /** For quantiles: how many of the trials were beyond the limit. */
  get beyond(): number {
    return this.#beyond;
  }

  /** Takes in one value of one model. @param cluster a hash of the unit */
  push(arm: Arm, value: Measured, cluster: number): void {
    if (arm === 'canary') {
      if (this.metric.kind === 'quantile' && this.metric.limit !== undefined) this.#hold(value as number);
      this.#canary.push(value);
    } else this.#baseline.push(value);
    if (this.#clusters !== undefined) this.#clusters[arm].push(cluster, this.#moment(value as number));
    this.#part = undefined;
  }

  /** Takes in both models' values of one request. */
  pushPair(canary: number, baseline: number): void {
    this.#pairs ??= new Covariance();
    this.#pairs.push(this.#moment(canary), this.#moment(baseline));
    this.#part = undefined;
  }

  /** The moments of a model's values (squares of errors for `rmse`), cluster-robust where units are. */
  momentsOf(arm: Arm): SampleMoments {
    return this.#clusters === undefined ? this[arm].moments : this.#clusters[arm];
  }

  /**
   * The logarithm of the ratio of both models, above 0 where the canary is worse, with its information: by pairs where
   * there are any, cluster-robust where units are; 0 during the burn-in.
   */
  get part(): InformationEstimate {
    this.#part ??= this.#compare();
    return this.#part;
  }

  /** The whole state as plain JSON. */
  toJSON(): Json {
    const state = {
      canary: this.#canary.toJSON(),
      baseline: this.#baseline.toJSON(),
      pairs: this.#pairs?.toJSON() ?? null,
      clusters:
        this.#clusters === undefined ? null : [this.#clusters.canary.toJSON(), this.#clusters.baseline.toJSON()],
      trials: this.#trials,
      beyond: this.#beyond,
      bound: Number.isFinite(this.#bound) ? this.#bound : null,
      boundAt: this.#boundAt,
    };
    return state as unknown as Json;
  }

  /** Takes over what `toJSON` returned. */
  load(json: Json): void {
    const saved = json as unknown as {
      canary: Json;
      baseline: Json;
      pairs: CovarianceState | null;
      clusters: [ClusterMomentsState, ClusterMomentsState] | null;
      trials: number;
      beyond: number;
      bound: number | null;
      boundAt: number;
    };
    this.#canary = MetricSummary.fromJSON(this.metric, saved.canary);
    this.#baseline = MetricSummary.fromJSON(this.metric, saved.baseline);
    this.#pairs = saved.pairs === null ? undefined : Covariance.fromJSON(saved.pairs);
    if (saved.clusters !== null) {
      const [canary, baseline] = saved.clusters.map((state) => ClusterMoments.fromJSON(state)) as [
        ClusterMoments,
        ClusterMoments,
      ];
      this.#clusters = { canary, baseline };
    }
    this.#trials = saved.trials;
    this.#beyond = saved.beyond;
    this.#bound = saved.bound ?? Number.NaN;
    this.#boundAt = saved.boundAt;
    this.#part = undefined;
  }

  #moment(value: number): number {
    return this.metric.kind === 'rmse' ? value * value : value;
  }

  #compare(): InformationEstimate {
    const lower = this.metric.direction === 'lower';
    if (this.#pairs !== undefined) {
      const { estimate, information } = pairedLogRatioPart(this.#pairs, this.#exponent);
      return { estimate: lower ? estimate : -estimate, information };
    }
    const canary = this.momentsOf('canary');
    const baseline = this.momentsOf('baseline');
    if (canary.n < STAGE_BURN_IN || baseline.n < STAGE_BURN_IN || this.#tooFewClusters()) return NOTHING;
    return lower ? logRatioPart(canary, baseline, this.#exponent) : logRatioPart(baseline, canary, this.#exponent);
  }

  #tooFewClusters(): boolean {
    if (this.#clusters === undefined) return false;
    return Math.min(this.#clusters.canary.clusters, this.#clusters.baseline.clusters) < LEAST_CLUSTERS;
  }

  /** Counts a canary value of a quantile metric, if it is known what is too bad. */
  #hold(value: number): void {
    const bound = this.#boundNow();
    if (!Number.isFinite(bound) || Number.isNaN(value)) return;
    this.#trials += 1;
    if (this.metric.direction === 'lower' ? value > bound : value < bound) this.#beyond += 1;
  }

  /**
   * The limit, or the baseline's quantile times what is allowed. The quantile is not the estimate but the end of its
   * confidence sequence on the lenient side, as it stood before the value came: so the count stays a fair game whatever
   * the baseline turns out to be. Until that end is known, values are no trials.
   */
  #boundNow(): number {
    const { limit, quantile, direction } = this.metric;
    if (limit === undefined) return Number.NaN;
    if ('max' in limit) return limit.max;
    if ('min' in limit) return limit.min;
    const { n, sketch } = this.#baseline;
    if (n < 20 || n <= 1.05 * this.#boundAt) return this.#bound;
    this.#boundAt = n;
    const lower = direction === 'lower';
    const sequence = quantileSequence(sketch!, {
      quantile: quantile as number,
      alpha: this.#options.alpha,
      alternative: lower ? 'less' : 'greater',
    });
    const end = sequence.status === 'ok' ? sequence.interval[lower ? 1 : 0] : Number.NaN;
    this.#bound = end * (lower ? 1 + limit.relative : 1 - limit.relative);
    return this.#bound;
  }
}

/** Observations of both models without which a stage compares nothing. */
const STAGE_BURN_IN = 10;

const NOTHING: InformationEstimate = { estimate: 0, information: 0 };
