import { ascending } from '../../../stats/ascending.ts';
import { sortedQuantile } from '../../../stats/sortedQuantile.ts';
import { Moments } from '../../../stats/summaries/Moments.ts';

/** Which values are outliers. */
export type OutlierRule =
  /** Beyond the quartiles by so many interquartile ranges; `cautious` never calls anything within the 1st and 99th percentile one. */
  | { readonly kind: 'iqr'; readonly factor: number; readonly cautious?: boolean }
  /** Beyond the mean by so many standard deviations. */
  | { readonly kind: 'ksigma'; readonly factor: number };

/** Values without those that are none: NaN left out, or counted as 0. */
export function withoutNaN(values: readonly number[], strategy: 'remove' | 'replace'): readonly number[] {
  if (strategy === 'remove') return values.filter((value) => !Number.isNaN(value));
  return values.map((value) => (Number.isNaN(value) ? 0 : value));
}

/** Of each value, whether it is an outlier. */
export function outliers(values: readonly number[], rule: OutlierRule): readonly boolean[] {
  if (values.length === 0) return [];
  const [low, high] = fences(values, rule);
  return values.map((value) => value < low || value > high);
}

function fences(values: readonly number[], rule: OutlierRule): readonly [number, number] {
  if (rule.kind === 'ksigma') {
    const { mean, variance } = new Moments().pushAll(values);
    const reach = rule.factor * Math.sqrt(variance);
    return [mean - reach, mean + reach];
  }
  const sorted = ascending(values);
  const [first, third] = [sortedQuantile(sorted, 0.25), sortedQuantile(sorted, 0.75)];
  const reach = rule.factor * (third - first);
  if (rule.cautious !== true) return [first - reach, third + reach];
  return [Math.min(sortedQuantile(sorted, 0.01), first - reach), Math.max(sortedQuantile(sorted, 0.99), third + reach)];
}
