import { normalisePair } from './normalise.ts';

/**
 * The Hellinger distance of two distributions, √(½ Σ (√p - √q)²), within [0, 1].
 *
 * @param p weights of the bins, for example counts; they are normalised to sum to one
 * @param q weights of the same bins
 * @throws InvalidDataError if a weight is negative or not finite, all are 0, or the numbers of bins differ
 * @see Le Cam & Yang (2000), Asymptotics in Statistics, 2nd ed., section 3.3
 */
export function hellingerDistance(p: ArrayLike<number>, q: ArrayLike<number>): number {
  const [a, b] = normalisePair(p, q);
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) {
    // √p - √q by way of p - q, which loses no digits where the two are close.
    const roots = Math.sqrt(a[i]!) + Math.sqrt(b[i]!);
    const difference = roots === 0 ? 0 : (a[i]! - b[i]!) / roots;
    sum += difference * difference;
  }
  return Math.min(1, Math.sqrt(sum / 2));
}
