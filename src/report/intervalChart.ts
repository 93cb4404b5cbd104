import { type ChartOptions, finiteOrNull, layeredChart, type VegaLiteSpec } from './VegaLiteSpec.ts';

/** A named estimate with its interval. */
export interface IntervalRow {
  readonly name: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** An interval chart's options. */
export interface IntervalChartOptions extends ChartOptions {
  readonly rows: readonly IntervalRow[];
  /** Where a dashed line runs down: no difference, a margin. */
  readonly limits?: readonly number[];
}

/**
 * A Vega-Lite chart of estimates with their intervals under each other (a forest plot): metrics, segments, variants. An
 * infinite end is left out, and the interval with it.
 *
 * @example
 * intervalChart({ rows: [{ name: 'RMSE', estimate: -0.04, lower: -0.07, upper: -0.01 }], limits: [0] });
 */
export function intervalChart(options: IntervalChartOptions): VegaLiteSpec {
  const { rows, limits = [], xTitle = 'estimate', yTitle } = options;
  const values = rows.map(({ name, estimate, lower, upper }) => ({
    name,
    estimate: finiteOrNull(estimate),
    lower: finiteOrNull(lower),
    upper: finiteOrNull(upper),
  }));
  const y = { field: 'name', type: 'nominal', sort: null, title: yTitle ?? null };
  const x = { type: 'quantitative', title: xTitle, scale: { zero: false } };
  const intervals: VegaLiteSpec = {
    transform: [{ filter: 'isValid(datum.lower) && isValid(datum.upper)' }],
    mark: { type: 'rule', strokeWidth: 2 },
    encoding: { x: { field: 'lower', ...x }, x2: { field: 'upper' }, y },
  };
  const estimates: VegaLiteSpec = {
    mark: { type: 'point', filled: true, size: 60 },
    encoding: { x: { field: 'estimate', ...x }, y },
  };
  const rules: readonly VegaLiteSpec[] = limits.map((limit) => ({
    mark: { type: 'rule', strokeDash: [4, 4], color: '#666666' },
    encoding: { x: { datum: limit } },
  }));
  const height = options.height ?? 40 + 24 * rows.length;
  return layeredChart({ ...options, height }, values, [intervals, estimates, ...rules]);
}
