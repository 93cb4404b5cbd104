import { normalisePair } from './normalise.ts';

/**
 * The total variation distance, ½ Σ |p - q|, within [0, 1]: the share of the traffic that would have to move to
 * another bin.
 *
 * @param p weights of the bins, for example counts; they are normalised to sum to one
 * @param q weights of the same bins
 * @throws InvalidDataError if a weight is negative or not finite, all are 0, or the numbers of bins differ
 * @example
 * totalVariation([3, 1], [1, 3]); // 0.5
 */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [a, b] = normalisePair(p, q);
  return Math.min(1, a.reduce((sum, weight, i) => sum + Math.abs(weight - b[i]!), 0) / 2);
}
