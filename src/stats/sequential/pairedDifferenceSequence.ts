import type { EstimateResult, SampleMoments } from '../types.ts';
import { meanSequence } from './asymptoticMeanSequence.ts';
import { type AsymptoticSequenceOptions, resolveAsymptotic } from './SequenceOptions.ts';

/**
 * The asymptotic confidence sequence of the mean difference of pairs: both models answered the same request, and what
 * they share cancels. `n`, `horizon` and `burnIn` count pairs. It needs no stationarity beyond a stable mean difference.
 *
 * @param differences the moments of first minus second, pair by pair
 * @returns `inconclusive` during the burn-in and where all differences are equal
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * const result = pairedDifferenceSequence({ n: 4000, mean: 0.01, variance: 0.05 });
 * result.status === 'ok' && result.pValue; // 0.085569559289561
 * @see Choe & Ramdas (2024), Comparing sequential forecasters, Oper. Res., doi:10.1287/opre.2021.0792
 */
export function pairedDifferenceSequence(
  differences: SampleMoments,
  options: AsymptoticSequenceOptions = {},
): EstimateResult {
  return meanSequence('paired-difference-sequence', differences, resolveAsymptotic(options));
}
