import type { Json } from '../../core/json.ts';
import type { Rng } from '../../random/Rng.ts';
import type { InformationEstimate } from '../../stats/sequential/InformationEstimate.ts';
import { logRatioPart, NOTHING } from '../../stats/sequential/logRatioPart.ts';
import { pairedLogRatioPart } from '../../stats/sequential/pairedLogRatioInformation.ts';
import { Covariance, type CovarianceState } from '../../stats/summaries/Covariance.ts';
import type { SampleMoments } from '../../stats/types.ts';
import type { Metric } from '../Metric.ts';
import { MetricSummary } from '../MetricSummary.ts';
import type { Measured } from '../measure.ts';
import type { Arm } from './Arm.ts';
import { BoundedBets, canBet } from './BoundedBets.ts';
import { ClusteredArms, type ClusteredArmsState } from './ClusteredArms.ts';
import { ExceedanceCount, type ExceedanceState } from './ExceedanceCount.ts';

/** How the evidence of one stage is kept. */
export interface StageEvidenceOptions {
  readonly rng: Rng;
  /** Values kept of each model, for rank tests. */
  readonly sampleSize: number;
  /** Whether whole units, not requests, are independent. */
  readonly clustered: boolean;
  /** The error probability with which the baseline's quantile is bounded. */
  readonly alpha: number;
  /** The canary's share of the requests, within [0, 1]; 0 where they are not split at random. @defaultValue 0 */
  readonly share?: number;
  /** Whether the baseline is asked beside the canary: then no value but those of pairs can be bet on against it. @defaultValue false */
  readonly paired?: boolean;
}

interface StageState {
  readonly canary: Json;
  readonly baseline: Json;
  readonly pairs: CovarianceState | null;
  readonly clusters: ClusteredArmsState | null;
  readonly exceedance: ExceedanceState | null;
  readonly bets: Json;
  readonly own: Json;
}

/** Observations of both models without which a stage compares nothing. */
const STAGE_BURN_IN = 10;

/**
 * What both models showed of one metric at one stage, at the same time. Constant memory; what was seen here can be told
 * to other replicas, and what they have seen be added.
 */
export class StageEvidence {
  readonly metric: Metric;
  readonly #options: StageEvidenceOptions;
  readonly #exponent: number;
  #canary: MetricSummary;
  #baseline: MetricSummary;
  #pairs: Covariance | undefined;
  #clusters: ClusteredArms | undefined;
  #exceedance: ExceedanceCount | undefined;
  #bets: BoundedBets | undefined;
  #part: InformationEstimate | undefined;
  /** What was seen here alone since it was last told; undefined while that is everything. */
  #own: StageEvidence | undefined;

