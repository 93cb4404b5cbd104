import type { Json } from '../core/json.ts';

/** A Vega-Lite specification as plain JSON: hand it to any Vega-Lite renderer, version 5 or later. */
export type VegaLiteSpec = { readonly [key: string]: Json };

/** What every chart says about itself. */
export interface ChartOptions {
  readonly title?: string;
  readonly xTitle?: string;
  readonly yTitle?: string;
  /** Pixels. @defaultValue 600 */
  readonly width?: number;
  /** Pixels. @defaultValue 300 */
  readonly height?: number;
}

/** The frame that every chart shares: data inline, layers on top of each other. */
export function layeredChart(
  { title, width = 600, height = 300 }: ChartOptions,
  values: readonly { readonly [field: string]: Json }[],
  layers: readonly VegaLiteSpec[],
): VegaLiteSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    ...(title === undefined ? {} : { title }),
    width,
    height,
    data: { values },
    layer: layers,
  };
}

/** A number as JSON has it; what is not finite becomes null, which Vega-Lite leaves out. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
