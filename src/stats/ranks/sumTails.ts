import type { Alternative } from '../types.ts';
import type { SumDistribution } from './rankSumDistribution.ts';

/** The p-value of an observed sum: a large sum speaks for `greater`. Two-sided: twice the smaller tail, at most 1. */
export function sumPValue({ from, probabilities }: SumDistribution, sum: number, alternative: Alternative): number {
  const at = Math.round(sum - from);
  let lower = 0;
  let upper = 0;
  for (let i = 0; i <= at; i += 1) lower += probabilities[i]!;
  for (let i = probabilities.length - 1; i >= at; i -= 1) upper += probabilities[i]!;
  if (alternative === 'two-sided') return Math.min(1, 2 * Math.min(lower, upper));
  return Math.min(1, alternative === 'less' ? lower : upper);
}

/** The smallest sum, counted from the smallest possible one, whose lower tail is at least p. */
export function sumQuantile({ probabilities }: SumDistribution, p: number): number {
  let lower = 0;
  for (let i = 0; i < probabilities.length; i += 1) {
    lower += probabilities[i]!;
    // The tolerance keeps a tail that is p up to rounding.
    if (lower >= p * (1 - 1e-12)) return i;
  }
  return probabilities.length - 1;
}
