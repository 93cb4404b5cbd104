import { checkFinite, checkOptions } from '../../core/check.ts';
import { InvalidOptionError } from '../../core/errors.ts';
import { checkProportion } from '../checkProportion.ts';
import { inconclusive } from '../inconclusive.ts';
import type { EstimateResult, Interval, Proportion } from '../types.ts';
import { fromLogOdds, logCrossing, logOdds } from './crossing.ts';
import { type BetaPrior, logBetaMixture } from './logBetaMixture.ts';
import { type ResolvedSequence, resolveSequence, SEQUENCE_OPTIONS, type SequenceOptions } from './SequenceOptions.ts';

/** Options of `betaMixtureEProcess`. `nullValue` is the limit of the rate. */
export interface BetaMixtureEProcessOptions extends SequenceOptions {
  /**
   * The limit that the rate is held against: within [0, 1), for `less` within (0, 1].
   * @defaultValue 0.5
   */
  readonly nullValue?: number;
  /**
   * The beta prior over the rate; one-sided alternatives cut it off at the limit.
   * @defaultValue { a: 1, b: 1 }, uniform
   */
  readonly prior?: BetaPrior;
}

/**
 * One rate against a fixed limit, exact at every look from the first trial on: the e-process mixes the likelihood ratio
 * over a beta prior, which `alternative: 'greater'` (the rate exceeds the limit) restricts to rates above it and `less`
 * to rates below. The interval holds every limit that the evidence does not speak against: two-sided it is Robbins'
 * confidence sequence of a rate. Needs only the counts.
 *
 * @returns `inconclusive` without trials
 * @throws InvalidDataError for counts that cannot be
 * @throws InvalidOptionError
 * @example
 * const errors = { successes: 5, trials: 100 };
 * const result = betaMixtureEProcess(errors, { nullValue: 0.01, alternative: 'greater' });
 * result.status === 'ok' && result.logEValue; // 1.23817404188493
 * @see Robbins (1970), Ann. Math. Statist. 41(5), doi:10.1214/aoms/1177696786; Howard et al. (2021),
 * Ann. Statist. 49(2), section 3.2, doi:10.1214/20-AOS1991
 */
export function betaMixtureEProcess(proportion: Proportion, options: BetaMixtureEProcessOptions = {}): EstimateResult {
  const method = 'beta-mixture-e-process';
  const { alpha, alternative, nullValue, prior } = resolve(options);
  const { successes, trials } = checkProportion('proportion', proportion);
  if (trials === 0) return inconclusive(method, [trials], 'there are no trials yet', 'anytime');
  const logEValueAt = (share: number, rest: number): number =>
    logBetaMixture(successes, trials - successes, share, rest, prior, alternative);
  const excess = (x: number): number => logEValueAt(fromLogOdds(x), fromLogOdds(-x)) + Math.log(alpha);
  const logEValue = logEValueAt(nullValue, 1 - nullValue);
  const rate = successes / trials;
  const interval: Interval = [
    alternative === 'less' || successes === 0 ? 0 : fromLogOdds(end(excess, rate, -1)),
    alternative === 'greater' || successes === trials ? 1 : fromLogOdds(end(excess, rate, 1)),
  ];
  return {
    status: 'ok',
    method,
    validity: 'anytime',
    n: [trials],
    warnings: [],
    estimate: rate,
    interval: [Math.min(rate, interval[0]), Math.max(rate, interval[1])],
    level: 1 - alpha,
    pValue: Math.min(1, Math.exp(-logEValue)),
    eValue: Math.exp(logEValue),
    logEValue,
  };
}

/**
 * The logarithm of the e-value of `betaMixtureEProcess` alone, without the interval: for a judge that looks at every
 * request. 0 where there are no trials.
 *
 * @throws InvalidDataError for counts that cannot be
 * @throws InvalidOptionError
 * @example
 * betaMixtureLogEValue({ successes: 2, trials: 2 }, { nullValue: 0.01, alternative: 'greater' }); // 8.121777419161074
 */
export function betaMixtureLogEValue(proportion: Proportion, options: BetaMixtureEProcessOptions = {}): number {
  const { alternative, nullValue, prior } = resolve(options);
  const { successes, trials } = checkProportion('proportion', proportion);
  return logBetaMixture(successes, trials - successes, nullValue, 1 - nullValue, prior, alternative);
}

const KNOWN = [...SEQUENCE_OPTIONS, 'prior'];
const UNIFORM = { a: 1, b: 1 };

function resolve(options: BetaMixtureEProcessOptions): ResolvedSequence & { readonly prior: BetaPrior } {
  const resolved = resolveSequence(options, 0.5, KNOWN);
  const { alternative, nullValue } = resolved;
  checkFinite('nullValue', nullValue, { ge: 0, le: 1 });
  const edge = alternative === 'greater' ? 1 : 0;
  if (alternative !== 'two-sided' && nullValue === edge) {
    throw new InvalidOptionError('nullValue', nullValue, `a limit that a rate can be ${alternative} than`);
  }
  const prior = options.prior ?? UNIFORM;
  checkOptions('prior', prior, ['a', 'b']);
  checkFinite('prior.a', prior.a, { gt: 0 });
  checkFinite('prior.b', prior.b, { gt: 0 });
  return { alpha: resolved.alpha, alternative, nullValue, prior };
}

/** The end of the interval as log odds, from the rate or, at the edge of the range, from just inside it. */
function end(excess: (x: number) => number, rate: number, direction: -1 | 1): number {
  let x = rate === 0 || rate === 1 ? -direction : logOdds(rate);
  while (excess(x) >= 0 && Math.abs(x) < 700) x -= direction * Math.max(1, Math.abs(x));
  return logCrossing(excess, x, direction);
}
