import { ascending } from '../ascending.ts';
import { midranks } from '../midranks.ts';
import { compareRanks } from '../ranks/compareRanks.ts';

/** What the ranks of the sizes of differences say. */
export interface SignedRanks {
  readonly positives: number;
  readonly negatives: number;
  readonly zeros: number;
  /** W+ and W-, the sums of the ranks by sign. */
  readonly positiveSum: number;
  readonly negativeSum: number;
  /** The variance of W+ under the null hypothesis, given the ties. */
  readonly variance: number;
  readonly tied: boolean;
  /** The ranks of all differences other than 0, ascending. */
  ranks(): Float64Array;
}

/**
 * Ranks differences by size. Those within `noise` of each other are tied, those within `noise` of 0 are zeros.
 */
export function rankSigned(
  differences: Float64Array,
  noise: number,
  method: 'wilcox' | 'pratt' | 'zsplit',
): SignedRanks {
  const positive = ascending(differences.filter((difference) => difference > noise));
  const negative = ascending(differences.filter((difference) => difference < -noise).map(Math.abs));
  const kept = positive.length + negative.length;
  const zeros = differences.length - kept;
  const before = method === 'wilcox' ? 0 : zeros;
  const up = compareRanks(positive, negative, before, noise);
  const total = (kept * (kept + 1)) / 2 + before * kept;
  // Zeros that are split share the mean of the lowest ranks; half of their sum goes to either side.
  const zeroRank = method === 'zsplit' ? (zeros + 1) / 2 : 0;
  const half = (zeroRank * zeros) / 2;
  return {
    positives: positive.length,
    negatives: negative.length,
    zeros,
    positiveSum: up.rankSum + half,
    negativeSum: total - up.rankSum + half,
    variance: (up.squares + zeros * zeroRank * zeroRank) / 4,
    tied: up.tied,
    ranks: () => ranksOf(ascending([...positive, ...negative]), noise).map((rank) => rank + before),
  };
}

/** The ranks of ascending values, of which those within `noise` of the first of their group are tied. */
function ranksOf(sorted: Float64Array, noise: number): Float64Array {
  for (let i = 1; i < sorted.length; i += 1) if (sorted[i]! - sorted[i - 1]! <= noise) sorted[i] = sorted[i - 1]!;
  return midranks(sorted);
}
