import { type ChartOptions, finiteOrNull, layeredChart, type VegaLiteSpec } from './VegaLiteSpec.ts';

/** A point of a line, with the ends of its interval where it has one. */
export interface LinePoint {
  /** A number; for a time axis, milliseconds since 1970. */
  readonly x: number;
  readonly y: number;
  readonly lower?: number;
  readonly upper?: number;
}

/** A named line. */
export interface LineSeries {
  readonly name: string;
  readonly points: readonly LinePoint[];
}

/** A line chart's options. */
export interface LineChartOptions extends ChartOptions {
  readonly series: readonly LineSeries[];
  /** What the horizontal axis measures. @defaultValue `'quantitative'` */
  readonly xType?: 'quantitative' | 'temporal';
  /** Whether the vertical axis must include zero. @defaultValue false */
  readonly zero?: boolean;
  /** Heights at which a dashed line runs across: a limit, a margin, no difference. */
  readonly limits?: readonly number[];
}

/**
 * A Vega-Lite chart of lines with the bands of their intervals: an estimate and its confidence sequence over time.
 * Points and ends that are not finite are left out.
 *
 * @example
 * const points = [{ x: 100, y: 0.02, lower: -0.03, upper: 0.07 }, { x: 200, y: 0.03, lower: 0.001, upper: 0.06 }];
 * const spec = lineChart({ series: [{ name: 'lift', points }], limits: [0], xTitle: 'requests' });
 * JSON.stringify(spec); // ready for vega-embed
 */
export function lineChart(options: LineChartOptions): VegaLiteSpec {
  const { series, xType = 'quantitative', zero = false, limits = [], xTitle = 'x', yTitle = 'y' } = options;
  const values = series.flatMap(({ name, points }) =>
    points.map(({ x, y, lower, upper }) => ({
      series: name,
      x: finiteOrNull(x),
      y: finiteOrNull(y),
      lower: finiteOrNull(lower),
      upper: finiteOrNull(upper),
    })),
  );
  const x = { field: 'x', type: xType, title: xTitle };
  const color = {
    field: 'series',
    type: 'nominal',
    title: null,
    ...(series.length < 2 ? { legend: null } : {}),
    scale: { domain: series.map(({ name }) => name) },
  };
  const vertical = { type: 'quantitative', title: yTitle, scale: { zero } };
  const banded = values.some(({ lower, upper }) => lower !== null && upper !== null);
  const band: VegaLiteSpec = {
    transform: [{ filter: 'isValid(datum.lower) && isValid(datum.upper)' }],
    mark: { type: 'area', opacity: 0.2 },
    encoding: { x, y: { field: 'lower', ...vertical }, y2: { field: 'upper' }, color },
  };
  const line: VegaLiteSpec = {
    mark: { type: 'line', point: values.length <= 30 },
    encoding: { x, y: { field: 'y', ...vertical }, color },
  };
  const rules: readonly VegaLiteSpec[] = limits.map((limit) => ({
    mark: { type: 'rule', strokeDash: [4, 4], color: '#666666' },
    encoding: { y: { datum: limit } },
  }));
  return layeredChart(options, values, [...(banded ? [band] : []), line, ...rules]);
}
