import { checkCount } from './evidence/drops.ts';

/** What became of all requests that came to a runner. */
export interface ShadowTraffic {
  /** Requests since the beginning, as long as shadowing went on. */
  readonly requests: number;
  /** Left out by the sample rate. */
  readonly sampledOut: number;
}

/** What the figures of one process are made of, beside its evidence. */
export interface TrafficSums extends ShadowTraffic {
  /** Records that did not reach a log. */
  readonly lost: number;
}

/** The counts as plain JSON. */
export interface SavedTraffic {
  readonly traffic: ShadowTraffic;
  readonly elsewhere: TrafficSums;
  readonly told: TrafficSums;
}

const NOTHING: TrafficSums = { requests: 0, sampledOut: 0, lost: 0 };

/** Requests, and records that were lost: of this process, and of the replicas whose evidence was added here. */
export class TrafficCounts {
  readonly #lostHere: () => number;
  requests = 0;
  sampledOut = 0;
  /** Of the replicas whose evidence was added here. */
  #elsewhere: TrafficSums = NOTHING;
  /** Of this process, as far as other replicas were told. */
  #told: TrafficSums = NOTHING;

  /** @param lostHere records of this process that did not reach a log */
  constructor(lostHere: () => number) {
    this.#lostHere = lostHere;
  }

  /** Of all replicas that are known here. */
  get total(): TrafficSums {
    return combine(this.#here(), this.#elsewhere, 1);
  }

  /** What was counted here since the last call. */
  takeDelta(): TrafficSums {
    const here = this.#here();
    // After a restart with fewer sinks fewer records are lost than were told: what was told cannot be taken back.
    const delta = atLeastNothing(combine(here, this.#told, -1));
    this.#told = here;
    return delta;
  }

  /** Adds what another process has counted. */
  add(sums: TrafficSums): void {
    this.#elsewhere = combine(this.#elsewhere, sums, 1);
  }

  toJSON(): SavedTraffic {
    const { requests, sampledOut } = this;
    return { traffic: { requests, sampledOut }, elsewhere: this.#elsewhere, told: this.#told };
  }

  load({ traffic, elsewhere, told }: SavedTraffic): void {
    this.requests = checkCount('requests', traffic.requests);
    this.sampledOut = checkCount('sampledOut', traffic.sampledOut);
    this.#elsewhere = checkSums(elsewhere);
    this.#told = checkSums(told);
  }

  #here(): TrafficSums {
    return { requests: this.requests, sampledOut: this.sampledOut, lost: this.#lostHere() };
  }
}

/** Whether there is anything in a delta. */
export function isNothing(sums: TrafficSums): boolean {
  return Object.values(sums).every((n) => n === 0);
}

/** @throws SnapshotError for sums that count nothing */
export function checkSums(sums: TrafficSums): TrafficSums {
  for (const key of Object.keys(NOTHING) as (keyof TrafficSums)[]) checkCount(key, sums[key]);
  return sums;
}

function atLeastNothing({ requests, sampledOut, lost }: TrafficSums): TrafficSums {
  return { requests, sampledOut, lost: Math.max(0, lost) };
}

function combine(a: TrafficSums, b: TrafficSums, sign: 1 | -1): TrafficSums {
  const sum = (key: keyof TrafficSums): number => a[key] + sign * b[key];
  return { requests: sum('requests'), sampledOut: sum('sampledOut'), lost: sum('lost') };
}
