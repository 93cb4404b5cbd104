import { SnapshotError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Metric, QuantileCap } from '../metrics/Metric.ts';
import { quantileCaps } from '../stats/adjustment/quantileCaps.ts';

/** The cap of a metric that is a quantile of the data. */
export interface CapReport {
  readonly metric: string;
  readonly quantile: number;
  /** Undefined while its pilot is under way. */
  readonly cap: number | undefined;
  /** Values that fix it, and are not analysed. */
  readonly pilot: number;
  /** How many of them have come. */
  readonly seen: number;
  /** Whether replicas fixed different caps before they heard of each other: the smaller one holds from then on. */
  readonly mixed: boolean;
}

interface Pilot {
  readonly metric: Metric;
  readonly rule: Required<QuantileCap>;
  values: number[];
  /** How many requests each value stands for. */
  weights: number[];
  cap: number | undefined;
  mixed: boolean;
}

type Saved = readonly ({
  readonly values: readonly number[];
  /** Left out where every value stands for one request. */
  readonly weights?: readonly number[];
  readonly cap: number | null;
  readonly mixed: boolean;
} | null)[];

/**
 * Caps that are quantiles of the data: fixed by the first values of a metric, of all variants together, which are not
 * analysed themselves, and frozen then. What comes after sees a constant, so that tests keep their level at every look.
 */
export class CapPilots {
  /** By metric; undefined where the cap is no quantile. */
  readonly #pilots: readonly (Pilot | undefined)[];

  constructor(metrics: readonly Metric[]) {
    this.#pilots = metrics.map((metric) =>
      typeof metric.cap === 'object'
        ? { metric, rule: metric.cap, values: [], weights: [], cap: undefined, mixed: false }
        : undefined,
    );
  }

  /** The cap in force: none is infinite; undefined while the pilot is under way. */
  capOf(metric: number): number | undefined {
    const pilot = this.#pilots[metric];
    return pilot === undefined ? Number.POSITIVE_INFINITY : pilot.cap;
  }

  /** Takes in a value that comes before the cap, for as many requests as it stands for. What is not finite fixes nothing. */
  push(metric: number, value: number, weight = 1): void {
    const pilot = this.#pilots[metric];
    if (pilot === undefined || pilot.cap !== undefined || !Number.isFinite(value)) return;
    pilot.values.push(pilot.metric.kind === 'rmse' ? Math.abs(value) : value);
    pilot.weights.push(weight);
    freeze(pilot);
  }

  /** Adds the pilots of another process; a cap that is fixed there holds here too. */
  merge(other: CapPilots): void {
    for (const [m, pilot] of this.#pilots.entries()) {
      const theirs = other.#pilots[m];
      if (pilot === undefined || theirs === undefined) continue;
      pilot.mixed ||= theirs.mixed;
      if (theirs.cap === undefined) {
        if (pilot.cap !== undefined) continue;
        pilot.values.push(...theirs.values);
        pilot.weights.push(...theirs.weights);
        freeze(pilot);
      } else if (pilot.cap === undefined) {
        pilot.cap = theirs.cap;
        pilot.values = [];
        pilot.weights = [];
      } else if (pilot.cap !== theirs.cap) {
        pilot.cap = Math.min(pilot.cap, theirs.cap);
        pilot.mixed = true;
      }
    }
  }

  /** Takes over the caps that are fixed in the whole of which these pilots are a part. */
  follow(whole: CapPilots): void {
    for (const [m, pilot] of this.#pilots.entries()) {
      const { cap, mixed } = whole.#pilots[m] ?? {};
      if (pilot === undefined || cap === undefined) continue;
      Object.assign(pilot, { cap, mixed, values: [], weights: [] });
    }
  }

  /** Whether no value is held. */
  get empty(): boolean {
    return this.#pilots.every((pilot) => pilot === undefined || pilot.values.length === 0);
  }

  get report(): readonly CapReport[] {
    return this.#pilots.flatMap((pilot) => {
      if (pilot === undefined) return [];
      const { metric, rule, values, cap, mixed } = pilot;
      const seen = cap === undefined ? values.length : rule.pilot;
      return [{ metric: metric.name, ...rule, cap, seen, mixed }];
    });
  }

  toJSON(): Json {
    const saved: Saved = this.#pilots.map((pilot) => {
      if (pilot === undefined) return null;
      const { values, weights, cap = null, mixed } = pilot;
      const told = weights.some((weight) => weight !== 1) ? { weights: [...weights] } : {};
      return { values: [...values], ...told, cap, mixed };
    });
    return saved as unknown as Json;
  }

  /** Takes over what `toJSON` returned. @throws SnapshotError; nothing has changed then */
  load(json: Json): void {
    const saved = json as unknown as Saved;
    const sound =
      Array.isArray(saved) &&
      saved.length === this.#pilots.length &&
      this.#pilots.every((pilot, m) => {
        const state = saved[m] ?? null;
        if (pilot === undefined || state === null) return pilot === undefined && state === null;
        return (
          Array.isArray(state.values) &&
          state.values.length < pilot.rule.pilot &&
          state.values.every(Number.isFinite) &&
          (state.weights === undefined || areWeights(state.weights, state.values.length)) &&
          (state.cap === null || Number.isFinite(state.cap)) &&
          typeof state.mixed === 'boolean'
        );
      });
    if (!sound) throw new SnapshotError('caps at a quantile must be those of the metrics, fixed or with their pilot');
    for (const [m, pilot] of this.#pilots.entries()) {
      const state = saved[m];
      if (pilot !== undefined && state) {
        const { values, weights = values.map(() => 1), cap, mixed } = state;
        Object.assign(pilot, { values: [...values], weights: [...weights], cap: cap ?? undefined, mixed });
      }
    }
  }
}

/** Once all values are there they become one number. */
function freeze(pilot: Pilot): void {
  const { values, weights, rule } = pilot;
  if (values.length < rule.pilot) return;
  pilot.cap = weights.every((weight) => weight === weights[0])
    ? quantileCaps(values, { upper: rule.quantile }).upper
    : weightedQuantile(values, weights, rule.quantile);
  pilot.values = [];
  pilot.weights = [];
}

/** The smallest value at or below which at least this part of the weight lies. */
function weightedQuantile(values: readonly number[], weights: readonly number[], quantile: number): number {
  const sorted = values.map((value, i) => [value, weights[i]!] as const).sort(([a], [b]) => a - b);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  for (const [value, weight] of sorted) {
    below += weight;
    if (below >= quantile * total) return value;
  }
  return sorted.at(-1)![0];
}

function areWeights(weights: unknown, length: number): boolean {
  return Array.isArray(weights) && weights.length === length && weights.every((w) => Number.isFinite(w) && w > 0);
}
