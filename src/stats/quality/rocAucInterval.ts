import { normalDistribution } from '../distributions/normalDistribution.ts';
import { inconclusive } from '../inconclusive.ts';
import { boundsFor, type IntervalOptions, resolveIntervalOptions } from '../intervals/IntervalOptions.ts';
import { intervalEstimate } from '../intervals/intervalEstimate.ts';
import type { IntervalResult } from '../types.ts';
import { aucScoreBounds } from './aucScoreBounds.ts';
import { checkScored } from './binaryLabels.ts';
import type { BinaryLabel } from './ConfusionTable.ts';
import { delongComponents, delongVariance } from './delongComponents.ts';
import { classSizes } from './rocAuc.ts';

/**
 * The interval of the area under the ROC curve: DeLong's variance on the logit scale, which keeps it within (0, 1).
 * Where that variance is 0 (perfect ranking, or none at all) Newcombe's score-type bounds take its place, with a
 * warning.
 *
 * @returns inconclusive below two observations of a class; `n` is [positives, negatives]
 * @throws InvalidDataError for a score that is not finite, a label that is none, or lengths that differ
 * @throws InvalidOptionError
 * @see DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44(3), doi:10.2307/2531595; logit scale: Pepe (2003), The
 * Statistical Evaluation of Medical Tests, section 5.2
 */
export function rocAucInterval(
  scores: ArrayLike<number>,
  labels: ArrayLike<BinaryLabel>,
  options: IntervalOptions = {},
): IntervalResult {
  const { level, alternative, tail } = resolveIntervalOptions(options);
  checkScored(scores, labels);
  const n = classSizes(labels);
  if (n[0] < 2 || n[1] < 2) return inconclusive('delong-logit', n, 'each class needs at least 2 observations');
  const components = delongComponents(scores, labels);
  const { auc } = components;
  const z = normalDistribution.isf(tail);
  const standardError = Math.sqrt(delongVariance(components));
  // At an area of 0 or 1 all placements are equal, and it is exactly 0.
  if (standardError === 0) {
    const bounds = boundsFor(alternative, ...aucScoreBounds(auc, ...n, z), [0, 1]);
    return intervalEstimate('newcombe-score', n, level, auc, bounds, {
      warnings: ["DeLong's variance is 0: the interval is Newcombe's"],
    });
  }
  const logit = Math.log(auc / (1 - auc));
  const half = (z * standardError) / (auc * (1 - auc));
  const bounds = boundsFor(alternative, logistic(logit - half), logistic(logit + half), [0, 1]);
  return intervalEstimate('delong-logit', n, level, auc, bounds, { standardError });
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
