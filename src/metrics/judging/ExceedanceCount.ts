import { quantileSequence } from '../../stats/sequential/quantileSequence.ts';
import type { Metric } from '../Metric.ts';
import type { MetricSummary } from '../MetricSummary.ts';

/** The state of `ExceedanceCount`. */
export interface ExceedanceState {
  readonly trials: number;
  readonly beyond: number;
  readonly bound: number | null;
  readonly boundAt: number;
}

/** Baseline values without which its quantile is not bounded. */
const LEAST_BASELINE = 20;

/** How many canary values of a quantile metric came beyond what is too bad, among those that came when that was known. */
export class ExceedanceCount {
  readonly #metric: Metric;
  readonly #alpha: number;
  #trials = 0;
  #beyond = 0;
  /** The bound beyond which values count, and at how many baseline values it was computed. */
  #bound = Number.NaN;
  #boundAt = 0;

  /** @param alpha the error probability with which the baseline's quantile is bounded */
  constructor(metric: Metric, alpha: number) {
    this.#metric = metric;
    this.#alpha = alpha;
  }

  /** Canary values that could be held against the limit when they came. */
  get trials(): number {
    return this.#trials;
  }

  /** How many of the trials were beyond the limit. */
  get beyond(): number {
    return this.#beyond;
  }

  /**
   * Whether a value that has just come is beyond the limit, undefined where that is not known. The baseline's quantile is not
   * its estimate but the end of its confidence sequence on the lenient side, as it stood before the value came: so the
   * count stays a fair game whatever the baseline turns out to be.
   */
  test(value: number, baseline: MetricSummary): boolean | undefined {
    const bound = this.#boundNow(baseline);
    if (!Number.isFinite(bound) || Number.isNaN(value)) return undefined;
    return this.#metric.direction === 'lower' ? value > bound : value < bound;
  }

  /** Counts what a test has found. */
  count(beyond: boolean): void {
    this.#trials += 1;
    if (beyond) this.#beyond += 1;
  }

  /** Adds the counts of another: each of its values was tested against what was known then and there. */
  merge(other: ExceedanceCount): void {
    this.#trials += other.#trials;
    this.#beyond += other.#beyond;
  }

  toJSON(): ExceedanceState {
    return {
      trials: this.#trials,
      beyond: this.#beyond,
      bound: Number.isFinite(this.#bound) ? this.#bound : null,
      boundAt: this.#boundAt,
    };
  }

  load({ trials, beyond, bound, boundAt }: ExceedanceState): void {
    this.#trials = trials;
    this.#beyond = beyond;
    this.#bound = bound ?? Number.NaN;
    this.#boundAt = boundAt;
  }

  #boundNow({ n, sketch }: MetricSummary): number {
    const { limit, quantile, direction } = this.#metric;
    if (limit === undefined) return Number.NaN;
    if ('max' in limit) return limit.max;
    if ('min' in limit) return limit.min;
    if (n < LEAST_BASELINE || n <= 1.05 * this.#boundAt) return this.#bound;
    this.#boundAt = n;
    const lower = direction === 'lower';
    const sequence = quantileSequence(sketch!, {
      quantile: quantile as number,
      alpha: this.#alpha,
      alternative: lower ? 'less' : 'greater',
    });
    const end = sequence.status === 'ok' ? sequence.interval[lower ? 1 : 0] : Number.NaN;
    this.#bound = end * (lower ? 1 + limit.relative : 1 - limit.relative);
    return this.#bound;
  }
}
