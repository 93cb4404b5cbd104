import type { Json } from '../../core/json.ts';
import { QuantileSketch, type QuantileSketchState } from '../../stats/summaries/QuantileSketch.ts';

/** Why a shadow did not run, or ran in vain. */
export type DropReason =
  /** The queue held as many requests as it may. */
  | 'full'
  /** The queue held as many bytes as it may. */
  | 'bytes'
  /** It had waited longer than `queue.maxAgeMs`. */
  | 'too-old'
  /** `runIf` said no, or threw. */
  | 'run-if'
  /** Shadowing ended while it waited. */
  | 'stopped'
  /** Its input could not be copied. */
  | 'copy-failed';

/** What became of the requests that were offered to one shadow. They add up: offered = compared + incomparable + every drop + waiting. */
export interface ShadowCounts {
  /** Requests that were sampled for it. */
  readonly offered: number;
  /** Both answered, or both threw: agreed + disagreed + ignored. */
  readonly compared: number;
  readonly agreed: number;
  readonly disagreed: number;
  readonly ignored: number;
  /** Only one of the two has an answer: the other threw, timed out, or answered with what is no answer. */
  readonly incomparable: number;
  readonly shadowErrors: number;
  readonly shadowTimeouts: number;
  readonly shadowInvalid: number;
  readonly primaryFailures: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Waiting in the queue, or under way. */
  readonly waiting: number;
}

type Counter = Exclude<keyof ShadowCounts, 'compared' | 'dropped' | 'waiting'>;

interface TallyState {
  readonly counts: Record<Counter, number>;
  readonly dropped: Record<DropReason, number>;
  readonly primaryLatency: QuantileSketchState;
  readonly shadowLatency: QuantileSketchState;
}

/** The counts and latencies of one shadow beside the primary. */
export class ShadowTally {
  readonly counts: Record<Counter, number> = {
    offered: 0,
    agreed: 0,
    disagreed: 0,
    ignored: 0,
    incomparable: 0,
    shadowErrors: 0,
    shadowTimeouts: 0,
    shadowInvalid: 0,
    primaryFailures: 0,
  };
  readonly dropped: Record<DropReason, number> = {
    full: 0,
    bytes: 0,
    'too-old': 0,
    'run-if': 0,
    stopped: 0,
    'copy-failed': 0,
  };
  primaryLatency: QuantileSketch = new QuantileSketch();
  shadowLatency: QuantileSketch = new QuantileSketch();

  summary(): ShadowCounts {
    const { counts, dropped } = this;
    const compared = counts.agreed + counts.disagreed + counts.ignored;
    const waiting = counts.offered - compared - counts.incomparable - this.gone;
    return { ...counts, compared, dropped: { ...dropped }, waiting };
  }

  /** Requests that were dropped, for whatever reason. */
  get gone(): number {
    return Object.values(this.dropped).reduce((sum, n) => sum + n, 0);
  }

  merge(other: ShadowTally): void {
    const { counts, dropped } = other;
    for (const name of Object.keys(counts) as Counter[]) this.counts[name] += counts[name];
    // What waits elsewhere is not known here: it is left to its own process.
    this.counts.offered -= other.summary().waiting;
    for (const reason of Object.keys(dropped) as DropReason[]) this.dropped[reason] += dropped[reason];
    this.primaryLatency.merge(other.primaryLatency);
    this.shadowLatency.merge(other.shadowLatency);
  }

  toJSON(): Json {
    const { counts, dropped, primaryLatency, shadowLatency } = this;
    const latencies = { primaryLatency: primaryLatency.toJSON(), shadowLatency: shadowLatency.toJSON() };
    return { counts: { ...counts }, dropped: { ...dropped }, ...latencies } as unknown as Json;
  }

  load(json: Json): void {
    const state = json as unknown as TallyState;
    Object.assign(this.counts, state.counts);
    Object.assign(this.dropped, state.dropped);
    this.primaryLatency = QuantileSketch.fromJSON(state.primaryLatency);
    this.shadowLatency = QuantileSketch.fromJSON(state.shadowLatency);
  }
}
