import type { ShadowComparison } from './comparison/ShadowComparison.ts';
import { isRecord, isSound } from './log/isSound.ts';
import type { Promotion } from './promotion/Promotion.ts';

import type { DropsRecord, LookRecord, RunRecord, ShadowRecord } from './ShadowRecord.ts';
import { ShadowStudy, type StudyOptions } from './ShadowStudy.ts';

/** What a log says, counted again. */
export interface ShadowReplay {
  /** Records read. */
  readonly records: number;
  /** Records of another layout, or of a shadow that the options do not have. */
  readonly skipped: number;
  /** Numbers missing between the first and the last record of a process: lost, or taken out. */
  readonly missing: number;
  /** What ran: one entry a process. */
  readonly runs: readonly RunRecord[];
  /** The last looks that were taken, oldest first. */
  readonly looks: readonly LookRecord[];
  /** How a shadow compares with the primary. @throws InvalidOptionError if there is no such shadow */
  compare(shadow: string): ShadowComparison;
  /** Whether the log alone would promote a shadow, as seen at the time of its last record. @throws InvalidOptionError */
  promotion(shadow: string): Promotion;
}

const MOST_KEPT = 400;

/** The last totals of one process by shadow, and the number of its last record. */
interface Totals {
  readonly drops: Map<string, DropsRecord>;
  seq: number | undefined;
}

/** Rebuilds the evidence from a log, record by record. */
class Replayer {
  readonly study: ShadowStudy;
  readonly runs: RunRecord[] = [];
  readonly looks: LookRecord[] = [];
  readonly #replicas: Map<string, Totals> = new Map();
  records = 0;
  skipped = 0;
  missing = 0;
  until = 0;

  constructor(options: StudyOptions) {
    this.study = new ShadowStudy(options);
  }

  take(record: ShadowRecord): void {
    this.records += 1;
    if (!isRecord(record)) {
      this.skipped += 1;
      return;
    }
    this.until = Math.max(this.until, record.at);
    const totals = this.#totals(record);
    if (record.kind === 'run') {
      keep(this.runs, record);
      // Another process under the same label: it counts from nothing.
      if (!record.restored) this.#addTotals(totals);
    } else if (record.kind === 'look') keep(this.looks, record);
    else if (!this.#observe(record, totals)) this.skipped += 1;
  }

  /** A record that somebody has bent is none. */
  #observe(record: ShadowRecord, totals: Totals): boolean {
    if (!isSound(record)) return false;
    if (record.kind !== 'drops') return this.study.observe(record);
    if (this.study.evidence(record.shadow) === undefined) return false;
    totals.drops.set(record.shadow, record);
    return true;
  }

  /** The offers and drops of all processes. */
  finish(): void {
    for (const totals of this.#replicas.values()) this.#addTotals(totals);
    for (const name of this.study.names) {
      const { tally } = this.study.evidence(name)!;
      // A log that ends between two totals has more comparisons than it has offers.
      tally.counts.offered += Math.max(0, -tally.summary().waiting);
    }
  }

  #addTotals({ drops }: Totals): void {
    for (const record of drops.values()) this.study.evidence(record.shadow)!.addTotals(record);
    drops.clear();
  }

  #totals(record: ShadowRecord): Totals {
    const key = `${record.runner}/${record.replica}`;
    const totals = this.#replicas.get(key) ?? { drops: new Map(), seq: undefined };
    this.#replicas.set(key, totals);
    const fresh = record.kind === 'run' && !record.restored;
    if (!fresh && totals.seq !== undefined) this.missing += Math.max(0, record.seq - totals.seq - 1);
    if (fresh || totals.seq === undefined) this.missing += record.seq - 1;
    totals.seq = record.seq;
    return totals;
  }
}

/**
 * Reads a log and counts again what it says. Records of other layouts are skipped and counted.
 * @internal
 */
export async function replayRecords(
  records: Iterable<ShadowRecord> | AsyncIterable<ShadowRecord>,
  options: StudyOptions,
): Promise<ShadowReplay> {
  const replayer = new Replayer(options);
  for await (const record of records) replayer.take(record);
  replayer.finish();
  const { study, runs, looks, skipped, missing, until } = replayer;
  const state = { now: until, until, expired: false, truthsWaiting: false, lostRecords: missing };
  return {
    records: replayer.records,
    skipped,
    missing,
    runs,
    looks,
    compare: (shadow) => study.compare(shadow),
    promotion: (shadow) => study.promotion(shadow, state),
  };
}

function keep<R>(list: R[], record: R): void {
  list.push(record);
  if (list.length > MOST_KEPT) list.shift();
}
