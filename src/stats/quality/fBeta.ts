import { checkFinite } from '../../core/check.ts';
import { type ConfusionCounts, checkConfusion } from './ConfusionCounts.ts';

/**
 * The F score: the weighted harmonic mean of precision and recall, in which recall weighs `beta` times as much.
 *
 * @param beta 1 for F1, 2 where a miss is worse than a false alarm, 0.5 the other way round. Greater than 0.
 * @returns `undefined` where nothing is positive, neither predicted nor actual
 * @throws InvalidDataError for counts that are negative or not finite
 * @throws InvalidOptionError if beta is not a finite number greater than 0
 * @example
 * fBeta({ truePositives: 3, falsePositives: 1, trueNegatives: 5, falseNegatives: 1 }, 2); // 0.75
 * @see van Rijsbergen (1979), Information Retrieval, 2nd ed., chapter 7
 */
export function fBeta(counts: ConfusionCounts, beta: number): number | undefined {
  const { truePositives, falsePositives, falseNegatives } = checkConfusion(counts);
  const square = checkFinite('beta', beta, { gt: 0 }) ** 2;
  const denominator = (1 + square) * truePositives + square * falseNegatives + falsePositives;
  return denominator > 0 ? ((1 + square) * truePositives) / denominator : undefined;
}
