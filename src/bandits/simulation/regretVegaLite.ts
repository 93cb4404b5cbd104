import type { Json } from '../../core/json.ts';
import type { RegretReport } from './RegretReport.ts';

/** How the regret chart is drawn. */
export interface RegretChartOptions {
  /** @defaultValue the name of the environment */
  readonly title?: string;
  /** Pixels. @defaultValue 600 */
  readonly width?: number;
  /** Pixels. @defaultValue 350 */
  readonly height?: number;
  /** Logarithmic axes. @defaultValue both false */
  readonly logX?: boolean;
  readonly logY?: boolean;
}

/**
 * The regret curves as a Vega-Lite 5 specification (plain JSON): a line of mean regret per policy with a band of two
 * standard errors. Any Vega-Lite renderer draws it.
 */
export function regretVegaLite(
  report: RegretReport,
  options: RegretChartOptions = {},
): { readonly [key: string]: Json } {
  const { title = report.environment, width = 600, height = 350, logX = false, logY = false } = options;
  const values = report.curves.flatMap(({ policy, mean, standardError }) =>
    report.checkpoints.map((t, k) => ({
      policy,
      t,
      regret: mean[k]!,
      low: Math.max(0, mean[k]! - 2 * standardError[k]!),
      high: mean[k]! + 2 * standardError[k]!,
    })),
  );
  const x = { field: 't', type: 'quantitative', title: 'requests', scale: { type: logX ? 'log' : 'linear' } };
  const vertical = { type: 'quantitative', title: 'regret', scale: { type: logY ? 'symlog' : 'linear' } };
  const color = { field: 'policy', type: 'nominal', title: null, sort: null };
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title: { text: title, subtitle: `mean of ${report.runs} runs, band of two standard errors` },
    width,
    height,
    data: { values },
    layer: [
      {
        mark: { type: 'area', opacity: 0.2 },
        encoding: { x, y: { field: 'low', ...vertical }, y2: { field: 'high' }, color },
      },
      { mark: { type: 'line' }, encoding: { x, y: { field: 'regret', ...vertical }, color } },
    ],
  };
}
