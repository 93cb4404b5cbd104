import { checkFinite, checkOptions, checkProbability, checkShares } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import { inconclusive } from '../inconclusive.ts';
import { logGamma } from '../special/logGamma.ts';
import type { Estimate, Inconclusive } from '../types.ts';
import { times } from './logBetaMixture.ts';
import type { ShareCounts } from './ShareCounts.ts';
import { likeliestLogMultiplier, logMultiplierInterval, shareLogEValue } from './shareMixture.ts';
import { groupMixture, groupsToTest, toleratedLogEValue } from './shareTolerance.ts';

/** Options of `multinomialEProcess`. */
export interface MultinomialEProcessOptions {
  /** The error probability over all looks together. @defaultValue 0.05 */
  readonly alpha?: number;
  /**
   * Pseudo-observations behind the Dirichlet prior, which is centred on the planned shares: more of them find small
   * deviations sooner in the long run, fewer find large ones sooner.
   * @defaultValue 100
   */
  readonly concentration?: number;
  /**
   * How much of its observations any one group may lack before the plan counts as broken, as a fraction within [0, 1). The
   * e-value then speaks against every deviation up to that one: what is too small to matter is never held against the
   * plan, however many observations there are. `estimate` and `interval` stay what they are.
   * @defaultValue 0
   */
  readonly tolerance?: number;
}

/** The result of `multinomialEProcess`. */
export interface MultinomialEstimate extends Estimate {
  /**
   * The index of the group that deviates most; of two groups always the second. `estimate` and `interval` are about its
   * odds in units of the planned odds: 1 is as planned, 1.08 is 52 % instead of 50 %.
   */
  readonly group: number;
}

/**
 * The Dirichlet-multinomial e-process against the null that observations fall into groups with the planned shares:
 * the check for sample ratio mismatch, valid at every look and under shares that change. Needs only the counts, so it
 * says the same whatever the order within an epoch, and merged counts conclude the same.
 *
 * For one epoch it is `ln B(k theta + c) - ln B(k theta) - sum c_i ln theta_i`, k the concentration. Into the next epoch
 * the prior carries the learned deviation of each group's odds from its plan: a group that loses a tenth of its
 * exposures does so at any share. The p-value speaks for all groups together; with more than two groups the interval
 * is widened for the choice among them.
 *
 * @param epochs in order of time; one where the shares never changed
 * @returns `inconclusive` where nothing was counted
 * @throws InvalidDataError for negative counts, or counts and shares of different lengths
 * @throws InvalidOptionError for shares that do not sum to one
 * @example
 * const srm = multinomialEProcess([{ counts: [10400, 9600], shares: [0.5, 0.5] }]);
 * srm.status === 'ok' && srm.pValue; // 0.0000017233220313076583
 * @see Lindon & Malek (2022), Anytime-valid inference for multinomial count data, NeurIPS, arXiv:2011.03567
 */
export function multinomialEProcess(
  epochs: readonly ShareCounts[],
  options: MultinomialEProcessOptions = {},
): MultinomialEstimate | Inconclusive {
  const method = 'multinomial-e-process';
  const { alpha, concentration, tolerance } = resolve(options);
  const n = totals(epochs);
  if (n.every((count) => count === 0)) return inconclusive(method, n, 'nothing was counted', 'anytime');
  const logEValue = logEvidence(epochs, concentration, tolerance);
  const deviation = farthestGroup(epochs, n, alpha, concentration);
  return {
    status: 'ok',
    method,
    validity: 'anytime',
    n,
    warnings: logEValue === Number.POSITIVE_INFINITY ? ['a group whose planned share was 0 has observations'] : [],
    ...deviation,
    level: 1 - alpha,
    pValue: Math.min(1, Math.exp(-logEValue)),
    eValue: Math.exp(logEValue),
    logEValue,
  };
}

/**
 * The logarithm of the e-value of `multinomialEProcess` alone, without the interval: for a judge that looks at every
 * request. 0 where nothing was counted.
 *
 * @throws InvalidDataError for negative counts, or counts and shares of different lengths
 * @throws InvalidOptionError for shares that do not sum to one
 * @example
 * multinomialLogEValue([{ counts: [0, 30], shares: [0.5, 0.5] }], { concentration: 1 }); // 18.517285309212923
 */
