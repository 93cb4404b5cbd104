import { normalDistribution } from '../distributions/normalDistribution.ts';
import { studentTDistribution } from '../distributions/studentTDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from '../intervals/IntervalOptions.ts';
import type { Alternative, Interval, TestResult } from '../types.ts';
import type { Correlation } from './correlate.ts';

/** The t-test of a correlation with Fisher's interval, whose squared standard error is `inflation` / (n - 3). */
export function correlationTest(
  method: string,
  correlation: Correlation | undefined,
  n: number,
  options: IntervalOptions,
  inflation: (r: number) => number,
): TestResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  if (n < 3) return inconclusive(method, [n], `${n} of at least 3 pairs`);
  if (correlation === undefined) return inconclusive(method, [n], 'one of the variables does not vary');
  const { r, oneMinus, onePlus } = correlation;
  const perfect = oneMinus === 0 || onePlus === 0;
  const statistic = r * Math.sqrt((n - 2) / (oneMinus * onePlus));
  const margin = normalDistribution.isf(tail) * Math.sqrt(inflation(r) / (n - 3));
  return {
    status: 'ok',
    estimate: r,
    interval: boundsFor(
      alternative,
      ...fisherInterval(correlation, n > 3 ? margin : Number.POSITIVE_INFINITY),
      [-1, 1],
    ),
    level,
    pValue: pValueOf(statistic, n - 2, alternative),
    statistic,
    df: n - 2,
    alternative,
    effectSize: { name: method, value: r },
    method,
    validity: 'fixed-n',
    n: [n],
    warnings: perfect ? ['the correlation is perfect: interval and p-value say nothing beyond that'] : [],
  };
}

function fisherInterval({ r, oneMinus, onePlus }: Correlation, margin: number): Interval {
  if (oneMinus === 0 || onePlus === 0) return [r, r];
  const z = Math.log(onePlus / oneMinus) / 2;
  return [Math.tanh(z - margin), Math.tanh(z + margin)];
}

function pValueOf(t: number, df: number, alternative: Alternative): number {
  if (alternative === 'two-sided') return Math.min(1, 2 * studentTDistribution.sf(Math.abs(t), df));
  return alternative === 'greater' ? studentTDistribution.sf(t, df) : studentTDistribution.cdf(t, df);
}
