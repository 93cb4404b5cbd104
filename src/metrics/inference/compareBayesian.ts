import { checkFinite } from '../../core/check.ts';
import { normalDecision } from '../../stats/bayes/normalDecision.ts';
import { normalPosterior } from '../../stats/bayes/normalPosterior.ts';
import { normalDistribution } from '../../stats/distributions/normalDistribution.ts';
import { compareFixed } from './compareFixed.ts';
import { comparePaired, type MetricPairs } from './comparePaired.ts';
import type { CompareOptions, MetricComparison, MetricStratum } from './MetricComparison.ts';
import { withoutError } from './toComparison.ts';

/** Options of {@link compareBayesian}. */
export interface BayesianCompareOptions extends CompareOptions {
  /**
   * What is believed of the relative improvement beforehand: normal around 0 with this standard deviation. Infinity
   * believes nothing. @defaultValue 0.1
   */
  readonly priorSd?: number;
}

/**
 * A candidate beside a reference as a belief: the chance that it is better, what choosing it would lose on average, and a
 * credible interval of the improvement, from a normal likelihood and a normal prior around no improvement. The p-value is
 * the chance of being wrong about the sign, twice for a two-sided question: a posterior probability under the prior, not
 * an error rate. Stopping when it is small errs more often than it says, as every repeated look does.
 *
 * @throws InvalidDataError without strata
 * @throws InvalidOptionError
 * @see Stucchio (2015), Bayesian A/B Testing at VWO; Deng, Lu & Chen (2016), Continuous monitoring of A/B tests without
 * pain, arXiv:1602.05549
 */
export function compareBayesian(
  strata: readonly MetricStratum[],
  { priorSd = 0.1, ...options }: BayesianCompareOptions = {},
): MetricComparison {
  return believe(compareFixed(strata, options), { priorSd, ...options });
}

/**
 * The same for both models on the same requests: the likelihood is that of the differences.
 *
 * @throws InvalidDataError for a metric that cannot be paired
 * @throws InvalidOptionError
 */
export function compareBayesianPairs(
  pairs: MetricPairs,
  { priorSd = 0.1, ...options }: BayesianCompareOptions = {},
): MetricComparison {
  return believe(comparePaired(pairs, { ...options, method: 'fixed' }), { priorSd, ...options });
}

/** What is believed after a comparison at one look. */
function believe(
  fixed: MetricComparison,
  { priorSd, ...options }: BayesianCompareOptions & { readonly priorSd: number },
): MetricComparison {
  if (priorSd !== Number.POSITIVE_INFINITY) checkFinite('priorSd', priorSd, { gt: 0 });
  const method = 'normal-posterior';
  if (fixed.status !== 'ok') return { ...fixed, method };
  if (fixed.standardError === undefined) return withoutError(fixed, method);
  const { alpha = 0.05, alternative = 'two-sided', threshold = { absolute: 0 } } = options;
  const reference = Math.abs(fixed.reference.value ?? 0);
  const sd = reference > 0 ? priorSd * reference : Number.POSITIVE_INFINITY;
  const belief = normalPosterior(fixed.estimate, fixed.standardError, { mean: 0, sd });
  const { interval, chanceToWin, expectedLossChooseTreatment } = normalDecision(belief, { level: 1 - alpha });
  const asked = 'absolute' in threshold ? threshold.absolute : threshold.relative * reference;
  const z = (belief.mean - asked) / belief.sd;
  const [above, below] = [normalDistribution.sf(-z), normalDistribution.sf(z)];
  const wrong = alternative === 'greater' ? below : alternative === 'less' ? above : 2 * Math.min(above, below);
  const { statistic: _, df: __, effectSize: ___, ...rest } = fixed;
  return {
    ...rest,
    method,
    estimate: belief.mean,
    standardError: belief.sd,
    interval,
    pValue: Math.min(1, wrong),
    chanceToWin,
    expectedLoss: expectedLossChooseTreatment,
    warnings: [...fixed.warnings, 'a belief, not an error rate: it does not hold a level under repeated looks'],
  };
}
