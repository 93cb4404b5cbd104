import type { Json } from '../core/json.ts';
import type { Metric } from '../metrics/Metric.ts';
import { MetricSummary } from '../metrics/MetricSummary.ts';
import type { Measured } from '../metrics/measure.ts';
import type { Rng } from '../random/Rng.ts';
import type { MetricEvidence } from './judges/CanaryJudge.ts';

interface Cell {
  canary: MetricSummary;
  baseline: MetricSummary;
  beyond: number;
  /** The baseline's quantile as it was last computed, and at how many observations. */
  quantile: number;
  quantileAt: number;
}

/** What both models showed, by stage and metric. Constant memory: stages times metrics. */
export class CanaryEvidence {
  readonly #metrics: readonly Metric[];
  readonly #cells: readonly (readonly Cell[])[];

  constructor(metrics: readonly Metric[], stages: number, rng: Rng) {
    this.#metrics = metrics;
    this.#cells = metrics.map((metric) =>
      Array.from({ length: stages }, (_, stage) => {
        const stream = rng.fork(`${metric.name}/${stage}`);
        const canary = new MetricSummary(metric, { rng: stream.fork('canary') });
        const baseline = new MetricSummary(metric, { rng: stream.fork('baseline') });
        return { canary, baseline, beyond: 0, quantile: Number.NaN, quantileAt: 0 };
      }),
    );
  }

  /** Takes in one value of one metric. */
  push(metric: number, stage: number, arm: 'canary' | 'baseline', value: Measured): void {
    const cell = this.#cells[metric]![stage]!;
    if (arm === 'canary') this.#countBeyond(this.#metrics[metric]!, cell, value);
    cell[arm].push(value);
  }

  /** A metric's evidence as a judge wants it. */
  of(metric: number, stage: number, guard: boolean): MetricEvidence {
    return { metric: this.#metrics[metric]!, stages: this.#cells[metric]!, stage, guard };
  }

  toJSON(): Json {
    const cells = this.#cells.map((stages) =>
      stages.map(({ canary, baseline, beyond, quantile, quantileAt }) => ({
        canary: canary.toJSON(),
        baseline: baseline.toJSON(),
        beyond,
        quantile: Number.isFinite(quantile) ? quantile : null,
        quantileAt,
      })),
    );
    return cells as unknown as Json;
  }

  load(json: Json): void {
    const saved = json as unknown as (Omit<Cell, 'canary' | 'baseline'> & { canary: Json; baseline: Json })[][];
    this.#cells.forEach((stages, m) => {
      stages.forEach((cell, stage) => {
        const { canary, baseline, beyond, quantile, quantileAt } = saved[m]![stage]!;
        const metric = this.#metrics[m]!;
        cell.canary = MetricSummary.fromJSON(metric, canary);
        cell.baseline = MetricSummary.fromJSON(metric, baseline);
        cell.beyond = beyond;
        cell.quantile = quantile ?? Number.NaN;
        cell.quantileAt = quantileAt;
      });
    });
  }

  #countBeyond(metric: Metric, cell: Cell, value: Measured): void {
    if (metric.kind !== 'quantile' || metric.limit === undefined || typeof value !== 'number') return;
    const bound = this.#bound(metric, cell);
    if (Number.isFinite(bound) && (metric.direction === 'lower' ? value > bound : value < bound)) cell.beyond += 1;
  }

  /** The value beyond which an observation counts: the limit, or the baseline's quantile times what is allowed. */
  #bound({ limit, quantile, direction }: Metric, cell: Cell): number {
    if (limit !== undefined && 'max' in limit) return limit.max;
    if (limit !== undefined && 'min' in limit) return limit.min;
    const { n, sketch } = cell.baseline;
    if (n < 20) return Number.NaN;
    if (n > 1.05 * cell.quantileAt) {
      cell.quantile = sketch!.quantile(quantile as number);
      cell.quantileAt = n;
    }
    const relative = (limit as { relative: number }).relative;
    return cell.quantile * (direction === 'lower' ? 1 + relative : 1 - relative);
  }
}
