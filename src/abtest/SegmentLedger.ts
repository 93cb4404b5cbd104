import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { MetricStratum } from '../metrics/inference/index.ts';
import type { Metric } from '../metrics/Metric.ts';
import { MetricSummary } from '../metrics/MetricSummary.ts';
import type { Measured } from '../metrics/measure.ts';
import type { UnitMark } from './UnitMark.ts';

/** Groups of one dimension that are told apart; further ones share a place. */
const MOST_GROUPS = 20;
/** The place of the groups that are one too many. */
const OVERFLOW = '__other__';
/** Names that a group of the user's could share with it. */
const LIKE_OVERFLOW = /^_*__other__$/;
/** Periods kept: when there are more, two become one. */
const MOST_PERIODS = 56;
export const TIME = 'time';
const DAY = 86_400_000;
/** Places of units in a group: an eighth of what the whole has, since there are many groups. */
const PLACES = { places: 32 } as const;
/** A stratum, a dimension and a group; see `keyOf`. */
const KEY = /^\d+\n[^\n]+\n/;

interface Saved {
  readonly period: number;
  readonly cells: readonly (readonly [string, readonly (readonly (Json | null)[])[]])[];
}

/** Where a value belongs. */
export interface Place {
  readonly stratum: number;
  readonly variant: number;
  readonly metric: number;
  /** When the request was served, milliseconds since the epoch. */
  readonly time: number;
}

/** Whether a metric is kept by segment and time: those that decide, and whose summary is small. */
export function isKeptBySegment({ role, kind }: Pick<Metric, 'role' | 'kind'>): boolean {
  return role !== 'secondary' && kind !== 'quantile' && kind !== 'auc';
}

/** What goes with a value. */
export interface Belonging extends UnitMark {
  readonly covariate: number | undefined;
}
/** A value of a request that stands for itself. */
const ALONE: Belonging = { covariate: undefined, cluster: undefined, repeats: 0 };

type Cell = (MetricSummary | undefined)[][];

/**
 * Metrics by segment and by period, stratum by stratum. Memory does not grow with traffic or time: rare groups share
 * one place, and old periods are joined.
 */
export class SegmentLedger {
  readonly #metrics: readonly Metric[];
  readonly #variants: number;
  readonly #groups: Map<string, Set<string>> = new Map();
  #cells: Map<string, Cell> = new Map();
  #periods: Set<string> = new Set();
  /** Milliseconds of one period. */
  #period = DAY;
  /** Where the last value went by time: nearly every next one goes there too, and to find it takes a name made of three. */
  #latest: { readonly stratum: number; readonly period: number; readonly cell: Cell } | undefined;

  constructor(metrics: readonly Metric[], variants: number) {
    this.#metrics = metrics;
    this.#variants = variants;
  }

  /**
   * The name under which a group is kept: `__other__` once there are too many. A group that is called so itself gets one
   * more underscore in front, so that no group is ever taken for that of all others.
   */
  admit(dimension: string, group: string): string {
    return this.#place(dimension, LIKE_OVERFLOW.test(group) ? `_${group}` : group);
  }

