import { checkFinite } from '../../core/check.ts';
import { normalDistribution } from '../distributions/normalDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from '../intervals/IntervalOptions.ts';
import { intervalEstimate } from '../intervals/intervalEstimate.ts';
import type { IntervalResult } from '../types.ts';
import { type ConfusionCounts, checkConfusion } from './ConfusionCounts.ts';

/**
 * The interval of an F score: the delta method for the logit of F, whose variance is
 * 1 / TP + (β⁴ FN + FP) / (β² FN + FP)² where the four counts are those of independent predictions.
 *
 * @param beta 1 for F1; see `fBeta`. Greater than 0.
 * @returns inconclusive where F is 0, 1 or undefined: the logit has no variance there. `standardError` is that of the
 * logit.
 * @throws InvalidDataError for counts that are negative or not finite
 * @throws InvalidOptionError
 * @example
 * const counts = { truePositives: 61, falsePositives: 18, trueNegatives: 140, falseNegatives: 6 };
 * fBetaInterval(counts, 1); // estimate 0.83561..., interval [0.76018..., 0.89073...]
 * @see van der Vaart (1998), Asymptotic Statistics, section 3.1; intervals of F scores: Takahashi, Yamamoto, Kuchiba & Koyama (2022),
 * Appl. Intell. 52, doi:10.1007/s10489-021-02635-5
 */
export function fBetaInterval(counts: ConfusionCounts, beta: number, options: IntervalOptions = {}): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = checkConfusion(counts);
  const square = checkFinite('beta', beta, { gt: 0 }) ** 2;
  const n = [truePositives + falsePositives + trueNegatives + falseNegatives];
  const wrong = square * falseNegatives + falsePositives;
  if (truePositives === 0 || wrong === 0) return inconclusive('f-beta-logit', n, 'the score is 0, 1 or undefined');
  const right = (1 + square) * truePositives;
  const standardError = Math.sqrt(
    1 / truePositives + (square * square * falseNegatives + falsePositives) / (wrong * wrong),
  );
  const factor = Math.exp(normalDistribution.isf(tail) * standardError);
  const bounds = boundsFor(alternative, right / (right + wrong * factor), right / (right + wrong / factor), [0, 1]);
  return intervalEstimate('f-beta-logit', n, level, right / (right + wrong), bounds, { standardError });
}
