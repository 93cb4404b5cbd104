/**
 * Text tables, and Vega-Lite charts of results.
 *
 * @packageDocumentation
 */

export { formatInterval, type IntervalFormat } from '../core/text/formatInterval.ts';
export { formatNumber, type NumberFormat } from '../core/text/formatNumber.ts';
export { formatPercent } from '../core/text/formatPercent.ts';
export { formatPValue, type PValueFormat } from '../core/text/formatPValue.ts';
export { markdownTable } from '../core/text/markdownTable.ts';
export { type ProgressBarOptions, progressBar } from '../core/text/progressBar.ts';
export { type SparklineOptions, sparkline } from '../core/text/sparkline.ts';
export type { TableColumn } from '../core/text/TableColumn.ts';
export { type TextTableOptions, textTable } from '../core/text/textTable.ts';
export { wrapText } from '../core/text/wrapText.ts';
export { type IntervalChartOptions, type IntervalRow, intervalChart } from './intervalChart.ts';
export { type LineChartOptions, type LinePoint, type LineSeries, lineChart } from './lineChart.ts';
export type { ChartOptions, VegaLiteSpec } from './VegaLiteSpec.ts';
