import { type DivergenceOptions, logarithmOfBase } from './klDivergence.ts';
import { normalisePair } from './normalise.ts';
import { relativeEntropyTerm } from './relativeEntropyTerm.ts';

/**
 * The Jensen–Shannon divergence: the mean divergence of `p` and of `q` from their midpoint. Symmetric and always
 * finite; 0 where the two agree, 1 (in bits; ln 2 in nats) where they have no bin in common.
 *
 * @param p weights of the bins, for example counts; they are normalised to sum to one
 * @param q weights of the same bins
 * @throws InvalidDataError if a weight is negative or not finite, all are 0, or the numbers of bins differ
 * @throws InvalidOptionError if the base is not greater than 1
 * @example
 * jensenShannonDivergence([1, 1, 0], [0, 1, 1]); // 0.5
 * @see Lin (1991), IEEE Trans. Inf. Theory 37(1), doi:10.1109/18.61115
 */
export function jensenShannonDivergence(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  options: DivergenceOptions = {},
): number {
  const unit = logarithmOfBase(options);
  const [a, b] = normalisePair(p, q);
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) {
    const middle = (a[i]! + b[i]!) / 2;
    sum += relativeEntropyTerm(a[i]!, middle) + relativeEntropyTerm(b[i]!, middle);
  }
  return Math.min(sum / 2, Math.LN2) / unit;
}
