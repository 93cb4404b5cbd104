import { jensenShannonDivergence } from './jensenShannonDivergence.ts';
import type { DivergenceOptions } from './klDivergence.ts';

/**
 * The Jensen–Shannon distance: the square root of {@link jensenShannonDivergence}, which is a metric. Within [0, 1]
 * in the default base 2. (SciPy's `jensenshannon` is this one, in base e.)
 *
 * @param p weights of the bins, for example counts; they are normalised to sum to one
 * @param q weights of the same bins
 * @throws InvalidDataError if a weight is negative or not finite, all are 0, or the numbers of bins differ
 * @throws InvalidOptionError if the base is not greater than 1
 * @example
 * jensenShannonDistance([1, 1, 0], [0, 1, 1]); // 0.7071067811865476
 * @see Endres & Schindelin (2003), IEEE Trans. Inf. Theory 49(7), doi:10.1109/TIT.2003.813506
 */
export function jensenShannonDistance(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: DivergenceOptions = {},
): number {
  return Math.sqrt(jensenShannonDivergence(p, q, options));
}
