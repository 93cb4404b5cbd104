import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { Moments, type MomentsState } from '../stats/summaries/Moments.ts';

interface ArmMonitorState {
  readonly born: number;
  readonly served: number;
  readonly settled: number;
  readonly failed: number;
  readonly told: MomentsState | null;
  readonly fresh: MomentsState;
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
  /** Latencies that replicas know of: theirs, and those they were told of; undefined before anything is shared. */
  #told: Moments | undefined;
  /** The others. They are not in `#told` as well: a request is to cost one push, shared or not. */
  #fresh = new Moments();
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
    else this.#fresh.push(latencyMs);
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

  /** All latencies, as far as is known here. */
  get latency(): Moments {
    return this.#told === undefined ? this.#fresh : new Moments().merge(this.#told).merge(this.#fresh);
  }

  /** Latencies since the last call, at first all. */
  takeLatency(): MomentsState {
    const state = this.#fresh.toJSON();
    this.addLatency(this.#fresh);
    this.#fresh = new Moments();
    return state;
  }

  /** Adds latencies that another replica took. */
  addLatency(latency: Moments): void {
    this.#told = (this.#told ?? new Moments()).merge(latency);
  }

  /** The smallest latency of the window that at least a share p of it does not exceed. */
  latencyQuantile(p: number): number {
    const sorted = Float64Array.from(this.#latencies).sort();
    return sorted.length === 0 ? Number.NaN : sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)]!;
  }

  toJSON(): Json {
    const { born, served, settled, failed, restUntil, tripped } = this;
    const [told, fresh] = [this.#told?.toJSON() ?? null, this.#fresh.toJSON()];
    const window = { latencies: this.#latencies, failures: this.#failures, next: this.#next };
    return { born, served, settled, failed, restUntil, tripped, told, fresh, ...window } as unknown as Json;
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
    this.#told = state.told === null ? undefined : Moments.fromJSON(state.told);
    this.#fresh = Moments.fromJSON(state.fresh);
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
