import { checkOptions, checkProbability } from '../../core/check.ts';
import { checkProportion } from '../checkProportion.ts';
import { betaDistribution } from '../distributions/betaDistribution.ts';
import type { Interval, Proportion } from '../types.ts';
import type { BetaShapes } from './betaLogits.ts';
import { expectedBetaLoss } from './expectedBetaLoss.ts';
import { checkShapes, probabilityBest } from './probabilityBest.ts';

/** Options of {@link betaBinomial}. */
export interface BetaBinomialOptions {
  /**
   * The beta distribution of each rate before the data: `a` imagined successes and `b` imagined failures, at least 0.1
   * each.
   * @defaultValue \{ a: 1, b: 1 \}, every rate alike
   */
  readonly prior?: BetaShapes;
  /**
   * The probability that the equal-tailed credible intervals hold.
   * @defaultValue 0.95
   */
  readonly level?: number;
}

/** What is known of a rate after the data. */
export interface BetaPosterior extends BetaShapes {
  readonly mean: number;
  readonly variance: number;
  /** Equal-tailed credible interval. */
  readonly interval: Interval;
}

/** Two rates compared the Bayesian way. */
export interface BetaBinomialComparison {
  readonly a: BetaPosterior;
  readonly b: BetaPosterior;
  readonly level: number;
  /** The posterior probability that the rate of b exceeds that of a. */
  readonly probabilityBBeatsA: number;
  /** The expected rate lost by choosing a: E max(b - a, 0). */
  readonly expectedLossChooseA: number;
  /** The expected rate lost by choosing b: E max(a - b, 0). */
  readonly expectedLossChooseB: number;
  /** E(b / a) - 1; `undefined` where that is infinite (the posterior of a has a first shape of at most 1). */
  readonly expectedRelativeUplift: number | undefined;
}

function posteriorOf({ successes, trials }: Proportion, prior: BetaShapes, level: number): BetaPosterior {
  const [a, b] = [prior.a + successes, prior.b + (trials - successes)];
  const n = a + b;
  const tail = (1 - level) / 2;
  return {
    a,
    b,
    mean: a / n,
    variance: ((a / n) * (b / n)) / (n + 1),
    interval: [betaDistribution.quantile(tail, a, b), betaDistribution.isf(tail, a, b)],
  };
}

/**
 * Two conversion rates compared by their beta posteriors: how probable it is that b is better, and what either choice
 * is expected to lose. By quadrature, to about 12 digits, for whole and broken priors alike. Not protected against
 * peeking: stopping at a probability of 95 % is not a test at 5 %.
 *
 * @throws InvalidDataError for counts that no proportion can have
 * @throws InvalidOptionError
 * @example
 * const result = betaBinomial({ successes: 44, trials: 922 }, { successes: 73, trials: 964 });
 * result.probabilityBBeatsA; // 0.9941325856003126
 * @see Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 2.4; expected loss: Stucchio (2015), Bayesian A/B
 * Testing at VWO
 */
export function betaBinomial(a: Proportion, b: Proportion, options: BetaBinomialOptions = {}): BetaBinomialComparison {
  checkOptions('options', options, ['prior', 'level']);
  const { prior = { a: 1, b: 1 }, level = 0.95 } = options;
  checkShapes('prior', prior);
  checkProbability('level', level);
  const first = posteriorOf(checkProportion('a', a), prior, level);
  const second = posteriorOf(checkProportion('b', b), prior, level);
  return {
    a: first,
    b: second,
    level,
    probabilityBBeatsA: probabilityBest([first, second])[1]!,
    expectedLossChooseA: expectedBetaLoss(first, second),
    expectedLossChooseB: expectedBetaLoss(second, first),
    expectedRelativeUplift: first.a > 1 ? (second.mean * (first.a + first.b - 1)) / (first.a - 1) - 1 : undefined,
  };
}
