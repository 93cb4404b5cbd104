import type { Alternative } from '../types.ts';
import { fromLogOdds, logCrossing } from './crossing.ts';
import { type BetaPrior, logBetaMixture } from './logBetaMixture.ts';

/** How often something fell to the first of two groups while the first's planned share was `share`. @internal */
export interface ShareEpoch {
  readonly first: number;
  readonly second: number;
  /** Strictly between 0 and 1. */
  readonly share: number;
}

/**
 * A beta prior over the first group's share in the first epoch: one that stands wherever the null is, or one that is
 * centred on each null in turn with that many pseudo-observations.
 * @internal
 */
export type SharePrior = BetaPrior | { readonly concentration: number };

/**
 * The mixture over the odds multiplier of the first group: its true odds are `multiplier` times the planned ones.
 * Into the next epoch each prior carries over what was learned of the multiplier, so that a change of shares neither
 * costs evidence nor looks like a deviation. Several priors have equal weights.
 * @internal
 */
export interface ShareMixture {
  readonly epochs: readonly ShareEpoch[];
  readonly priors: readonly SharePrior[];
  readonly alternative: Alternative;
}

/** The log odds of the first group at a multiplier given by its logarithm. */
function logOddsAt(share: number, logMultiplier: number): number {
  return Math.log(share) - Math.log1p(-share) + logMultiplier;
}

const SMALLEST = 1e-300;

/** The log e-value under the null that the multiplier has this logarithm, with one prior. */
function onePrior({ epochs, alternative }: ShareMixture, prior: SharePrior, logMultiplier: number): number {
  const fixed = 'a' in prior;
  let weight = fixed ? prior.a + prior.b : prior.concentration;
  let learned = fixed ? Math.log(prior.a) - Math.log(prior.b) - logOddsAt(epochs[0]!.share, 0) : logMultiplier;
  let logEValue = 0;
  for (const { first, second, share } of epochs) {
    const odds = logOddsAt(share, learned);
    const a = Math.max(SMALLEST, weight * fromLogOdds(odds));
    const b = Math.max(SMALLEST, weight * fromLogOdds(-odds));
    const underNull = logOddsAt(share, logMultiplier);
    logEValue += logBetaMixture(first, second, fromLogOdds(underNull), fromLogOdds(-underNull), { a, b }, alternative);
    weight += first + second;
    learned = Math.log(a + first) - Math.log(b + second) - logOddsAt(share, 0);
  }
  return logEValue;
}

/** The log e-value under the null that the multiplier has this logarithm. @internal */
export function shareLogEValue(mixture: ShareMixture, logMultiplier: number): number {
  const { priors } = mixture;
  const each = priors.map((prior) => onePrior(mixture, prior, logMultiplier));
  const largest = Math.max(...each);
  if (priors.length === 1 || !Number.isFinite(largest)) return largest;
  return largest + Math.log(each.reduce((sum, one) => sum + Math.exp(one - largest), 0) / priors.length);
}

/** The logarithm of the likeliest multiplier: infinite where one group got nothing, NaN where both did. @internal */
export function likeliestLogMultiplier(epochs: readonly ShareEpoch[]): number {
  let first = 0;
  let second = 0;
  for (const epoch of epochs) {
    first += epoch.first;
    second += epoch.second;
  }
  const logRatio = Math.log(first) - Math.log(second);
  if (!Number.isFinite(logRatio)) return logRatio;
  if (epochs.length === 1) return logRatio - logOddsAt(epochs[0]!.share, 0);
  // The score falls in the multiplier: expected minus observed counts of the first group.
  const excess = (x: number): number => {
    let expected = 0;
    for (const { first: f, second: s, share } of epochs) expected += (f + s) * fromLogOdds(logOddsAt(share, x));
    return expected - first;
  };
  return excess(0) < 0 ? logCrossing(excess, 0, 1) : logCrossing((x) => -excess(x), 0, -1);
}

/** The multipliers whose e-value stays below 1 / alpha, as logarithms. @internal */
export function logMultiplierInterval(mixture: ShareMixture, alpha: number, estimate: number): [number, number] {
  const { alternative } = mixture;
  const excess = (x: number): number => shareLogEValue(mixture, x) + Math.log(alpha);
  const end = (direction: -1 | 1): number => {
    if (estimate === direction * Number.POSITIVE_INFINITY) return estimate;
    return logCrossing(excess, Number.isFinite(estimate) ? estimate : accepted(excess, estimate), direction);
  };
  return [
    alternative === 'less' ? Number.NEGATIVE_INFINITY : end(-1),
    alternative === 'greater' ? Number.POSITIVE_INFINITY : end(1),
  ];
}

/** A point that the sequence does not exclude, where the likeliest multiplier is 0 or infinite. */
function accepted(excess: (x: number) => number, estimate: number): number {
  let x = Math.sign(estimate);
  while (excess(x) >= 0) x *= 2;
  return x;
}