export function multinomialLogEValue(epochs: readonly ShareCounts[], options: MultinomialEProcessOptions = {}): number {
  const { concentration, tolerance } = resolve(options);
  totals(epochs);
  return logEvidence(epochs, concentration, tolerance);
}

function resolve(options: MultinomialEProcessOptions): Required<MultinomialEProcessOptions> {
  checkOptions('options', options, ['alpha', 'concentration', 'tolerance']);
  return {
    alpha: checkProbability('alpha', options.alpha ?? 0.05),
    concentration: checkFinite('concentration', options.concentration ?? 100, { gt: 0 }),
    tolerance: checkFinite('tolerance', options.tolerance ?? 0, { ge: 0, lt: 1 }),
  };
}

function logEvidence(epochs: readonly ShareCounts[], concentration: number, tolerance: number): number {
  const plain = logDirichletMixture(epochs, concentration);
  if (tolerance === 0 || plain === Number.POSITIVE_INFINITY) return plain;
  return toleratedLogEValue(epochs, concentration, tolerance);
}

function totals(epochs: readonly ShareCounts[]): number[] {
  const groups = epochs[0]?.counts.length ?? 0;
  if (groups < 2) throw new InvalidDataError('epochs', epochs, 'at least one epoch with two groups or more');
  const n: number[] = new Array(groups).fill(0);
  for (const [e, { counts, shares }] of epochs.entries()) {
    if (counts.length !== groups) {
      throw new InvalidDataError(`epochs[${e}].counts`, counts, `${groups} counts, as in the first epoch`);
    }
    if (shares.length !== groups) throw new InvalidOptionError(`epochs[${e}].shares`, shares, `${groups} shares`);
    checkShares(`epochs[${e}].shares`, shares);
    for (const [i, count] of counts.entries()) {
      if (!(Number.isFinite(count) && count >= 0)) {
        throw new InvalidDataError(`epochs[${e}].counts[${i}]`, count, 'a finite count at least 0');
      }
      n[i]! += count;
    }
  }
  return n;
}

/** The log e-value; infinite where a group has observations that its plan rules out. */
function logDirichletMixture(epochs: readonly ShareCounts[], concentration: number): number {
  let weight = concentration;
  const multipliers: number[] = epochs[0]!.shares.map(() => 1);
  let logEValue = 0;
  for (const { counts, shares } of epochs) {
    const scale = weight / shares.reduce((sum, share, i) => sum + share * multipliers[i]!, 0);
    let n = 0;
    for (const [i, share] of shares.entries()) {
      multipliers[i]! *= scale;
      const count = counts[i]!;
      if (share === 0 && count > 0) return Number.POSITIVE_INFINITY;
      if (share === 0) continue;
      const prior = share * multipliers[i]!;
      logEValue += logGamma(prior + count) - logGamma(prior) - times(count, Math.log(share));
      multipliers[i]! += count / share;
      n += count;
    }
    logEValue += logGamma(weight) - logGamma(weight + n);
    weight += n;
  }
  return logEValue;
}

/** One group against all the others, for the group with the most evidence. */
function farthestGroup(
  epochs: readonly ShareCounts[],
  n: readonly number[],
  alpha: number,
  concentration: number,
): Pick<MultinomialEstimate, 'estimate' | 'interval' | 'group'> {
  const groups = groupsToTest(n.length);
  const candidates = groups.map((group) => {
    const mixture = groupMixture(epochs, group, concentration);
    return { group, mixture, evidence: mixture.epochs.length > 0 ? shareLogEValue(mixture, 0) : 0 };
  });
  const { group, mixture } = candidates.reduce((best, next) => (next.evidence > best.evidence ? next : best));
  const estimate = likeliestLogMultiplier(mixture.epochs);
  if (Number.isNaN(estimate)) return { group, estimate: Number.POSITIVE_INFINITY, interval: [0, Infinity] };
  const [low, high] = logMultiplierInterval(mixture, alpha / groups.length, estimate);
  return { group, estimate: Math.exp(estimate), interval: [Math.exp(low), Math.exp(high)] };
}
