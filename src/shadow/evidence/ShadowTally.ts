import type { Json } from '../../core/json.ts';
import { QuantileSketch, type QuantileSketchState } from '../../stats/summaries/QuantileSketch.ts';
import { addDrops, checkCount, type DropReason, type Drops, isLoss, noDrops, readDrops, totalDrops } from './drops.ts';

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
  readonly hours: HourlyDrops;
  readonly primaryLatency: QuantileSketchState;
  readonly shadowLatency: QuantileSketchState;
}

/** Offers and drops by the hour of the day, UTC: 24 counts each. Drops are those that load, age or a failed copy made. */
export interface HourlyDrops {
  readonly offered: readonly number[];
  readonly dropped: readonly number[];
}

const noHours = (): number[] => new Array<number>(24).fill(0);
const hourOf = (at: number): number => ((Math.floor(at / 3_600_000) % 24) + 24) % 24;

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
  dropped: Drops = noDrops();
  primaryLatency: QuantileSketch = new QuantileSketch();
  shadowLatency: QuantileSketch = new QuantileSketch();

  readonly hours: { readonly offered: number[]; readonly dropped: number[] } = {
    offered: noHours(),
    dropped: noHours(),
  };

  /** A request was picked, at this time. */
  offer(at: number): void {
    this.counts.offered += 1;
    this.hours.offered[hourOf(at)]! += 1;
  }

  /** A request that was offered at this time was left out. @returns how often, for this reason */
  drop(reason: DropReason, at: number): number {
    if (isLoss(reason)) this.hours.dropped[hourOf(at)]! += 1;
    this.dropped[reason] += 1;
    return this.dropped[reason];
  }

  /** Offers and drops that are known as totals alone. */
  addTotals(offered: number, dropped: Readonly<Record<string, number>>, hours: HourlyDrops | undefined): void {
    this.counts.offered += offered;
    addDrops(this.dropped, dropped);
    if (hours !== undefined) this.#addHours(hours);
  }

  summary(): ShadowCounts {
    const { counts, dropped } = this;
    const compared = counts.agreed + counts.disagreed + counts.ignored;
    const waiting = counts.offered - compared - counts.incomparable - this.gone;
    return { ...counts, compared, dropped: { ...dropped }, waiting };
  }

  /** Requests that were dropped, for whatever reason. */
  get gone(): number {
    return totalDrops(this.dropped);
  }

  /**
   * Adds what another process has seen.
   * @param whole whether that is all that will ever come of it; a delta's waiting requests are compared in a later one
   */
  merge(other: ShadowTally, whole: boolean): void {
    const { counts, dropped } = other;
    for (const name of Object.keys(counts) as Counter[]) this.counts[name] += counts[name];
    // What waits elsewhere is not known here: it is left to its own process.
    if (whole) this.counts.offered -= other.summary().waiting;
    this.#addHours(other.hours);
    addDrops(this.dropped, dropped);
    this.primaryLatency.merge(other.primaryLatency);
    this.shadowLatency.merge(other.shadowLatency);
  }

  toJSON(): Json {
    const { counts, dropped, primaryLatency, shadowLatency } = this;
    const latencies = { primaryLatency: primaryLatency.toJSON(), shadowLatency: shadowLatency.toJSON() };
    const hours = { offered: [...this.hours.offered], dropped: [...this.hours.dropped] };
    return { counts: { ...counts }, dropped: { ...dropped }, hours, ...latencies } as unknown as Json;
  }

  load(json: Json): void {
    const state = json as unknown as TallyState;
    for (const name of Object.keys(this.counts) as Counter[]) {
      // A delta may count comparisons of what an earlier one has offered, and never less than nothing of anything.
      this.counts[name] = checkCount(name, state.counts[name]);
    }
    this.dropped = readDrops(state.dropped);
    for (const kind of ['offered', 'dropped'] as const) {
      for (let hour = 0; hour < 24; hour += 1) {
        this.hours[kind][hour] = checkCount(`${kind} by hour`, state.hours[kind][hour]);
      }
    }
    this.primaryLatency = QuantileSketch.fromJSON(state.primaryLatency);
    this.shadowLatency = QuantileSketch.fromJSON(state.shadowLatency);
  }

  #addHours({ offered, dropped }: HourlyDrops): void {
    for (let hour = 0; hour < 24; hour += 1) {
      this.hours.offered[hour]! += offered[hour] ?? 0;
      this.hours.dropped[hour]! += dropped[hour] ?? 0;
    }
  }
}
