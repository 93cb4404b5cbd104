import type { Json } from '../core/json.ts';
import type { Metric } from '../metrics/Metric.ts';
import { MetricSummary } from '../metrics/MetricSummary.ts';
import type { Measured } from '../metrics/measure.ts';
import type { Rng } from '../random/Rng.ts';
import { Covariance, type CovarianceState } from '../stats/summaries/Covariance.ts';

/** One metric of the primary and one shadow on the same requests: both summaries, and the pairs for paired tests. */
export class PairedMetric {
  readonly metric: Metric;
  #primary: MetricSummary;
  #shadow: MetricSummary;
  #pairs = new Covariance();

  constructor(metric: Metric, rng: Rng) {
    this.metric = metric;
    this.#primary = new MetricSummary(metric, { rng: rng.fork('primary') });
    this.#shadow = new MetricSummary(metric, { rng: rng.fork('shadow') });
  }

  /** The values of both on one request; either may have none. */
  push(primary: Measured | undefined, shadow: Measured | undefined): void {
    if (primary !== undefined) this.#primary.push(primary);
    if (shadow !== undefined) this.#shadow.push(shadow);
    if (typeof primary !== 'number' || typeof shadow !== 'number') return;
    const square = this.metric.kind === 'rmse';
    this.#pairs.push(square ? primary * primary : primary, square ? shadow * shadow : shadow);
  }

  get primary(): MetricSummary {
    return this.#primary;
  }

  get shadow(): MetricSummary {
    return this.#shadow;
  }

  /** (primary, shadow) values of the requests that have both; squared errors of an `rmse`. */
  get pairs(): Covariance {
    return this.#pairs;
  }

  toJSON(): Json {
    const state = { primary: this.#primary.toJSON(), shadow: this.#shadow.toJSON(), pairs: this.#pairs.toJSON() };
    return state as unknown as Json;
  }

  load(json: Json): void {
    const state = json as unknown as { primary: Json; shadow: Json; pairs: CovarianceState };
    this.#primary = MetricSummary.fromJSON(this.metric, state.primary);
    this.#shadow = MetricSummary.fromJSON(this.metric, state.shadow);
    this.#pairs = Covariance.fromJSON(state.pairs);
  }
}
