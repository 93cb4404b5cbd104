import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { Moments, type MomentsState } from '../stats/summaries/Moments.ts';

interface ArmMonitorState {
  readonly born: number;
  readonly served: number;
  readonly settled: number;
  readonly failed: number;
  readonly latency: MomentsState;
  readonly untold: MomentsState | null;
  readonly latencies: readonly number[];
  readonly failures: readonly number[];
  readonly next: number;
  readonly restUntil: number;
  readonly tripped: string;
}

/** How one arm behaves as a service: counts for good, and a window of its last outcomes for the guards. */
export class ArmMonitor {
  readonly #size: number;
  /** Tells an arm from an earlier one of the same name: rewards of that one are not its own. */
  born: number;
  /** Requests that it was chosen for, and those that it has answered or failed. */
  served = 0;
  settled = 0;
  failed = 0;
  /** Until when the arm rests, in milliseconds since the epoch; -1 where it does not. */
  restUntil = -1;
  /** The guard that tripped, '' where none did. */
  tripped = '';
  #latency = new Moments();
  /** Latencies that other replicas were not told of; undefined while that is all of them. */
  #untold: Moments | undefined;
  #latencies: number[] = [];
  #failures: number[] = [];
  #next = 0;
  #failing = 0;

  constructor(size: number, born = 0) {
    this.#size = size;
    this.born = born;
  }

  push(latencyMs: number, failed: boolean): void {
    this.settled += 1;
    if (failed) this.failed += 1;
    else {
      this.#latency.push(latencyMs);
      this.#untold?.push(latencyMs);
    }
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

  /** Latencies since the last call, at first all. */
  takeLatency(): MomentsState {
    const state = (this.#untold ?? this.#latency).toJSON();
    this.#untold = new Moments();
    return state;
  }

  /** Adds latencies that another replica took. */
  addLatency(latency: Moments): void {
    this.#untold ??= Moments.fromJSON(this.#latency.toJSON());
    this.#latency.merge(latency);
  }

  /** The smallest latency of the window that at least a share p of it does not exceed. */
  latencyQuantile(p: number): number {
    const sorted = Float64Array.from(this.#latencies).sort();
    return sorted.length === 0 ? Number.NaN : sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]!;
  }

  toJSON(): Json {
    const { born, served, settled, failed, restUntil, tripped } = this;
    const [latency, untold] = [this.#latency.toJSON(), this.#untold?.toJSON() ?? null];
    const window = { latencies: this.#latencies, failures: this.#failures, next: this.#next };
    return { born, served, settled, failed, restUntil, tripped, latency, untold, ...window } as unknown as Json;
  }

  load(json: Json): void {
    const state = json as unknown as ArmMonitorState;
    if (!this.#fits(state)) throw new SnapshotError('the snapshot has no sound counts and window of every arm');
    this.born = state.born;
    this.served = state.served;
    this.settled = state.settled;
    this.failed = state.failed;
    this.restUntil = state.restUntil;
    this.tripped = state.tripped;
    this.#latency = Moments.fromJSON(state.latency);
    this.#untold = state.untold === null ? undefined : Moments.fromJSON(state.untold);
    this.#latencies = [...state.latencies];
    this.#failures = [...state.failures];
    this.#next = state.next;
    this.#failing = state.failures.reduce((sum, failed) => sum + failed, 0);
  }

  #fits({ born, served, settled, failed, latencies, failures, next, restUntil, tripped }: ArmMonitorState): boolean {
    const counts = [born, served, settled, failed, next];
    const window = [latencies, failures].every((list) => Array.isArray(list) && list.length <= this.#size);
    return (
      counts.every((count) => Number.isSafeInteger(count) && count >= 0) &&
      next < this.#size &&
      window &&
      latencies.length === failures.length &&
      latencies.every(Number.isFinite) &&
      failures.every((one) => one === 0 || one === 1) &&
      Number.isFinite(restUntil) &&
      typeof tripped === 'string'
    );
  }
}
