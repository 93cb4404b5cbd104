import type { Json } from '../core/json.ts';
import { QuantileSketch, type QuantileSketchState } from '../stats/summaries/QuantileSketch.ts';

/** Why a shadow did not run, or ran in vain. */
export type DropReason = 'full' | 'too-old' | 'run-if' | 'stopped' | 'copy-failed';

/** What became of the requests that were offered to one shadow. They add up: offered = compared + incomparable + every drop + waiting. */
export interface ShadowCounts {
  /** Requests that were sampled for it. */
  readonly offered: number;
  /** Both answered: agreed + disagreed + ignored. */
  readonly compared: number;
  readonly agreed: number;
  readonly disagreed: number;
  readonly ignored: number;
  /** One of the two has no answer: it threw, timed out, or answered with what is no answer. */
  readonly incomparable: number;
  readonly shadowErrors: number;
  readonly shadowTimeouts: number;
  readonly shadowInvalid: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Waiting in the queue, or under way. */
  readonly waiting: number;
}

interface TallyState {
  readonly counts: Record<Counter, number>;
  readonly dropped: Record<DropReason, number>;
  readonly primaryLatency: QuantileSketchState;
  readonly shadowLatency: QuantileSketchState;
}

type Counter =
  | 'offered'
  | 'agreed'
  | 'disagreed'
  | 'ignored'
  | 'incomparable'
  | 'shadowErrors'
  | 'shadowTimeouts'
  | 'shadowInvalid';

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
  };
  readonly dropped: Record<DropReason, number> = { full: 0, 'too-old': 0, 'run-if': 0, stopped: 0, 'copy-failed': 0 };
  primaryLatency: QuantileSketch = new QuantileSketch();
  shadowLatency: QuantileSketch = new QuantileSketch();

  summary(): ShadowCounts {
    const { offered, agreed, disagreed, ignored, incomparable, shadowErrors, shadowTimeouts, shadowInvalid } =
      this.counts;
    const compared = agreed + disagreed + ignored;
    const gone = Object.values(this.dropped).reduce((sum, n) => sum + n, 0);
    const waiting = offered - compared - incomparable - gone;
    const dropped = { ...this.dropped };
    return {
      offered,
      compared,
      agreed,
      disagreed,
      ignored,
      incomparable,
      shadowErrors,
      shadowTimeouts,
      shadowInvalid,
      dropped,
      waiting,
    };
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
