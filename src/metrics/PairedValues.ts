import type { Json } from '../core/json.ts';
import { BettingSequence, type BettingSequenceState } from '../stats/sequential/BettingSequence.ts';
import { Covariance, type CovarianceState } from '../stats/summaries/Covariance.ts';
import type { Metric } from './Metric.ts';
import type { Measured } from './measure.ts';
import { type PairedMoments, PairedRatios, type RatioParts } from './PairedRatios.ts';

/** Whether a metric of two models can be compared request by request; correlations, areas and quantiles cannot. */
export function canPair({ kind }: Pick<Metric, 'kind'>): boolean {
  return kind === 'mean' || kind === 'rate' || kind === 'rmse' || kind === 'ratio';
}

/**
 * A metric of two models on the same requests: what they share cancels, so that far fewer requests decide. Holds the joint
 * moments and, where the metric is bounded, the bets on its differences; mergeable and of constant size.
 */
export class PairedValues {
  readonly metric: Metric;
  #values = new Covariance();
  #ratios: PairedRatios | undefined;
  #bets: BettingSequence | undefined;

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
   */
  push(reference: Measured | undefined, candidate: Measured | undefined): void {
    if (this.#ratios !== undefined) {
      const [a, b] = [partsOf(reference), partsOf(candidate)];
      const present = this.metric.selective ? a !== undefined || b !== undefined : a !== undefined && b !== undefined;
      if (present) this.#ratios.push(a ?? [0, 0], b ?? [0, 0]);
      return;
    }
    if (typeof reference !== 'number' || typeof candidate !== 'number') return;
    const square = this.metric.kind === 'rmse';
    this.#values.push(square ? reference * reference : reference, square ? candidate * candidate : candidate);
    if (this.#bets === undefined || !Number.isFinite(reference) || !Number.isFinite(candidate)) return;
    this.#bets.push(this.metric.direction === 'lower' ? reference - candidate : candidate - reference);
  }

  /** Requests on which both have a value. */
  get n(): number {
    return this.#ratios?.n ?? this.#values.n;
  }

  /** The metric's value of both, as means of what each request contributes; roots and ratios by the delta method. */
  get moments(): PairedMoments {
    if (this.#ratios !== undefined) return this.#ratios.moments;
    const { n, x, y, covariance } = this.#values;
    if (this.metric.kind !== 'rmse') {
      return { n, values: [x.mean, y.mean], variances: [x.variance, y.variance], covariance };
    }
    const slope = (mean: number): number => (mean > 0 ? 1 / (2 * Math.sqrt(mean)) : 0);
    const [a, b] = [slope(x.mean), slope(y.mean)];
    return {
      n,
      values: [Math.sqrt(x.mean), Math.sqrt(y.mean)],
      variances: [a * a * x.variance, b * b * y.variance],
      covariance: a * b * covariance,
    };
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
  }

  /** Everything as plain data. */
  toJSON(): Json {
    const state = {
      values: this.#values.toJSON(),
      ratios: this.#ratios?.toJSON() ?? null,
      bets: this.#bets?.toJSON() ?? null,
    };
    return state as unknown as Json;
  }

  /** Goes on from `toJSON()`. */
  static fromJSON(metric: Metric, json: Json): PairedValues {
    const state = json as unknown as {
      values: CovarianceState;
      ratios: Json | null;
      bets: BettingSequenceState | null;
    };
    const paired = new PairedValues(metric);
    paired.#values = Covariance.fromJSON(state.values);
    if (state.ratios !== null) paired.#ratios = PairedRatios.fromJSON(state.ratios);
    if (state.bets !== null) paired.#bets = BettingSequence.fromJSON(state.bets);
    return paired;
  }
}

/** What one request adds to a ratio of sums; a single value is one of one. */
function partsOf(value: Measured | undefined): RatioParts | undefined {
  return typeof value === 'number' ? [value, 1] : value;
}
