import { checkOneOf } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import { ascending } from '../ascending.ts';
import { checkSample } from '../checkSample.ts';
import { kolmogorovDistribution } from '../distributions/index.ts';
import { inconclusive } from '../inconclusive.ts';
import type { Alternative, Inconclusive, TestEstimate } from '../types.ts';
import { type EcdfDistance, oneSampleDistance, twoSampleDistance } from './ecdfDistance.ts';
import { exactKolmogorov, exactKolmogorovOneSided } from './exactKolmogorov.ts';
import { exactSmirnov } from './exactSmirnov.ts';
import { checkTestOptions, type TestOptions } from './TestOptions.ts';

/** Options of {@link kolmogorovSmirnovTest}. */
export interface KolmogorovSmirnovOptions extends TestOptions {
  /**
   * `exact`: for at most a million pairs of two samples, or 1000 values of one. `asymptotic`: Kolmogorov's limit law.
   * `auto`: exact where that is possible. @defaultValue 'auto'
   */
  readonly method?: 'auto' | 'exact' | 'asymptotic';
}

/** What {@link kolmogorovSmirnovTest} found: estimate, statistic and effect size all are the distance. */
export interface KolmogorovSmirnovEstimate extends TestEstimate {
  /** The smallest observed value at which the distribution functions are furthest apart. */
  readonly location: number;
}

const MOST_PAIRS = 1e6;
const MOST_VALUES = 1000;

/**
 * The Kolmogorov-Smirnov test: are two samples, or a sample and a given distribution, alike in every respect? The
 * statistic is the largest distance D of the two distribution functions.
 *
 * `greater` asks whether the distribution function of `a` lies above the other one somewhere, which is to say that `a`
 * has smaller values; `less` whether it lies below. The interval for the distance of the true distribution functions
 * is that of Dvoretzky, Kiefer, Wolfowitz and Massart: never short of its level at any sample size, and wide.
 * With ties the p-value is conservative, and the result warns.
 *
 * @param a the sample, in any order
 * @param b the second sample, or a continuous distribution function given beforehand, not fitted to `a`
 * @returns `inconclusive` for an empty sample
 * @throws InvalidOptionError, also for `exact` with too many values; InvalidDataError for numbers that are not finite
 * and for a function that leaves [0, 1]
 * @example
 * const result = kolmogorovSmirnovTest([0.1, 0.4, 0.7], [0.9, 1.2, 1.3, 2]);
 * result.status === 'ok' && result.pValue; // 0.05714285714285714
 * @see Kolmogorov (1933), G. Ist. Ital. Attuari 4, 83-91; Smirnov (1948), doi:10.1214/aoms/1177730256; Massart (1990),
 * doi:10.1214/aop/1176990746
 */
export function kolmogorovSmirnovTest(
  a: ArrayLike<number>,
  b: ArrayLike<number> | ((value: number) => number),
  options: KolmogorovSmirnovOptions = {},
): KolmogorovSmirnovEstimate | Inconclusive {
  const { alternative, level } = checkTestOptions('kolmogorovSmirnovTest', options, ['method']);
  const method = checkOneOf('method', options.method ?? 'auto', ['auto', 'exact', 'asymptotic']);
  checkSample('a', a);
  if (typeof b !== 'function') checkSample('b', b);
  const sizes = typeof b === 'function' ? [a.length] : [a.length, b.length];
  if (sizes.includes(0)) return inconclusive('kolmogorov-smirnov', sizes, 'each sample needs an observation');
  const feasible = sizes.length === 2 ? sizes[0]! * sizes[1]! <= MOST_PAIRS : sizes[0]! <= MOST_VALUES;
  if (method === 'exact' && !feasible) {
    throw new InvalidOptionError('method', method, `asymptotic above ${MOST_PAIRS} pairs or ${MOST_VALUES} values`);
  }
  const exact = method !== 'asymptotic' && feasible;
  const found = typeof b === 'function' ? oneSample(a, b, alternative, exact) : twoSample(a, b, alternative, exact);
  const margin = massartMargin(sizes, level, alternative);
  return {
    status: 'ok',
    method: `kolmogorov-smirnov-${exact ? 'exact' : 'asymptotic'}`,
    validity: 'fixed-n',
    n: sizes,
    warnings: found.distance.tied ? ['tied values: the p-value is conservative'] : [],
    estimate: found.statistic,
    interval: [
      Math.max(0, found.statistic - margin),
      alternative === 'two-sided' ? Math.min(1, found.statistic + margin) : 1,
    ],
    level,
    pValue: found.pValue,
    alternative,
    statistic: found.statistic,
    effectSize: { name: 'kolmogorov-smirnov-d', value: found.statistic },
    location: found.distance.location,
  };
}

interface Found {
  readonly distance: EcdfDistance;
  readonly statistic: number;
  readonly pValue: number;
}

function chosen({ above, below }: EcdfDistance, alternative: Alternative): number {
  return alternative === 'two-sided' ? Math.max(above, below) : alternative === 'greater' ? above : below;
}

function twoSample(a: ArrayLike<number>, b: ArrayLike<number>, alternative: Alternative, exact: boolean): Found {
  const [n, m] = [a.length, b.length];
  const distance = twoSampleDistance(ascending(a), ascending(b));
  const reach = chosen(distance, alternative);
  const statistic = reach / (n * m);
  const twoSided = alternative === 'two-sided';
  // Read backwards, a path down is a path up: one side is as likely as the other.
  const pValue = exact
    ? exactSmirnov(n, m, reach, twoSided)
    : asymptotic(Math.sqrt((n / (n + m)) * m) * statistic, twoSided);
  return { distance, statistic, pValue };
}

function oneSample(
  a: ArrayLike<number>,
  cdf: (value: number) => number,
  alternative: Alternative,
  exact: boolean,
): Found {
  const checked = (value: number): number => {
    const probability = cdf(value);
    if (probability >= 0 && probability <= 1) return probability;
    throw new InvalidDataError(`b(${value})`, probability, 'a probability within [0, 1]');
  };
  const distance = oneSampleDistance(ascending(a), checked);
  const statistic = chosen(distance, alternative);
  const twoSided = alternative === 'two-sided';
  const exactTail = twoSided ? exactKolmogorov : exactKolmogorovOneSided;
  const pValue = exact ? exactTail(a.length, statistic) : asymptotic(Math.sqrt(a.length) * statistic, twoSided);
  return { distance, statistic, pValue };
}

function asymptotic(scaled: number, twoSided: boolean): number {
  return twoSided ? kolmogorovDistribution.sf(scaled) : Math.exp(-2 * scaled * scaled);
}

/** By how much the distance may be off at most, with the error probability shared between the samples. */
function massartMargin(sizes: readonly number[], level: number, alternative: Alternative): number {
  const sides = alternative === 'two-sided' ? 2 : 1;
  const tail = (1 - level) / sizes.length / sides;
  return sizes.reduce((sum, n) => sum + Math.sqrt(-Math.log(tail) / (2 * n)), 0);
}
