import { SnapshotError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { ComparisonRecord, Draft, RecordedAnswer } from '../ShadowRecord.ts';

/** A request on which the two answers lay far apart. */
export interface ShadowDisagreement {
  readonly requestId: string | null;
  readonly servedAt: number;
  /** How far apart, by `distance`. */
  readonly distance: number;
  readonly primary: RecordedAnswer;
  readonly candidate: RecordedAnswer;
  readonly subgroups: Readonly<Record<string, string>>;
  readonly input?: Json;
}

interface Ranked extends ShadowDisagreement {
  /** Decides among equal distances: a fair draw, so that the first to come are not the ones that stay. */
  readonly draw: number;
}

/** The disagreements with the largest distances so far, at most `capacity` of them; a fair sample where distances tie. */
export class WorstDisagreements {
  readonly #capacity: number;
  #ranked: Ranked[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** @param draw uniform within [0, 1), of this request alone */
  push(record: Draft<ComparisonRecord>, draw: number): void {
    if (record.comparison !== 'disagreed' || record.distance === null || this.#capacity === 0) return;
    const { requestId, servedAt, distance, primary, candidate, subgroups, input } = record;
    const entry = { requestId, servedAt, distance, primary, candidate, subgroups, draw };
    this.#insert(input === undefined ? entry : { ...entry, input });
  }

  /** The worst first. */
  get list(): readonly ShadowDisagreement[] {
    return this.#ranked.map(({ draw: _, ...disagreement }) => disagreement);
  }

  merge(other: WorstDisagreements): void {
    for (const entry of other.#ranked) this.#insert(entry);
  }

  toJSON(): Json {
    return this.#ranked as unknown as Json;
  }

  /** Keeps no more than there is place for, however many there were. @throws SnapshotError for what has no distance */
  load(json: Json): void {
    const saved = json as unknown as readonly Ranked[];
    const sound = Array.isArray(saved) && saved.every((one) => [one?.distance, one?.draw].every(Number.isFinite));
    if (!sound) throw new SnapshotError('the worst disagreements of a snapshot must have distances');
    this.#ranked = saved.slice(0, this.#capacity);
  }

  #insert(entry: Ranked): void {
    const last = this.#ranked.at(-1);
    if (this.#ranked.length >= this.#capacity && last !== undefined && compare(entry, last) >= 0) return;
    let place = this.#ranked.length;
    while (place > 0 && compare(entry, this.#ranked[place - 1]!) < 0) place -= 1;
    this.#ranked.splice(place, 0, entry);
    if (this.#ranked.length > this.#capacity) this.#ranked.pop();
  }
}

/** Negative where `a` ranks before `b`. */
function compare(a: Ranked, b: Ranked): number {
  return b.distance - a.distance || b.draw - a.draw;
}
