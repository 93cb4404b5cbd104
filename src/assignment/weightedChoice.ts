import { checkShares } from '../core/check.ts';
import type { Rng } from '../random/Rng.ts';

/**
 * Draws an index with the given probabilities, by inversion of their cumulative sum: index 0 (the champion) has the low
 * end, `draw < shares[0]`, the others follow in order. Takes exactly one number from the generator. An index of share 0
 * is never drawn, and one of share 1 always.
 *
 * @param shares probabilities that sum to 1
 * @throws InvalidOptionError for shares outside [0, 1], or that do not sum to 1 (within 1e-9)
 */
export function weightedChoice(rng: Rng, shares: readonly number[]): number {
  const draw = rng.next();
  let sum = 0;
  let chosen = -1;
  let last = 0;
  for (let i = 0; i < shares.length; i += 1) {
    const share = shares[i]!;
    if (!(share >= 0)) checkShares('shares', shares);
    sum += share;
    if (share > 0) last = i;
    if (chosen < 0 && draw < sum) chosen = i;
  }
  if (!(Math.abs(sum - 1) <= 1e-9)) checkShares('shares', shares);
  // Rounding can leave the sum a little below a draw close to 1.
  return chosen < 0 ? last : chosen;
}
