import { checkFinite, checkOneOf, checkOptions, checkProbability } from '../../core/check.ts';
import type { Alternative } from '../types.ts';

/** What every anytime-valid estimate can be asked for. */
export interface SequenceOptions {
  /**
   * The error probability over all looks together; the interval covers at every look with probability `1 - alpha`.
   * @defaultValue 0.05
   */
  readonly alpha?: number;
  /**
   * The side on which evidence counts: `greater` gives a lower confidence bound and an upper end of Infinity.
   * @defaultValue 'two-sided'
   */
  readonly alternative?: Alternative;
  /**
   * The value that the p-value and the e-value speak against, in the unit of the estimate.
   * @defaultValue 0, or 1 where the estimate is a ratio
   */
  readonly nullValue?: number;
}

/** Options of the asymptotic confidence sequences. */
export interface AsymptoticSequenceOptions extends SequenceOptions {
  /**
   * The number of observations, over all samples together, at which the sequence is tightest. It is valid at any other
   * number too; a plan that is wrong by a factor of ten costs about a quarter of the width.
   * @defaultValue 5000
   */
  readonly horizon?: number;
  /**
   * Observations that every sample needs before the sequence says anything. The sequence is asymptotic: it leans on the
   * central limit theorem, and heavy tails or very unequal samples want more.
   * @defaultValue 100
   */
  readonly burnIn?: number;
}

/** Options of the asymptotic confidence sequences that compare two samples. */
export interface TwoSampleSequenceOptions extends AsymptoticSequenceOptions {
  /**
   * `welch` takes each sample's variance as it is. `conservative` takes the larger of that standard error and the one
   * with the pooled variance: where the samples are of unequal size and skewed, the smaller one understates its variance
   * just when its mean is off, and Welch's standard error alone gives up to a third false alarms at 5 % (1 % events,
   * shares 90/10: docs/simulations.md). With equal sizes both are the same.
   * @defaultValue 'conservative'
   */
  readonly standardError?: 'conservative' | 'welch';
}

/** @internal */
export interface ResolvedSequence {
  readonly alpha: number;
  readonly alternative: Alternative;
  readonly nullValue: number;
}

/** @internal */
export interface ResolvedAsymptotic extends ResolvedSequence {
  readonly horizon: number;
  readonly burnIn: number;
}

/** @internal */
export interface ResolvedTwoSample extends ResolvedAsymptotic {
  readonly conservative: boolean;
}

const ALTERNATIVES = ['two-sided', 'less', 'greater'] as const;
const STANDARD_ERRORS = ['conservative', 'welch'] as const;
const POSITIVE = { gt: 0 };
const AT_LEAST_TWO = { ge: 2 };

/** The names of the common options: a judge that looks at every request builds no list. @internal */
export const SEQUENCE_OPTIONS: readonly string[] = ['alpha', 'alternative', 'nullValue'];
/** @internal */
export const ASYMPTOTIC_OPTIONS: readonly string[] = [...SEQUENCE_OPTIONS, 'horizon', 'burnIn'];
/** @internal */
export const TWO_SAMPLE_OPTIONS: readonly string[] = [...ASYMPTOTIC_OPTIONS, 'standardError'];

/** Checks the common options, with the defaults filled in. @throws InvalidOptionError @internal */
export function resolveSequence(
  options: SequenceOptions,
  nullValue = 0,
  known: readonly string[] = SEQUENCE_OPTIONS,
): ResolvedSequence {
  checkOptions('options', options, known);
  return {
    alpha: checkProbability('alpha', options.alpha ?? 0.05),
    alternative: checkOneOf('alternative', options.alternative ?? 'two-sided', ALTERNATIVES),
    nullValue: checkFinite('nullValue', options.nullValue ?? nullValue),
  };
}

/** Checks the options of an asymptotic sequence, with the defaults filled in. @throws InvalidOptionError @internal */
export function resolveAsymptotic(
  options: AsymptoticSequenceOptions,
  nullValue = 0,
  known: readonly string[] = ASYMPTOTIC_OPTIONS,
): ResolvedAsymptotic {
  const common = resolveSequence(options, nullValue, known);
  return {
    alpha: common.alpha,
    alternative: common.alternative,
    nullValue: common.nullValue,
    horizon: checkFinite('horizon', options.horizon ?? 5000, POSITIVE),
    burnIn: checkFinite('burnIn', options.burnIn ?? 100, AT_LEAST_TWO),
  };
}

/** Checks the options of a two-sample sequence, with the defaults filled in. @throws InvalidOptionError @internal */
export function resolveTwoSample(
  options: TwoSampleSequenceOptions,
  nullValue = 0,
  known: readonly string[] = TWO_SAMPLE_OPTIONS,
): ResolvedTwoSample {
  const common = resolveAsymptotic(options, nullValue, known);
  const standardError = checkOneOf('standardError', options.standardError ?? 'conservative', STANDARD_ERRORS);
  return {
    alpha: common.alpha,
    alternative: common.alternative,
    nullValue: common.nullValue,
    horizon: common.horizon,
    burnIn: common.burnIn,
    conservative: standardError === 'conservative',
  };
}
