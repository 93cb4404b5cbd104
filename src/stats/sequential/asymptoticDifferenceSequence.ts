import { checkMoments } from '../checkMoments.ts';
import { inconclusive } from '../inconclusive.ts';
import { meanDifference } from '../meanDifference.ts';
import type { EstimateResult, SampleMoments } from '../types.ts';
import { burnInReason } from './burnInReason.ts';
import { differenceError } from './differenceError.ts';
import { normalMixtureEstimate } from './normalMixtureEstimate.ts';
import { tightestRatio } from './normalMixtureRho.ts';
import { resolveTwoSample, type TwoSampleSequenceOptions } from './SequenceOptions.ts';

/**
 * The asymptotic confidence sequence of a difference of means, first minus second, on the absolute scale: the interval
 * covers the difference at all times after the burn-in together. Needs only the moments of both samples.
 *
 * Test on this scale, and report relative lifts by `logRatioSequence`: the linear delta method for the relative lift
 * breaks the guarantee where the second mean is near zero.
 *
 * @returns `inconclusive` during the burn-in and where neither sample varies
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * const challenger = { n: 6416, mean: 1.082389, variance: 2.342 };
 * const champion = { n: 4870, mean: 1, variance: 1.402 };
 * const result = asymptoticDifferenceSequence(challenger, champion);
 * result.status === 'ok' && result.interval; // [0.0011762430851900846, 0.16360175691481]
 * @see Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), Ann. Statist. 52(6), theorem 2.2,
 * arXiv:2103.06476
 */
export function asymptoticDifferenceSequence(
  first: SampleMoments,
  second: SampleMoments,
  options: TwoSampleSequenceOptions = {},
): EstimateResult {
  const method = 'asymptotic-difference-sequence';
  const resolved = resolveTwoSample(options);
  checkMoments('first', first);
  checkMoments('second', second);
  const n = [first.n, second.n];
  const short = burnInReason(n, resolved.burnIn);
  if (short !== undefined) return inconclusive(method, n, short, 'anytime');
  const standardError = differenceError(first, second, resolved.conservative);
  if (!(standardError > 0)) return inconclusive(method, n, 'the observations do not vary in either sample', 'anytime');
  const { nullValue, horizon, alpha, alternative } = resolved;
  return normalMixtureEstimate(
    {
      method,
      n,
      excess: meanDifference(first, second) - nullValue,
      standardError,
      ratio: ((first.n + second.n) / horizon) * tightestRatio(alpha, alternative, 'approximate'),
    },
    resolved,
    (excess) => nullValue + excess,
  );
}
