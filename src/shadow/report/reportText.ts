import { formatInterval } from '../../core/text/formatInterval.ts';
import { formatNumber } from '../../core/text/formatNumber.ts';
import { formatPercent } from '../../core/text/formatPercent.ts';
import { formatPValue } from '../../core/text/formatPValue.ts';
import { markdownTable } from '../../core/text/markdownTable.ts';
import type { EstimateResult, IntervalResult, TestResult } from '../../stats/types.ts';

/** A quantity of both models, in words. */
export interface SidesLine {
  readonly what: string;
  readonly primary: string;
  readonly shadow: string;
}

/** The headers of a table of comparisons. */
export const RESULTS = ['comparison', 'result'] as const;

/** A moment in words. */
export function day(at: number | null): string {
  return at === null ? 'never' : new Date(at).toISOString();
}

/** A share in words. */
export function percent(value: number): string {
  return formatPercent(value, { decimals: 2 });
}

/** A count in words. */
export function count(value: number): string {
  return formatNumber(value);
}

/** A table of two columns: facts, or what `headers` say. */
export function pairs(
  facts: readonly (readonly [string, string])[],
  [what, value]: readonly [string, string] = ['what', 'value'],
): string {
  return markdownTable(facts, [
    { header: what, value: ([left]) => left },
    { header: value, value: ([, right]) => right },
  ]);
}

/** A table of quantities of both models. */
export function sides(lines: readonly SidesLine[]): string {
  return markdownTable(lines, [
    { header: 'metric', value: ({ what }) => what },
    { header: 'primary', value: ({ primary }) => primary },
    { header: 'shadow', value: ({ shadow }) => shadow },
  ]);
}

/** An estimate with its interval, or why there is none. */
export function interval(
  result: IntervalResult | EstimateResult | TestResult,
  format?: (value: number) => string,
): string {
  if (result.status !== 'ok') return `inconclusive: ${result.reason}`;
  const write = format ?? ((value: number) => formatNumber(value));
  return `${write(result.estimate)} ${formatInterval(result.interval, format === undefined ? {} : { format })}`;
}

/** The same with the p-value, where there is one. */
export function tested(result: EstimateResult | TestResult): string {
  return result.status === 'ok' ? `${interval(result)}, p ${formatPValue(result.pValue)}` : interval(result);
}
