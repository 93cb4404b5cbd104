import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { AttemptStatus } from '../core/observer.ts';
import { Moments, type MomentsState } from '../stats/summaries/Moments.ts';
import { QuantileSketch, type QuantileSketchState } from '../stats/summaries/QuantileSketch.ts';

/** How a variant behaved as a service. */
export interface ServiceReport {
  /** Requests that were answered or failed; cancelled ones apart. */
  readonly served: number;
  readonly errors: number;
  readonly timeouts: number;
  /** Answers that were none. */
  readonly invalid: number;
  readonly cancelled: number;
  /** Milliseconds, of requests that did not fail at once; undefined where there are none. */
  readonly latencyMs: {
    readonly mean: number | undefined;
    readonly p50: number | undefined;
    readonly p95: number | undefined;
    readonly p99: number | undefined;
  };
}

type Counted = Record<AttemptStatus, number>;

/** Status counts and latency of one variant. */
export class ServiceTally {
  readonly #counts: Counted = { ok: 0, error: 0, timeout: 0, invalid: 0, cancelled: 0 };
  #latency = new QuantileSketch();
  #moments = new Moments();

  push(status: AttemptStatus, latencyMs: number): void {
    this.#counts[status] += 1;
    if (status === 'error' || status === 'cancelled') return;
    this.#latency.push(latencyMs);
    this.#moments.push(latencyMs);
  }

  /** Whether nothing was counted. */
  get empty(): boolean {
    return Object.values(this.#counts).every((count) => count === 0);
  }

  report(): ServiceReport {
    const { ok, error, timeout, invalid, cancelled } = this.#counts;
    const sketch = this.#latency;
    const at = (p: number): number | undefined => (sketch.n === 0 ? undefined : sketch.quantile(p));
    const mean = sketch.n === 0 ? undefined : this.#moments.mean;
    return {
      served: ok + error + timeout + invalid,
      errors: error,
      timeouts: timeout,
      invalid,
      cancelled,
      latencyMs: { mean, p50: at(0.5), p95: at(0.95), p99: at(0.99) },
    };
  }

  /** Adds what another tally has seen. */
  merge(other: ServiceTally): void {
    for (const status of Object.keys(this.#counts) as AttemptStatus[]) this.#counts[status] += other.#counts[status];
    this.#latency.merge(other.#latency);
    this.#moments.merge(other.#moments);
  }

  toJSON(): Json {
    const state = { counts: { ...this.#counts }, latency: this.#latency.toJSON(), moments: this.#moments.toJSON() };
    return state as unknown as Json;
  }

  load(json: Json): void {
    const state = json as unknown as { counts: Counted; latency: QuantileSketchState; moments: MomentsState };
    for (const status of Object.keys(this.#counts) as AttemptStatus[]) {
      const count = state.counts[status];
      if (!Number.isSafeInteger(count) || count < 0)
        throw new SnapshotError(`requests that were ${status} must be counted`);
      this.#counts[status] = count;
    }
    this.#latency = QuantileSketch.fromJSON(state.latency);
    this.#moments = Moments.fromJSON(state.moments);
  }
}
