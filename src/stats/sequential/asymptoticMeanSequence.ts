import { checkMoments } from '../checkMoments.ts';
import { inconclusive } from '../inconclusive.ts';
import type { EstimateResult, SampleMoments } from '../types.ts';
import { burnInReason } from './burnInReason.ts';
import { normalMixtureEstimate } from './normalMixtureEstimate.ts';
import { tightestRatio } from './normalMixtureRho.ts';
import { type AsymptoticSequenceOptions, type ResolvedAsymptotic, resolveAsymptotic } from './SequenceOptions.ts';

/**
 * The asymptotic confidence sequence of one mean: the interval covers the mean at all times after the burn-in together,
 * so that one may look, and stop, whenever one likes. Needs only the moments, so merged moments conclude the same.
 *
 * It is asymptotic: the error probability approaches alpha as the burn-in grows. For bounded observations
 * `bettingSequence` is exact from the first one on.
 *
 * @param moments of independent observations
 * @returns `inconclusive` during the burn-in and for a sample that does not vary
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * const result = asymptoticMeanSequence({ n: 1000, mean: 0.2, variance: 1 });
 * result.status === 'ok' && result.interval; // [0.09362452993442498, 0.30637547006557503]
 * @see Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), Time-uniform central limit theory and asymptotic confidence
 * sequences, Ann. Statist. 52(6), theorem 2.2, arXiv:2103.06476
 */
export function asymptoticMeanSequence(
  moments: SampleMoments,
  options: AsymptoticSequenceOptions = {},
): EstimateResult {
  return meanSequence('asymptotic-mean-sequence', moments, resolveAsymptotic(options));
}

/** One mean against a null value, under the name of the method that asks. @internal */
export function meanSequence(method: string, moments: SampleMoments, options: ResolvedAsymptotic): EstimateResult {
  const { n, variance } = checkMoments('moments', moments);
  const short = burnInReason([n], options.burnIn);
  if (short !== undefined) return inconclusive(method, [n], short, 'anytime');
  if (!(variance > 0)) return inconclusive(method, [n], 'the observations do not vary', 'anytime');
  const { nullValue, horizon, alpha, alternative } = options;
  return normalMixtureEstimate(
    {
      method,
      n: [n],
      excess: excessOfMean(moments, nullValue),
      standardError: Math.sqrt(variance / n),
      ratio: (n / horizon) * tightestRatio(alpha, alternative, 'approximate'),
    },
    options,
    (excess) => nullValue + excess,
  );
}

/** `mean - nullValue`, exact where the mean comes in two parts. */
function excessOfMean({ mean, pivot, offset }: SampleMoments, nullValue: number): number {
  return pivot === undefined || offset === undefined ? mean - nullValue : pivot - nullValue + offset;
}
