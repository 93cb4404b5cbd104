import type { Json } from '../core/json.ts';
import { Moments, type MomentsState } from '../stats/summaries/Moments.ts';

interface ArmMonitorState {
  readonly served: number;
  readonly failed: number;
  readonly latency: MomentsState;
  readonly latencies: readonly number[];
  readonly failures: readonly number[];
  readonly next: number;
  readonly restUntil: number;
  readonly tripped: string;
}

/** How one arm behaves as a service: counts for good, and a window of its last outcomes for the guards. */
export class ArmMonitor {
  readonly #size: number;
  served = 0;
  failed = 0;
  pending = 0;
  /** Until when the arm rests, in milliseconds since the epoch; -1 where it does not. */
  restUntil = -1;
  /** The guard that tripped, '' where none did. */
  tripped = '';
  #latency = new Moments();
  #latencies: number[] = [];
  #failures: number[] = [];
  #next = 0;
  #failing = 0;

  constructor(size: number) {
    this.#size = size;
  }

  push(latencyMs: number, failed: boolean): void {
    this.served += 1;
    if (failed) this.failed += 1;
    else this.#latency.push(latencyMs);
    const i = this.#next;
    this.#failing += Number(failed) - (this.#failures[i] ?? 0);
    this.#latencies[i] = latencyMs;
    this.#failures[i] = Number(failed);
    this.#next = (i + 1) % this.#size;
  }

  /** Forgets the window: an arm that comes back is judged by what it does then. */
  clearWindow(): void {
    this.#latencies = [];
    this.#failures = [];
    this.#next = 0;
    this.#failing = 0;
  }

  get recent(): number {
    return this.#latencies.length;
  }

  get errorRate(): number {
    return this.recent === 0 ? 0 : this.#failing / this.recent;
  }

  get latency(): Moments {
    return this.#latency;
  }

  /** The smallest latency of the window that at least a share p of it does not exceed. */
  latencyQuantile(p: number): number {
    const sorted = Float64Array.from(this.#latencies).sort();
    return sorted.length === 0 ? Number.NaN : sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]!;
  }

  toJSON(): Json {
    const { served, failed, restUntil, tripped } = this;
    const window = { latencies: this.#latencies, failures: this.#failures, next: this.#next };
    return { served, failed, restUntil, tripped, latency: this.#latency.toJSON(), ...window } as unknown as Json;
  }

  load(json: Json): void {
    const state = json as unknown as ArmMonitorState;
    this.served = state.served;
    this.failed = state.failed;
    this.restUntil = state.restUntil;
    this.tripped = state.tripped;
    this.#latency = Moments.fromJSON(state.latency);
    this.#latencies = [...state.latencies];
    this.#failures = [...state.failures];
    this.#next = state.next;
    this.#failing = state.failures.reduce((sum, failed) => sum + failed, 0);
  }
}
