import { checkFinite, checkProbability } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import { checkProportion } from '../checkProportion.ts';
import { inconclusive } from '../inconclusive.ts';
import type { EstimateResult, Proportion } from '../types.ts';
import { type ResolvedSequence, resolveSequence, SEQUENCE_OPTIONS, type SequenceOptions } from './SequenceOptions.ts';
import {
  likeliestLogMultiplier,
  logMultiplierInterval,
  type ShareEpoch,
  type ShareMixture,
  shareLogEValue,
} from './shareMixture.ts';

/** What two samples counted while the planned shares stood. */
export interface RateEpoch {
  readonly first: Proportion;
  readonly second: Proportion;
  /**
   * The planned share of the first sample among the two. The sequence is exact with it.
   * @defaultValue the realised share of the trials
   */
  readonly share?: number;
}

/** Options of `rateRatioSequence`. The estimate, its interval and `nullValue` (default 1) are ratios of rates. */
export interface RateRatioSequenceOptions extends SequenceOptions {
  /**
   * Pseudo-successes behind the half of the prior that looks for small deviations from the null.
   * @defaultValue 100
   */
  readonly concentration?: number;
}

/**
 * The confidence sequence and e-process of a ratio of two rates, first over second, from the successes alone: under
 * randomised assignment a success falls to the first sample with its planned share, times the ratio. Exact at every
 * look from the first success on, also where the common rate changes over time; made for rare events. 0 of 1000 against
 * 30 of 1000 is an ordinary case. Half of the prior is Jeffreys', the other half is concentrated near the null. Above a rate of about 10 % it wastes what the failures know: take
 * `asymptoticDifferenceSequence` there.
 *
 * @param epochs in order of time; one where the shares never changed
 * @returns `inconclusive` without a single success
 * @throws InvalidDataError for counts that cannot be
 * @throws InvalidOptionError
 * @example
 * const few = { successes: 0, trials: 1000 };
 * const many = { successes: 30, trials: 1000 };
 * const result = rateRatioSequence([{ first: many, second: few, share: 0.5 }]);
 * result.status === 'ok' && result.pValue; // 1.8e-8
 * result.status === 'ok' && result.interval; // [4.59..., Infinity]
 * @see Lindon & Malek (2022), Anytime-valid inference for multinomial count data, NeurIPS, arXiv:2011.03567
 */
export function rateRatioSequence(
  epochs: readonly RateEpoch[],
  options: RateRatioSequenceOptions = {},
): EstimateResult {
  const method = 'rate-ratio-sequence';
  const resolved = resolve(options);
  const mixture = toMixture(epochs, resolved);
  const n = [0, 0];
  for (const { first, second } of epochs) {
    n[0]! += first.trials;
    n[1]! += second.trials;
  }
  const estimate = likeliestLogMultiplier(mixture.epochs);
  if (Number.isNaN(estimate)) return inconclusive(method, n, 'there is no success in either sample yet', 'anytime');
  const logEValue = shareLogEValue(mixture, Math.log(resolved.nullValue));
  const [low, high] = logMultiplierInterval(mixture, resolved.alpha, estimate);
  return {
    status: 'ok',
    method,
    validity: 'anytime',
    n,
    warnings: [],
    estimate: Math.exp(estimate),
    interval: [Math.exp(low), Math.exp(high)],
    level: 1 - resolved.alpha,
    pValue: Math.min(1, Math.exp(-logEValue)),
    eValue: Math.exp(logEValue),
    logEValue,
  };
}

/**
 * The logarithm of the e-value of `rateRatioSequence` alone, without the interval: for a judge that looks at every
 * request. 0 where there is no success.
 *
 * @throws InvalidDataError for counts that cannot be
 * @throws InvalidOptionError
 */
export function rateRatioLogEValue(epochs: readonly RateEpoch[], options: RateRatioSequenceOptions = {}): number {
  const resolved = resolve(options);
  const mixture = toMixture(epochs, resolved);
  return mixture.epochs.length === 0 ? 0 : shareLogEValue(mixture, Math.log(resolved.nullValue));
}

const KNOWN = [...SEQUENCE_OPTIONS, 'concentration'];

interface ResolvedRateRatio extends ResolvedSequence {
  readonly concentration: number;
}

function resolve(options: RateRatioSequenceOptions): ResolvedRateRatio {
  const resolved = resolveSequence(options, 1, KNOWN);
  if (!(resolved.nullValue > 0))
    throw new InvalidOptionError('nullValue', resolved.nullValue, 'a ratio greater than 0');
  return { ...resolved, concentration: checkFinite('concentration', options.concentration ?? 100, { gt: 0 }) };
}

/** The half of the prior that looks for large deviations. */
const JEFFREYS = { a: 0.5, b: 0.5 };

function toMixture(epochs: readonly RateEpoch[], { concentration, alternative }: ResolvedRateRatio): ShareMixture {
  if (epochs.length === 0) throw new InvalidDataError('epochs', epochs, 'at least one epoch');
  const read: ShareEpoch[] = [];
  for (const [e, { first, second, share }] of epochs.entries()) {
    checkProportion(`epochs[${e}].first`, first);
    checkProportion(`epochs[${e}].second`, second);
    if (share !== undefined) checkProbability(`epochs[${e}].share`, share);
    const planned = share ?? first.trials / (first.trials + second.trials);
    // Without a plan, an epoch in which one sample had no trials compares nothing.
    if (planned > 0 && planned < 1) read.push({ first: first.successes, second: second.successes, share: planned });
  }
  return { epochs: read, priors: [JEFFREYS, { concentration }], alternative };
}
