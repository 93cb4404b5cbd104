import { normalDistribution } from '../distributions/normalDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from '../intervals/IntervalOptions.ts';
import type { Alternative, TestResult } from '../types.ts';

function pValueOf(z: number, alternative: Alternative): number {
  if (alternative === 'two-sided') return 2 * normalDistribution.sf(Math.abs(z));
  return alternative === 'greater' ? normalDistribution.sf(z) : normalDistribution.cdf(z);
}

/** A difference of two areas with its variance. */
export interface AucDifference {
  readonly method: string;
  readonly n: readonly number[];
  readonly difference: number;
  readonly variance: number;
}

/** The z-test of a difference of areas. */
export function aucDifference(
  { method, n, difference, variance }: AucDifference,
  options: IntervalOptions,
): TestResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  if (!(variance > 0)) return inconclusive(method, n, 'the difference of the areas has no variance');
  const standardError = Math.sqrt(variance);
  const half = normalDistribution.isf(tail) * standardError;
  const statistic = difference / standardError;
  return {
    status: 'ok',
    estimate: difference,
    interval: boundsFor(alternative, Math.max(-1, difference - half), Math.min(1, difference + half), [-1, 1]),
    level,
    pValue: pValueOf(statistic, alternative),
    statistic,
    alternative,
    effectSize: { name: 'auc-difference', value: difference },
    standardError,
    method,
    validity: 'fixed-n',
    n,
    warnings: [],
  };
}
