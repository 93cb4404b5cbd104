import { InvalidDataError } from '../../core/errors.ts';
import { checkMoments } from '../checkMoments.ts';
import { inconclusive } from '../inconclusive.ts';
import { meanDifference } from '../meanDifference.ts';
import type { EstimateResult, SampleMoments } from '../types.ts';
import { burnInReason } from './burnInReason.ts';
import { differenceError, type Spread } from './differenceError.ts';
import { normalMixtureEstimate } from './normalMixtureEstimate.ts';
import { tightestRatio } from './normalMixtureRho.ts';
import { resolveTwoSample, type TwoSampleSequenceOptions } from './SequenceOptions.ts';

/** Outcomes with a covariate known before the treatment: what a `Covariance` summary has seen as (x, y). */
export interface CovariateMoments {
  /** The moments of the covariate. */
  readonly x: SampleMoments;
  /** The moments of the outcome. */
  readonly y: SampleMoments;
  /** The unbiased covariance (n - 1) of both. */
  readonly covariance: number;
}

/**
 * The asymptotic confidence sequence of a difference of means, first minus second, adjusted for a covariate that the
 * treatment cannot have changed (CUPED): the common slope of outcome on covariate within the arms takes away what the
 * covariate explains. A covariate with correlation r saves about `r^2` of the observations.
 *
 * @returns `inconclusive` during the burn-in and where nothing varies. A covariate that does not vary adjusts nothing
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @see Deng, Xu, Kohavi & Walker (2013), WSDM, section 3, doi:10.1145/2433396.2433413; Lindon, Ham, Tingley &
 * Bojinov (2022), Anytime-valid linear models and regression adjusted causal inference, arXiv:2210.08589
 */
export function regressionAdjustedSequence(
  first: CovariateMoments,
  second: CovariateMoments,
  options: TwoSampleSequenceOptions = {},
): EstimateResult {
  const method = 'regression-adjusted-sequence';
  const resolved = resolveTwoSample(options);
  const arms = [readArm('first', first), readArm('second', second)] as const;
  const n = arms.map((arm) => arm.y.n);
  const short = burnInReason(n, resolved.burnIn);
  if (short !== undefined) return inconclusive(method, n, short, 'anytime');
  const slope = commonSlope(arms);
  const [one, two] = arms;
  const standardError = differenceError(residual(one, slope), residual(two, slope), resolved.conservative);
  if (!(standardError > 0)) return inconclusive(method, n, 'the adjusted observations do not vary', 'anytime');
  const { nullValue, horizon, alpha, alternative } = resolved;
  return normalMixtureEstimate(
    {
      method,
      n,
      excess: meanDifference(one.y, two.y) - slope * meanDifference(one.x, two.x) - nullValue,
      standardError,
      ratio: ((one.y.n + two.y.n) / horizon) * tightestRatio(alpha, alternative, 'approximate'),
    },
    resolved,
    (excess) => nullValue + excess,
  );
}

function readArm(argument: string, { x, y, covariance }: CovariateMoments): CovariateMoments {
  checkMoments(`${argument}.x`, x);
  checkMoments(`${argument}.y`, y);
  if (x.n !== y.n) throw new InvalidDataError(`${argument}.x.n`, x.n, `${y.n}, the count of the outcome`);
  // A hair of slack for the rounding of three sums; beyond it the three numbers are not of one sample.
  const limit = Math.sqrt(x.variance) * Math.sqrt(y.variance) * (1 + 1e-9);
  if (y.n >= 2 && !(Math.abs(covariance) <= limit)) {
    throw new InvalidDataError(`${argument}.covariance`, covariance, `within [-${limit}, ${limit}]`);
  }
  return { x, y, covariance };
}

function commonSlope(arms: readonly CovariateMoments[]): number {
  let variance = 0;
  let covariance = 0;
  for (const arm of arms) {
    variance += (arm.x.n - 1) * arm.x.variance;
    covariance += (arm.x.n - 1) * arm.covariance;
  }
  return variance > 0 ? covariance / variance : 0;
}

function residual({ x, y, covariance }: CovariateMoments, slope: number): Spread {
  return { n: y.n, variance: Math.max(0, y.variance + slope * slope * x.variance - 2 * slope * covariance) };
}
