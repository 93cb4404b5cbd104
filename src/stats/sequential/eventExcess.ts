import { checkFinite, checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import { averageEValues } from './eValues.ts';

/** Rare events of two samples while the planned shares stood. */
export interface EventEpoch {
  /** Events of the first sample, each at most once for whatever is independent (a user, a request). */
  readonly first: number;
  /** Events of the second. */
  readonly second: number;
  /** The planned share of the first sample among the two, above 0 and below 1; of pairs, 0.5. */
  readonly share: number;
  /** Trials of the second sample without an event; of pairs, those without a difference. Only read with an `allowance`. @defaultValue 0 */
  readonly quiet?: number;
}

/** Options of `eventExcessLogEValue`. */
export interface EventExcessOptions {
  /** How many times as often the first sample may have an event as the second. Above 0. @defaultValue 1 */
  readonly nullValue?: number;
  /** How much likelier still, as a probability within [0, 1). @defaultValue 0 */
  readonly allowance?: number;
}

/** Alternatives that are bet on in equal parts: how many times more events than the null allows. Infinity: all of them. */
const EXCESSES = [1.5, 2.5, 5, 20, Number.POSITIVE_INFINITY] as const;

/**
 * The logarithm of an e-value against "the first sample's events are at most `nullValue` times as likely as the second's,
 * and `allowance` more": the null is `p1 <= nullValue (p2 + allowance (1 - p2))`. Valid from the first event on, at every
 * look, also where the common rate changes over time; from counts alone, so that processes add. An event of the first
 * sample multiplies the stake by `r / (s r + 1 - s)`, one of the second by `1 / (s r + 1 - s)`, where `s` is the share
 * that the null gives to the first, and a trial of the second without an event by what the allowance makes it cost on
 * average. The e-value is the mean over several excesses `r`, the infinite one for a second sample that has no events.
 *
 * @returns 0 where nothing was counted
 * @throws InvalidDataError for negative counts, or a share that is not between 0 and 1
 * @throws InvalidOptionError
 * @example
 * eventExcessLogEValue([{ first: 13, second: 0, share: 0.5 }]); // 7.8...: 13 failures beside none
 * @see Lindon & Malek (2022), Anytime-valid inference for multinomial count data, NeurIPS, arXiv:2011.03567; Ramdas,
 * Grünwald, Vovk & Shafer (2023), Statist. Sci. 38(4), doi:10.1214/23-STS894
 */
export function eventExcessLogEValue(epochs: readonly EventEpoch[], options: EventExcessOptions = {}): number {
  checkOptions('options', options, ['nullValue', 'allowance']);
  const nullValue = checkFinite('nullValue', options.nullValue ?? 1, { gt: 0 });
  const allowance = checkFinite('allowance', options.allowance ?? 0, { ge: 0, lt: 1 });
  for (const [e, { first, second, share, quiet = 0 }] of epochs.entries()) {
    for (const [name, count] of Object.entries({ first, second, quiet })) {
      if (!(Number.isFinite(count) && count >= 0)) {
        throw new InvalidDataError(`epochs[${e}].${name}`, count, 'a finite count at least 0');
      }
    }
    checkProbability(`epochs[${e}].share`, share);
  }
  return averageEValues(EXCESSES.map((excess) => logStake(epochs, excess, nullValue, allowance)));
}

/** The stake of one bet. */
function logStake(epochs: readonly EventEpoch[], excess: number, nullValue: number, allowance: number): number {
  let log = 0;
  for (const { first, second, share, quiet = 0 } of epochs) {
    const odds = (nullValue * share) / (1 - share);
    const underNull = odds / (1 + odds);
    const onSecond = 1 / (underNull * excess + 1 - underNull);
    const onFirst = excess === Number.POSITIVE_INFINITY ? 1 / underNull : excess * onSecond;
    log += times(first, Math.log(onFirst)) + times(second, Math.log(onSecond));
    log += times(quiet, Math.log1p(-allowance * (1 - onSecond)));
  }
  return log;
}

/** 0 times the logarithm of 0 is 0. */
function times(count: number, log: number): number {
  return count === 0 ? 0 : count * log;
}
