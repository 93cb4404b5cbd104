import type { Json } from '../../core/json.ts';
import type { Metric } from '../../metrics/Metric.ts';
import { MetricSummary } from '../../metrics/MetricSummary.ts';
import type { Measured } from '../../metrics/measure.ts';
import { canPair, PairedValues } from '../../metrics/PairedValues.ts';
import type { Rng } from '../../random/Rng.ts';

/** One metric of the primary and of a shadow on the same requests: both summaries, and the pairs where it has any. */
export class MetricEvidence {
  readonly metric: Metric;
  #primary: MetricSummary;
  #candidate: MetricSummary;
  #pairs: PairedValues;

  constructor(metric: Metric, rng: Rng) {
    this.metric = metric;
    this.#primary = new MetricSummary(metric, { rng: rng.fork('primary') });
    this.#candidate = new MetricSummary(metric, { rng: rng.fork('shadow') });
    this.#pairs = new PairedValues(metric);
  }

  /** The values of both on one request; either may have none. */
  push(primary: Measured | undefined, candidate: Measured | undefined): void {
    if (primary !== undefined) this.#primary.push(primary);
    if (candidate !== undefined) this.#candidate.push(candidate);
    if (canPair(this.metric)) this.#pairs.push(primary, candidate);
  }

  get primary(): MetricSummary {
    return this.#primary;
  }
  get candidate(): MetricSummary {
    return this.#candidate;
  }
  /** Requests on which both have a value: empty for metrics whose values cannot be subtracted. */
  get pairs(): PairedValues {
    return this.#pairs;
  }

  merge(other: MetricEvidence): void {
    this.#primary.merge(other.#primary);
    this.#candidate.merge(other.#candidate);
    this.#pairs.merge(other.#pairs);
  }

  toJSON(): Json {
    return { primary: this.#primary.toJSON(), candidate: this.#candidate.toJSON(), pairs: this.#pairs.toJSON() };
  }

  load(json: Json): void {
    const state = json as unknown as { primary: Json; candidate: Json; pairs: Json };
    this.#primary = MetricSummary.fromJSON(this.metric, state.primary);
    this.#candidate = MetricSummary.fromJSON(this.metric, state.candidate);
    this.#pairs = PairedValues.fromJSON(this.metric, state.pairs);
  }
}
