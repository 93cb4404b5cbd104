import { checkFinite, checkOptions, checkProbability } from '../../core/check.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { studentTDistribution } from '../distributions/studentTDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { checkInformation, type InformationEstimate } from '../sequential/InformationEstimate.ts';
import type { TestResult } from '../types.ts';
import { checkCovariance, pickCovariance } from './estimateCovariance.ts';
import type { HeterogeneityOptions } from './heterogeneityTest.ts';

/** Options of {@link effectTrendTest}. */
export interface EffectTrendOptions extends HeterogeneityOptions {
  /** How well the covariances are known, as degrees of freedom: Student's t is asked then. @defaultValue infinitely */
  readonly df?: number;
}

/** An effect within one period. */
export interface TimedEstimate extends InformationEstimate {
  /** The period's time, in any unit. */
  readonly at: number;
}

/**
 * Whether an effect grows or fades with time (novelty, learning): the slope of the effect on time, weighted by
 * information. The estimate is the slope per unit of time; its error takes the covariances of the periods where they are given.
 *
 * @param periods one estimate of the effect for each period; those without information do not count
 * @returns `inconclusive` below three periods with information
 * @throws InvalidDataError, InvalidOptionError
 * @example
 * const periods = [0, 1, 2, 3].map((at) => ({ at, estimate: at, information: 4 }));
 * const result = effectTrendTest(periods);
 * result.status === 'ok' && result.estimate; // 1
 * @see Thompson & Higgins (2002), How should meta-regression analyses be undertaken, Stat. Med. 21(11),
 * doi:10.1002/sim.1187 (fixed effects)
 */
export function effectTrendTest(periods: readonly TimedEstimate[], options: EffectTrendOptions = {}): TestResult {
  checkOptions('effectTrendTest options', options, ['level', 'covariance', 'df']);
  const level = checkProbability('level', options.level ?? 0.95);
  for (const [i, period] of periods.entries()) {
    checkFinite(`periods[${i}].at`, period.at);
    checkInformation(`periods[${i}]`, period);
  }
  checkCovariance(options.covariance, periods.length);
  const { df } = options;
  if (df !== undefined) checkFinite('df', df, { gt: 0 });
  const among = periods.flatMap(({ information }, i) => (information > 0 ? [i] : []));
  const counted = among.map((i) => periods[i]!);
  const n = [counted.length];
  const method = 'effect-trend';
  if (counted.length < 3) return inconclusive(method, n, `${counted.length} of at least 3 periods with an estimate`);
  const total = counted.reduce((sum, { information }) => sum + information, 0);
  const mean = (of: (period: TimedEstimate) => number): number =>
    counted.reduce((sum, period) => sum + (period.information / total) * of(period), 0);
  const centre = mean(({ at }) => at);
  const height = mean(({ estimate }) => estimate);
  const spread = total * mean(({ at }) => (at - centre) ** 2);
  if (!(spread > 0)) return inconclusive(method, n, 'all periods are at the same time');
  const estimate = (total * mean((period) => (period.at - centre) * (period.estimate - height))) / spread;
  const slopes = counted.map(({ information, at }) => (information * (at - centre)) / spread);
  const standardError =
    options.covariance === undefined
      ? 1 / Math.sqrt(spread)
      : Math.sqrt(Math.max(0, quadratic(slopes, pickCovariance(options.covariance, among))));
  if (!(standardError > 0)) return inconclusive(method, n, 'the covariances leave no error to the slope');
  const statistic = estimate / standardError;
  const isf = (tail: number): number =>
    df === undefined ? normalDistribution.isf(tail) : studentTDistribution.isf(tail, df);
  const sf = (x: number): number => (df === undefined ? normalDistribution.sf(x) : studentTDistribution.sf(x, df));
  const half = isf((1 - level) / 2) * standardError;
  return {
    status: 'ok',
    method,
    validity: 'fixed-n',
    n,
    warnings: [],
    estimate,
    interval: [estimate - half, estimate + half],
    level,
    standardError,
    pValue: Math.min(1, 2 * sf(Math.abs(statistic))),
    statistic,
    ...(df === undefined ? {} : { df }),
    alternative: 'two-sided',
    effectSize: { name: 'slope', value: estimate },
  };
}

function quadratic(vector: readonly number[], matrix: readonly (readonly number[])[]): number {
  return vector.reduce((sum, x, i) => sum + x * vector.reduce((row, y, j) => row + y * matrix[i]![j]!, 0), 0);
}