  constructor(metric: Metric, options: StageEvidenceOptions) {
    const { rng, sampleSize, clustered, alpha, share = 0, paired = false } = options;
    this.metric = metric;
    this.#options = options;
    this.#exponent = metric.kind === 'rmse' ? 0.5 : 1;
    this.#canary = new MetricSummary(metric, { rng: rng.fork('canary'), sampleSize });
    this.#baseline = new MetricSummary(metric, { rng: rng.fork('baseline'), sampleSize });
    const single =
      metric.kind === 'mean' || metric.kind === 'rmse' || metric.kind === 'rate' || metric.kind === 'quantile';
    if (clustered && single) this.#clusters = new ClusteredArms();
    if (metric.kind === 'quantile' && metric.limit !== undefined) this.#exceedance = new ExceedanceCount(metric, alpha);
    if (!clustered && canBet(metric, paired)) this.#bets = new BoundedBets(metric, paired ? 0 : share);
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

  /** For quantiles with a limit: how many canary values were beyond it. @internal */
  get exceedance(): ExceedanceCount | undefined {
    return this.#exceedance;
  }

  /** For bounded values with a limit: the bets on it. @internal */
  get bets(): BoundedBets | undefined {
    return this.#bets;
  }

  /** Values by unit, where units are what is independent: of quantiles, whether they were beyond the limit. @internal */
  get clusters(): ClusteredArms | undefined {
    return this.#clusters;
  }

  /** Takes in one value of one model. @param cluster a hash of the unit */
  push(arm: Arm, value: Measured, cluster: number): void {
    const canary = arm === 'canary';
    const beyond = canary ? this.#exceedance?.test(value as number, this.#baseline) : undefined;
    const anchor = this.#bets?.anchor(this.#baseline.n, this.#baseline.moments.mean);
    this.#take(arm, value, cluster, beyond, anchor);
    if (this.#own !== undefined) this.#own.#take(arm, value, cluster, beyond, anchor);
  }

  /** Takes in both models' values of one request. */
  pushPair(canary: number, baseline: number): void {
    this.#takePair(canary, baseline);
    if (this.#own !== undefined) this.#own.#takePair(canary, baseline);
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

  /** What was seen here since the last call (at first: ever), without what was merged; undefined where that is nothing. */
  takeOwn(): Json | undefined {
    const own = this.#own ?? this;
    const told = own.#canary.n + own.#baseline.n === 0 ? undefined : own.toJSON();
    this.#own = new StageEvidence(this.metric, this.#options);
    return told;
  }

  /** Adds what another replica has told. Nothing of it is told on. */
  merge(other: StageEvidence): void {
    this.#own ??= this.#clone();
    this.#canary.merge(other.#canary);
    this.#baseline.merge(other.#baseline);
    if (other.#pairs !== undefined) this.#pairs = (this.#pairs ?? new Covariance()).merge(other.#pairs);
    if (other.#clusters !== undefined) this.#clusters?.merge(other.#clusters);
    if (other.#exceedance !== undefined) this.#exceedance?.merge(other.#exceedance);
    if (other.#bets !== undefined) this.#bets?.merge(other.#bets);
    this.#part = undefined;
  }

  /** The whole state as plain JSON. */
  toJSON(): Json {
    const state: StageState = {
      canary: this.#canary.toJSON(),
      baseline: this.#baseline.toJSON(),
      pairs: this.#pairs?.toJSON() ?? null,
      clusters: this.#clusters?.toJSON() ?? null,
      exceedance: this.#exceedance?.toJSON() ?? null,
      bets: this.#bets?.toJSON() ?? null,
      own: this.#own?.toJSON() ?? null,
    };
    return state as unknown as Json;
  }

  /** Evidence of the same metric that goes on from `toJSON()`. @throws SnapshotError */
  static fromJSON(metric: Metric, options: StageEvidenceOptions, json: Json): StageEvidence {
    const saved = json as unknown as StageState;
    const stage = new StageEvidence(metric, options);
    stage.#canary = MetricSummary.fromJSON(metric, saved.canary);
    stage.#baseline = MetricSummary.fromJSON(metric, saved.baseline);
    if (saved.pairs !== null) stage.#pairs = Covariance.fromJSON(saved.pairs);
    if (saved.clusters !== null) stage.#clusters = ClusteredArms.fromJSON(saved.clusters);
    if (saved.exceedance !== null) stage.#exceedance?.load(saved.exceedance);
    if (saved.bets !== null)
      stage.#bets = BoundedBets.fromJSON(metric, options.paired === true ? 0 : (options.share ?? 0), saved.bets);
    if (saved.own !== null) stage.#own = StageEvidence.fromJSON(metric, options, saved.own);
    return stage;
  }

  #take(arm: Arm, value: Measured, cluster: number, beyond: boolean | undefined, anchor: number | undefined): void {
    if (arm === 'canary') this.#canary.push(value);
    else this.#baseline.push(value);
    if (beyond !== undefined) this.#exceedance?.count(beyond);
    if (this.#bets !== undefined) this.#bets.push(arm, value as number, anchor);
    if (this.#clusters !== undefined) this.#cluster(arm, value as number, cluster, beyond);
    this.#part = undefined;
  }

  #cluster(arm: Arm, value: number, cluster: number, beyond: boolean | undefined): void {
    if (this.#exceedance === undefined) this.#clusters!.push(arm, this.#moment(value), cluster);
    else if (beyond !== undefined) this.#clusters!.push(arm, Number(beyond), cluster);
  }

  #takePair(canary: number, baseline: number): void {
    this.#pairs ??= new Covariance();
    this.#pairs.push(this.#moment(canary), this.#moment(baseline));
    this.#bets?.pushPair(canary, baseline);
    this.#part = undefined;
  }

  #moment(value: number): number {
    return this.metric.kind === 'rmse' ? value * value : value;
  }

  #compare(): InformationEstimate {
    const lower = this.metric.direction === 'lower';
    // Where units are sticky, what a request has in common for both models cancels within its unit: see `combineStages`.
    if (this.#pairs !== undefined && this.#clusters === undefined) {
      const { estimate, information } = pairedLogRatioPart(this.#pairs, this.#exponent);
      return { estimate: lower ? estimate : -estimate, information };
    }
    const canary = this.momentsOf('canary');
    const baseline = this.momentsOf('baseline');
    const few = canary.n < STAGE_BURN_IN || baseline.n < STAGE_BURN_IN;
    if (few || this.#clusters?.enough === false) return NOTHING;
    return lower ? logRatioPart(canary, baseline, this.#exponent) : logRatioPart(baseline, canary, this.#exponent);
  }

  #clone(): StageEvidence {
    return StageEvidence.fromJSON(this.metric, this.#options, this.toJSON());
  }
}
