import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { averageEValues } from '../stats/sequential/eValues.ts';
import { multinomialLogEValue } from '../stats/sequential/multinomialEProcess.ts';
import type { ShareCounts } from '../stats/sequential/ShareCounts.ts';
import type { Epoch } from './Epoch.ts';
import type { ShareLimits } from './SampleRatioCheck.ts';

/** Whether assignment is as planned within every part of a dimension: every hour, weekday, or segment. */
export interface BalanceCheck {
  /** `hour` and `weekday` (in UTC), or a segment's name. */
  readonly dimension: string;
  readonly healthy: boolean;
  readonly pValue: number;
  /** The part with the most evidence against it. */
  readonly worst: string | undefined;
}

type Cells = Map<string, number[][]>;

const HOUR = 3_600_000;
const HOURS = Array.from({ length: 24 }, (_, hour) => `${hour}:00`);
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/**
 * Assignments counted by hour, weekday and segment. Every cell has an e-process of its own against the planned shares;
 * a dimension's is their mean, so that many segments raise no false alarms.
 */
export class BalanceLedger {
  readonly #variants: number;
  #dimensions: Map<string, Cells> = new Map();
  /** Where the last assignment was counted by time: the next ones of its hour go there too. */
  #latest: { readonly epoch: number; readonly hour: number; readonly rows: readonly number[][] } | undefined;

  constructor(variants: number) {
    this.#variants = variants;
  }

  /** Counts one independent assignment. */
  count(epoch: number, variant: number, at: number, segments: Readonly<Record<string, string>>): void {
    const hour = Math.floor(at / HOUR);
    if (this.#latest?.hour !== hour || this.#latest.epoch !== epoch) {
      const rows = [
        this.#cell('hour', HOURS[modulo(hour, 24)]!, epoch),
        this.#cell('weekday', WEEKDAYS[modulo(Math.floor(at / (24 * HOUR)) + 4, 7)]!, epoch),
      ];
      this.#latest = { epoch, hour, rows };
    }
    for (const row of this.#latest.rows) row[variant]! += 1;
    for (const name of Object.keys(segments)) this.#cell(name, segments[name]!, epoch)[variant]! += 1;
  }

  /** One check a dimension. */
  check(epochs: readonly Epoch[], { alpha, tolerance }: ShareLimits): readonly BalanceCheck[] {
    return [...this.#dimensions].map(([dimension, cells]) => {
      const found = [...cells].map(([cell, counts]) => ({
        cell,
        log: multinomialLogEValue(sharesOf(counts, epochs), { tolerance }),
      }));
      const pValue = Math.min(1, Math.exp(-averageEValues(found.map(({ log }) => log))));
      const worst = found.reduce((a, b) => (b.log > a.log ? b : a));
      return { dimension, healthy: pValue > alpha, pValue, worst: worst.log > 0 ? worst.cell : undefined };
    });
  }

  /** Adds what another process has counted. */
  merge(other: BalanceLedger): void {
    for (const [dimension, cells] of other.#dimensions) {
      for (const [cell, counts] of cells) {
        counts.forEach((row, epoch) => {
          const own = this.#cell(dimension, cell, epoch);
          for (const [v, count] of row.entries()) own[v]! += count;
        });
      }
    }
  }

  toJSON(): Json {
    return [...this.#dimensions].map(([dimension, cells]) => [
      dimension,
      [...cells].map(([cell, counts]) => [cell, counts.map((row) => [...row])]),
    ]) as unknown as Json;
  }

  load(json: Json): void {
    const saved = json as unknown as [string, [string, (number[] | null)[]][]][];
    const row = (counts: number[] | null): boolean =>
      counts === null || (counts.length === this.#variants && counts.every((n) => Number.isSafeInteger(n) && n >= 0));
    const sound = saved.every(
      ([dimension, cells]) =>
        typeof dimension === 'string' && cells.every(([cell, counts]) => typeof cell === 'string' && counts.every(row)),
    );
    if (!sound) throw new SnapshotError('the balance of assignments must be counts of the variants of this test');
    this.#latest = undefined;
    this.#dimensions = new Map(
      saved.map(([dimension, cells]) => [
        dimension,
        new Map(cells.map(([cell, counts]) => [cell, counts.map((row) => (row === null ? this.#zeros() : [...row]))])),
      ]),
    );
  }

  #zeros(): number[] {
    return new Array<number>(this.#variants).fill(0);
  }

  #cell(dimension: string, cell: string, epoch: number): number[] {
    let cells = this.#dimensions.get(dimension);
    if (cells === undefined) {
      cells = new Map();
      this.#dimensions.set(dimension, cells);
    }
    let counts = cells.get(cell);
    if (counts === undefined) {
      counts = [];
      cells.set(cell, counts);
    }
    while (counts.length <= epoch) counts.push(this.#zeros());
    return counts[epoch]!;
  }
}

/** Never negative: there are times before 1970, and clocks that tell them. */
function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function sharesOf(counts: readonly (readonly number[])[], epochs: readonly Epoch[]): readonly ShareCounts[] {
  return counts.map((row, e) => ({ counts: row, shares: epochs[e]!.shares }));
}
