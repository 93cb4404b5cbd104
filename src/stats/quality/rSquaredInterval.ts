import { checkPairs } from '../checkSample.ts';
import { studentTDistribution } from '../distributions/studentTDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from '../intervals/IntervalOptions.ts';
import { intervalEstimate } from '../intervals/intervalEstimate.ts';
import { Moments } from '../summaries/Moments.ts';
import type { IntervalResult } from '../types.ts';
import { meanOf } from './meanOf.ts';
import { sumOfSquares } from './regressionScores.ts';

/**
 * The interval of R² of given predictions: 1 - R² is a ratio of two means over the same observations, (squared errors)
 * over (squared deviations of the target), whose logarithm has a variance by the delta method. It holds for models
 * trained elsewhere, not for the sample that the model was fitted to. Right in the limit (docs/accuracy.md).
 *
 * @param actual the truth
 * @param predicted the predictions, in the same order
 * @returns inconclusive below three pairs, where the target does not vary, where every prediction is exact, and where squares overflow.
 * `standardError` is that of the logarithm of 1 - R².
 * @throws InvalidDataError for a value that is not finite or lengths that differ
 * @throws InvalidOptionError
 * @see van der Vaart (1998), Asymptotic Statistics, section 3.1
 */
export function rSquaredInterval(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  options: IntervalOptions = {},
): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  checkPairs('actual', actual, 'predicted', predicted);
  const n = actual.length;
  if (n < 3) return inconclusive('log-r-squared', [n], `${n} of at least 3 pairs`);
  const spread = sumOfSquares(actual) / n;
  const errors = Float64Array.from(predicted, (value, i) => (value - actual[i]!) ** 2);
  const miss = meanOf(errors)!;
  if (!(spread > 0)) return inconclusive('log-r-squared', [n], 'the target does not vary');
  if (!(miss > 0)) return inconclusive('log-r-squared', [n], 'every prediction is exact');
  if (!(miss < Number.POSITIVE_INFINITY && spread < Number.POSITIVE_INFINITY)) {
    return inconclusive('log-r-squared', [n], 'the squares of these values overflow');
  }
  const first = actual[0]!;
  const centre = meanOf(Float64Array.from(actual, (value) => value - first))!;
  // Each observation's share in the logarithm of the ratio, by the delta method.
  const influence = new Moments().pushAll(
    errors.map((error, i) => error / miss - (actual[i]! - first - centre) ** 2 / spread),
  );
  const standardError = influence.standardError;
  const factor = Math.exp(studentTDistribution.isf(tail, n - 1) * standardError);
  const ratio = miss / spread;
  const bounds = boundsFor(alternative, 1 - ratio * factor, 1 - ratio / factor, [Number.NEGATIVE_INFINITY, 1]);
  return intervalEstimate('log-r-squared', [n], level, 1 - ratio, bounds, { standardError });
}
