import { checkFinite, checkOptions, checkProbability } from '../../core/check.ts';
import type { EstimateResult, Proportion } from '../types.ts';
import { type BetaMixtureEProcessOptions, betaMixtureEProcess, betaMixtureLogEValue } from './betaMixtureEProcess.ts';
import { tightestConcentration } from './rankEvidence.ts';

/** Options of `exceedanceEProcess`. */
export interface ExceedanceEProcessOptions {
  /** The quantile that the limit is about: 0.95 allows 5 % of the observations above the limit. */
  readonly quantile: number;
  /** The error probability over all looks together. @defaultValue 0.05 */
  readonly alpha?: number;
  /** `greater`: the quantile lies above the limit. @defaultValue 'greater' */
  readonly alternative?: 'greater' | 'less';
  /** The number of observations at which the process is strongest. @defaultValue 1000 */
  readonly horizon?: number;
}

/**
 * A quantile against a fixed limit without keeping a sample: from the count of observations above the limit alone.
 * "The 95th percentile exceeds 300 ms" is "more than 5 % exceed 300 ms". The estimate is the share above the limit, and
 * `1 - quantile` its null value. A limit that is a multiple of the other arm's quantile, as far as known when each
 * observation arrives, keeps the process valid.
 *
 * @param exceedances `successes` are the observations above the limit
 * @returns `inconclusive` without observations
 * @throws InvalidDataError for counts that cannot be
 * @throws InvalidOptionError
 * @example
 * const result = exceedanceEProcess({ successes: 20, trials: 120 }, { quantile: 0.95 });
 * result.status === 'ok' && result.pValue; // 0.002466798227707361
 * @see Howard & Ramdas (2022), Bernoulli 28(3), doi:10.3150/21-BEJ1388
 */
export function exceedanceEProcess(exceedances: Proportion, options: ExceedanceEProcessOptions): EstimateResult {
  return { ...betaMixtureEProcess(exceedances, toRate(options)), method: 'exceedance-e-process' };
}

/**
 * The logarithm of the e-value of `exceedanceEProcess` alone, for a judge that looks at every request.
 *
 * @throws InvalidDataError for counts that cannot be
 * @throws InvalidOptionError
 */
export function exceedanceLogEValue(exceedances: Proportion, options: ExceedanceEProcessOptions): number {
  return betaMixtureLogEValue(exceedances, toRate(options));
}

function toRate(options: ExceedanceEProcessOptions): BetaMixtureEProcessOptions {
  checkOptions('options', options, ['quantile', 'alpha', 'alternative', 'horizon']);
  const { alpha = 0.05, alternative = 'greater' } = options;
  const quantile = checkProbability('quantile', options.quantile);
  const horizon = checkFinite('horizon', options.horizon ?? 1000, { gt: 0 });
  const concentration = tightestConcentration(horizon, { alpha: checkProbability('alpha', alpha), alternative });
  const prior = { a: concentration * (1 - quantile), b: concentration * quantile };
  return { nullValue: 1 - quantile, alpha, alternative, prior };
}