  #place(dimension: string, group: string): string {
    if (group === OVERFLOW) return OVERFLOW;
    let known = this.#groups.get(dimension);
    if (known === undefined) {
      known = new Set();
      this.#groups.set(dimension, known);
    }
    if (known.has(group)) return group;
    if (known.size >= MOST_GROUPS) return OVERFLOW;
    known.add(group);
    return group;
  }

  /** Takes in one value of a metric for every dimension of its request. */
  push(at: Place, segments: Readonly<Record<string, string>>, value: Measured, of: Belonging = ALONE): void {
    if (!isKeptBySegment(this.#metrics[at.metric]!)) return;
    const { covariate, cluster, repeats } = of;
    this.#summary(this.#timeCell(at), at).push(value, covariate, cluster, repeats);
    for (const name of Object.keys(segments)) {
      const cell = this.#cell(keyOf(at.stratum, name, segments[name]!));
      this.#summary(cell, at).push(value, covariate, cluster, repeats);
    }
  }

  /** Days of one period. */
  get periodDays(): number {
    return this.#period / DAY;
  }

  /** The groups of a dimension with both sides of a comparison in each. */
  strata(
    dimension: string,
    metric: number,
    reference: number,
    candidate: number,
    among: readonly number[],
  ): Map<string, MetricStratum[]> {
    const found: Map<string, MetricStratum[]> = new Map();
    for (const [key, cell] of this.#cells) {
      const { stratum, dimension: name, group } = partsOf(key);
      if (name !== dimension || !among.includes(stratum)) continue;
      const [a, b] = [cell[reference]?.[metric], cell[candidate]?.[metric]];
      if (a === undefined || b === undefined) continue;
      found.set(group, [...(found.get(group) ?? []), { reference: a, candidate: b }]);
    }
    return found;
  }

  /** Adds what another process has seen; the coarser of both periods stays. */
  merge(other: SegmentLedger): void {
    this.#latest = undefined;
    const theirs = new SegmentLedger(this.#metrics, this.#variants);
    theirs.load(other.toJSON());
    while (this.#period < theirs.#period) this.#joinPeriods();
    while (theirs.#period < this.#period) theirs.#joinPeriods();
    for (const [key, cell] of theirs.#cells) {
      const { stratum, dimension, group } = partsOf(key);
      const kept = dimension === TIME ? group : this.#place(dimension, group);
      if (dimension === TIME) this.#periods.add(group);
      const place = keyOf(stratum, dimension, kept);
      const own = this.#cells.get(place);
      this.#cells.set(place, own === undefined ? cell : mergeCells(own, cell));
    }
    while (this.#periods.size > MOST_PERIODS) this.#joinPeriods();
  }

  toJSON(): Json {
    const cells = [...this.#cells].map(([key, cell]) => [key, cell.map((row) => row.map((s) => s?.toJSON() ?? null))]);
    return { period: this.#period, cells } as unknown as Json;
  }

  load(json: Json): void {
    const { period, cells } = json as unknown as Saved;
    this.#check(period, cells);
    this.#period = period;
    this.#latest = undefined;
    this.#groups.clear();
    this.#periods = new Set();
    this.#cells = new Map(
      cells.map(([key, rows]) => {
        const { dimension, group } = partsOf(key);
        if (dimension === TIME) this.#periods.add(group);
        else this.#place(dimension, group);
        const cell = rows.map((row) =>
          row.map((state, m) =>
            state === null ? undefined : MetricSummary.fromJSON(this.#metrics[m]!, state, PLACES),
          ),
        );
        return [key, cell];
      }),
    );
  }

  /** @throws SnapshotError for what would not be a ledger of these variants and metrics: a period of none never ends */
  #check(period: number, cells: Saved['cells']): void {
    const doublings = Math.log2(period / DAY);
    const row = (states: unknown): boolean => Array.isArray(states) && states.length === this.#metrics.length;
    const sound =
      Number.isSafeInteger(doublings) &&
      doublings >= 0 &&
      Array.isArray(cells) &&
      cells.every(
        ([key, rows]) =>
          typeof key === 'string' &&
          KEY.test(key) &&
          Array.isArray(rows) &&
          rows.length === this.#variants &&
          rows.every(row),
      );
    if (!sound)
      throw new SnapshotError('segments must be cells of the variants and metrics of this test, by whole days');
  }

  #timeCell({ stratum, time }: Place): Cell {
    const latest = this.#latest;
    const period = Math.floor(time / this.#period);
    if (latest?.period === period && latest.stratum === stratum) return latest.cell;
    const cell = this.#cell(keyOf(stratum, TIME, this.#periodOf(time)));
    this.#latest = { stratum, period, cell };
    return cell;
  }

  #cell(key: string): Cell {
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = Array.from({ length: this.#variants }, () => this.#metrics.map(() => undefined));
      this.#cells.set(key, cell);
    }
    return cell;
  }

  #summary(cell: Cell, { variant, metric }: Place): MetricSummary {
    const row = cell[variant]!;
    row[metric] ??= new MetricSummary(this.#metrics[metric]!, PLACES);
    return row[metric];
  }

  /** The period of a time; doubles all periods first where this one would be one too many. */
  #periodOf(time: number): string {
    const group = String(Math.floor(time / this.#period));
    if (this.#periods.has(group)) return group;
    if (this.#periods.size < MOST_PERIODS) {
      this.#periods.add(group);
      return group;
    }
    this.#joinPeriods();
    return this.#periodOf(time);
  }

  #joinPeriods(): void {
    this.#period *= 2;
    const joined: Map<string, Cell> = new Map();
    const half = (group: string): string => String(Math.floor(Number(group) / 2));
    for (const [key, cell] of this.#cells) {
      const { stratum, dimension, group } = partsOf(key);
      const next = dimension === TIME ? keyOf(stratum, TIME, half(group)) : key;
      const known = joined.get(next);
      joined.set(next, known === undefined ? cell : mergeCells(known, cell));
    }
    this.#cells = joined;
    this.#periods = new Set([...this.#periods].map(half));
  }
}

/** Dimensions are names of options; groups may hold anything. */
function keyOf(stratum: number, dimension: string, group: string): string {
  return `${stratum}\n${dimension}\n${group}`;
}

function partsOf(key: string): { readonly stratum: number; readonly dimension: string; readonly group: string } {
  const [stratum, dimension, ...group] = key.split('\n');
  return { stratum: Number(stratum), dimension: dimension!, group: group.join('\n') };
}

function mergeCells(a: Cell, b: Cell): Cell {
  return a.map((row, v) =>
    row.map((summary, m) => {
      const other = b[v]![m];
      if (summary === undefined || other === undefined) return summary ?? other;
      summary.merge(other);
      return summary;
    }),
  );
}
