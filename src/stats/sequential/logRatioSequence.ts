import { checkFinite, checkOptions } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { inconclusive } from '../inconclusive.ts';
import type { EstimateResult, SampleMoments } from '../types.ts';
import { burnInReason } from './burnInReason.ts';
import { combineInformation, type InformationEstimate } from './InformationEstimate.ts';
import { logRatioInformation } from './logRatioInformation.ts';
import { normalMixtureEstimate } from './normalMixtureEstimate.ts';
import { tightestRatio } from './normalMixtureRho.ts';
import {
  type ResolvedTwoSample,
  resolveTwoSample,
  SEQUENCE_OPTIONS,
  TWO_SAMPLE_OPTIONS,
  type TwoSampleSequenceOptions,
} from './SequenceOptions.ts';

/** Options of `logRatioSequence`. The estimate, its interval and `nullValue` (default 1) are ratios. */
export interface LogRatioSequenceOptions extends TwoSampleSequenceOptions {
  /**
   * The power to which the ratio of means is raised: 0.5 turns means of squared errors into a ratio of RMSEs.
   * @defaultValue 1
   */
  readonly exponent?: number;
}

/** Options of `stagedLogRatioSequence`. */
export interface StagedLogRatioSequenceOptions extends Omit<LogRatioSequenceOptions, 'horizon' | 'standardError'> {
  /** As in `logRatioInformation`. @defaultValue 'welch', as the reference of the canary's judge */
  readonly standardError?: 'conservative' | 'welch';
  /**
   * The information (one over the squared standard error of the log ratio) that the prior is worth. The default is
   * tightest, at alpha 1 %, where the ratio is known to about 10 %.
   * @defaultValue 100 / 11.5
   */
  readonly rho?: number;
  /**
   * Observations that both samples of a stage need before the stage counts.
   * @defaultValue 10
   */
  readonly stageBurnIn?: number;
}

/**
 * The asymptotic confidence sequence of a ratio of two positive means, first over second, on the log scale: the way to
 * report a relative lift (`estimate - 1`). Raised to `exponent`; the standard error is that of the logarithm.
 *
 * @returns `inconclusive` during the burn-in, where a mean is not positive, and where nothing varies
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @example
 * const first = { n: 4000, mean: 1.1, variance: 1 };
 * const second = { n: 4000, mean: 1, variance: 1 };
 * const result = logRatioSequence(first, second);
 * result.status === 'ok' && result.interval; // [1.0306522175387702, 1.1740138714197095]
 * @see Waudby-Smith et al. (2024), arXiv:2103.06476; Casella & Berger (2002), Statistical Inference, section 5.5.4
 * (delta method)
 */
export function logRatioSequence(
  first: SampleMoments,
  second: SampleMoments,
  options: LogRatioSequenceOptions = {},
): EstimateResult {
  const resolved = resolveRatio(options);
  const { exponent = 1, standardError = 'conservative' } = options;
  const ratio =
    ((first.n + second.n) / resolved.horizon) * tightestRatio(resolved.alpha, resolved.alternative, 'approximate');
  const part = logRatioInformation(first, second, { exponent, standardError });
  return ratioEstimate('log-ratio-sequence', [first.n, second.n], part, ratio, resolved);
}

/**
 * The log-ratio sequence over the stages of a rollout: each stage compares the models that served at the same time and
 * share, and the stages are combined by inverse variance, so that neither drift nor a change of shares looks like a
 * difference between the models. The canary's judge asks `alternative: 'greater'`.
 *
 * @param stages for each stage the moments of both samples, first over second
 * @returns `inconclusive` until both samples, over the stages that count, are past the burn-in
 * @throws InvalidDataError for moments that no sample can have
 * @throws InvalidOptionError
 * @see Howard et al. (2021), Ann. Statist. 49(2), section 3.2, doi:10.1214/20-AOS1991
 */
export function stagedLogRatioSequence(
  stages: readonly (readonly [first: SampleMoments, second: SampleMoments])[],
  options: StagedLogRatioSequenceOptions = {},
): EstimateResult {
  checkOptions('options', options, KNOWN_STAGED);
  const { rho = 100 / 11.5, stageBurnIn = 10, ...rest } = options;
  const resolved = resolveRatio(rest);
  checkFinite('rho', rho, { gt: 0 });
  checkFinite('stageBurnIn', stageBurnIn, { ge: 2 });
  const { exponent = 1, standardError = 'welch' } = options;
  const n: [number, number] = [0, 0];
  const parts: InformationEstimate[] = [];
  for (const [first, second] of stages) {
    const part = logRatioInformation(first, second, { exponent, standardError });
    if (part.information === 0 || first.n < stageBurnIn || second.n < stageBurnIn) continue;
    n[0] += first.n;
    n[1] += second.n;
    parts.push(part);
  }
  const combined = combineInformation(parts);
  return ratioEstimate('staged-log-ratio-sequence', n, combined, combined.information / rho, resolved);
}

const KNOWN = [...TWO_SAMPLE_OPTIONS, 'exponent'];
const KNOWN_STAGED = [...SEQUENCE_OPTIONS, 'burnIn', 'standardError', 'exponent', 'rho', 'stageBurnIn'];

function resolveRatio(options: LogRatioSequenceOptions): ResolvedTwoSample {
  const resolved = resolveTwoSample(options, 1, KNOWN);
  if (resolved.nullValue > 0) return resolved;
  throw new InvalidOptionError('nullValue', resolved.nullValue, 'a ratio greater than 0');
}

function ratioEstimate(
  method: string,
  n: readonly number[],
  { estimate, information }: InformationEstimate,
  ratio: number,
  resolved: ResolvedTwoSample,
): EstimateResult {
  const short = burnInReason(n, resolved.burnIn);
  if (short !== undefined) return inconclusive(method, n, short, 'anytime');
  if (information === 0) {
    return inconclusive(method, n, 'the log-ratio needs positive means and observations that vary', 'anytime');
  }
  const { nullValue } = resolved;
  const statistic = {
    method,
    n,
    excess: estimate - Math.log(nullValue),
    standardError: 1 / Math.sqrt(information),
    ratio,
  };
  return normalMixtureEstimate(statistic, resolved, (excess) => nullValue * Math.exp(excess));
}
