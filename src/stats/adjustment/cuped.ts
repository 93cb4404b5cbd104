import { checkOneOf, checkOptions } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import { meanDifference } from '../meanDifference.ts';
import type { SampleMoments } from '../types.ts';
import { checkCovariance, type SampleCovariance } from './SampleCovariance.ts';

/** Options of {@link cuped}. */
export interface CupedOptions {
  /**
   * How the slope θ is estimated. `pooled`: from all observations about their common means, as in the paper. `within`:
   * from the deviations within each arm (ANCOVA), which a large effect does not distort.
   * @defaultValue 'pooled'
   */
  readonly theta?: 'pooled' | 'within';
}

/** What CUPED makes of the arms of an experiment. */
export interface CupedResult {
  /** The slope by which the covariate is taken out; 0 where the covariate does not vary. */
  readonly theta: number;
  /** The adjusted moments, arm by arm in the order of the input: what `welchTest` and the sequences take. */
  readonly arms: readonly SampleMoments[];
  /** 1 - adjusted variance / variance, arm by arm; `undefined` where the metric itself does not vary. */
  readonly varianceReductions: readonly (number | undefined)[];
  /** Says so where nothing could be adjusted. */
  readonly warnings: readonly string[];
}

/** Products over squares, summed over all arms in the way that `theta` asks for; `undefined` where no square is left. */
function slope(
  arms: readonly SampleCovariance[],
  shifts: readonly number[],
  theta: 'pooled' | 'within',
): number | undefined {
  let [sxx, sxy] = [0, 0];
  for (const { n, x, covariance } of arms) {
    if (n < 2) continue;
    sxx += (n - 1) * x.variance;
    sxy += (n - 1) * covariance;
  }
  if (theta === 'pooled') {
    const first = arms.find(({ n }) => n > 0);
    arms.forEach(({ n, y }, i) => {
      if (n === 0) return;
      sxx += n * shifts[i]! * shifts[i]!;
      // From whichever height: the shifts sum to 0, so that a constant beside them adds nothing.
      sxy += n * shifts[i]! * meanDifference(y, first!.y);
    });
  }
  return sxx > 0 ? sxy / sxx : undefined;
}

/** The mean of each arm's covariate above the mean over all arms. */
function covariateShifts(arms: readonly SampleCovariance[]): readonly number[] {
  const total = arms.reduce((sum, { n }) => sum + n, 0);
  const first = arms.find(({ n }) => n > 0);
  if (first === undefined) return arms.map(() => 0);
  const shifts = arms.map(({ n, x }) => (n > 0 ? meanDifference(x, first.x) : 0));
  const mean = arms.reduce((sum, { n }, i) => sum + (n / total) * shifts[i]!, 0);
  return shifts.map((shift) => shift - mean);
}

function adjust({ n, x, y, covariance }: SampleCovariance, theta: number, shift: number): SampleMoments {
  // The variance of y - θx by its two least-squares parts: neither can be negative, whatever was rounded.
  const explained = x.variance > 0 ? (covariance / x.variance) * covariance : 0;
  const miss = x.variance > 0 ? theta - covariance / x.variance : 0;
  const variance = n < 2 ? Number.NaN : Math.max(0, y.variance - explained) + miss * miss * x.variance;
  const pivot = y.pivot ?? y.mean;
  const offset = (y.offset ?? 0) - theta * shift;
  return { n, mean: pivot + offset, variance, pivot, offset };
}

/**
 * CUPED: takes out of a metric what a covariate known before the experiment (best the metric's own past) explains.
 * The adjusted metric is y - θ (x - x̄), with one slope θ for all arms, and the mean x̄ over all arms: the difference of
 * means keeps its expectation, and its variance shrinks by the squared correlation.
 *
 * @param arms a `Covariance` of (covariate x, metric y) for each arm; two arms or more
 * @returns adjusted moments; with a covariate that does not vary those of the metric as it is, and a warning
 * @throws InvalidDataError for fewer than two arms or moments that no sample can have
 * @throws InvalidOptionError for another `theta`
 * @example
 * const control = new Covariance().pushAll([[1, 2], [2, 4], [3, 6]]);
 * const treatment = new Covariance().pushAll([[2, 5], [3, 7], [4, 9]]);
 * cuped([control, treatment], { theta: 'within' }).theta; // 2
 * @see Deng, Xu, Kohavi & Walker (2013), WSDM '13, doi:10.1145/2433396.2433413
 */
export function cuped(arms: readonly SampleCovariance[], options: CupedOptions = {}): CupedResult {
  checkOptions('options', options, ['theta']);
  const { theta: kind = 'pooled' } = options;
  checkOneOf('theta', kind, ['pooled', 'within']);
  if (arms.length < 2) throw new InvalidDataError('arms.length', arms.length, 'at least 2');
  arms.forEach((arm, i) => {
    checkCovariance(`arms[${i}]`, arm);
  });
  const shifts = covariateShifts(arms);
  const found = slope(arms, shifts, kind);
  const theta = found ?? 0;
  const adjusted = arms.map((arm, i) => adjust(arm, theta, shifts[i]!));
  return {
    theta,
    arms: adjusted,
    varianceReductions: adjusted.map(({ variance }, i) => {
      const before = arms[i]!.y.variance;
      return before > 0 ? 1 - variance / before : undefined;
    }),
    warnings: found !== undefined ? [] : ['the covariate does not vary: nothing was adjusted'],
  };
}
