import type { Json } from '../core/json.ts';
import { BettingSequence, type BettingSequenceState } from '../stats/sequential/BettingSequence.ts';
import { Covariance, type CovarianceState } from '../stats/summaries/Covariance.ts';
import type { Metric } from './Metric.ts';
import type { Measured } from './measure.ts';

/** Whether a metric has values that can be subtracted from one another, request by request. */
export function canPair({ kind }: Pick<Metric, 'kind'>): boolean {
  return kind === 'mean' || kind === 'rate' || kind === 'rmse';
}

/**
 * A metric of two models on the same requests: what they share cancels, so that far fewer requests decide. Holds the joint
 * moments and, where the metric is bounded, the bets on its differences; mergeable and of constant size.
 */
export class PairedValues {
  readonly metric: Metric;
  #values = new Covariance();
  #bets: BettingSequence | undefined;

  constructor(metric: Metric) {
    this.metric = metric;
    const { range } = metric;
    const bounded = range !== undefined && metric.kind === 'mean' && metric.cap === undefined;
    const width = bounded ? range[1] - range[0] : 0;
    this.#bets = bounded ? new BettingSequence({ range: [-width, width] }) : undefined;
  }

  /** Takes in the values of both on one request; a request on which either has none is no pair. */
  push(reference: Measured | undefined, candidate: Measured | undefined): void {
    if (typeof reference !== 'number' || typeof candidate !== 'number') return;
    const square = this.metric.kind === 'rmse';
    this.#values.push(square ? reference * reference : reference, square ? candidate * candidate : candidate);
    if (this.#bets === undefined || !Number.isFinite(reference) || !Number.isFinite(candidate)) return;
    this.#bets.push(this.metric.direction === 'lower' ? reference - candidate : candidate - reference);
  }

  /** Requests on which both have a value. */
  get n(): number {
    return this.#values.n;
  }

  /** (reference, candidate) values; squared errors of an `rmse`. */
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
    if (other.#bets !== undefined) this.#bets?.merge(other.#bets);
  }

  /** Everything as plain data. */
  toJSON(): Json {
    return { values: this.#values.toJSON(), bets: this.#bets?.toJSON() ?? null } as unknown as Json;
  }

  /** Goes on from `toJSON()`. */
  static fromJSON(metric: Metric, json: Json): PairedValues {
    const state = json as unknown as { values: CovarianceState; bets: BettingSequenceState | null };
    const paired = new PairedValues(metric);
    paired.#values = Covariance.fromJSON(state.values);
    if (state.bets !== null) paired.#bets = BettingSequence.fromJSON(state.bets);
    return paired;
  }
}
