import { checkFinite, checkOptions, checkProbability } from '../../core/check.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import type { Interval } from '../types.ts';
import { normalLoss } from './normalLoss.ts';
import type { NormalBelief } from './normalPosterior.ts';

/** Options of {@link normalDecision}. */
export interface NormalDecisionOptions {
  /**
   * The probability that the equal-tailed credible interval holds.
   * @defaultValue 0.95
   */
  readonly level?: number;
}

/** What a belief about a difference (treatment minus control) says about choosing. */
export interface NormalDecision extends NormalBelief {
  readonly interval: Interval;
  readonly level: number;
  /** The probability that the difference is positive: the treatment's chance to win. */
  readonly chanceToWin: number;
  /** What choosing the treatment is expected to lose, E max(-difference, 0), in the unit of the difference. */
  readonly expectedLossChooseTreatment: number;
  /** What choosing the control is expected to lose, E max(difference, 0). */
  readonly expectedLossChooseControl: number;
}

/**
 * Chance to win and expected losses of a normal belief about a difference, in closed form. Of two independent beliefs
 * about means, the difference has the difference of the means and the root of the summed squares of the deviations:
 * see {@link normalDifference}.
 *
 * @throws InvalidOptionError
 * @example
 * normalDecision(normalPosterior(0.02, 0.01, { mean: 0, sd: 0.05 })).chanceToWin; // 0.97506...
 * @see Stucchio (2015), Bayesian A/B Testing at VWO; the loss is Raiffa & Schlaifer's unit normal loss integral (1961)
 */
export function normalDecision(difference: NormalBelief, options: NormalDecisionOptions = {}): NormalDecision {
  checkOptions('options', options, ['level']);
  const level = checkProbability('level', options.level ?? 0.95);
  const mean = checkFinite('difference.mean', difference.mean);
  const sd = checkFinite('difference.sd', difference.sd, { gt: 0 });
  const half = normalDistribution.isf((1 - level) / 2) * sd;
  return {
    mean,
    sd,
    interval: [mean - half, mean + half],
    level,
    chanceToWin: normalDistribution.cdf(mean / sd),
    expectedLossChooseTreatment: normalLoss(mean, sd),
    expectedLossChooseControl: normalLoss(-mean, sd),
  };
}
