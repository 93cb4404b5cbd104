import { studentTDistribution } from '../distributions/index.ts';
import type { Interval } from '../types.ts';
import type { CheckedOptions } from './TestOptions.ts';

/** What follows from an estimate with its standard error. */
export interface StudentInference {
  readonly statistic: number;
  readonly pValue: number;
  readonly interval: Interval;
}

/**
 * Statistic, p-value and interval of an estimate whose studentised error has a t distribution; `df` Infinity makes it
 * the normal distribution. A one-sided alternative gets the one-sided interval that belongs to it.
 */
export function studentInference(
  estimate: number,
  standardError: number,
  df: number,
  { alternative, level, nullValue }: CheckedOptions,
): StudentInference {
  const statistic = (estimate - nullValue) / standardError;
  const t = studentTDistribution;
  if (alternative === 'two-sided') {
    const margin = t.isf((1 - level) / 2, df) * standardError;
    return { statistic, pValue: t.twoSided(statistic, df), interval: [estimate - margin, estimate + margin] };
  }
  // Below a level of one half the bound would lie on the far side of the estimate.
  const margin = Math.max(0, t.isf(1 - level, df)) * standardError;
  return alternative === 'less'
    ? { statistic, pValue: t.cdf(statistic, df), interval: [Number.NEGATIVE_INFINITY, estimate + margin] }
    : { statistic, pValue: t.sf(statistic, df), interval: [estimate - margin, Number.POSITIVE_INFINITY] };
}
