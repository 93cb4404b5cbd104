/** What the ranks of two samples in their union say; ties share the mean of their ranks. */
export interface RankComparison {
  /** The sum of the ranks of the first sample. */
  readonly rankSum: number;
  /** The sum over all observations of (rank - mean rank)^2: n (n^2 - 1) / 12 without ties, exactly 0 where all are equal. */
  readonly spread: number;
  /** The sum over all observations of their squared rank. */
  readonly squares: number;
  /** Whether any two observations are equal. */
  readonly tied: boolean;
}

/**
 * Ranks the union of two sorted samples by merging them: ranks themselves are never written down. -0 equals 0.
 * @param before how many observations, counted in the ranks, lie below both samples
 * @param noise observations within this of the smallest one of their group are tied with it
 */
export function compareRanks(a: Float64Array, b: Float64Array, before = 0, noise = 0): RankComparison {
  const [n, m] = [a.length, b.length];
  let rankSum = 0;
  let spread = 0;
  let squares = 0;
  let tied = false;
  let i = 0;
  let j = 0;
  while (i < n || j < m) {
    const value = i < n && (j >= m || a[i]! <= b[j]!) ? a[i]! : b[j]!;
    const below = i + j;
    const first = i;
    while (i < n && a[i]! - value <= noise) i += 1;
    while (j < m && b[j]! - value <= noise) j += 1;
    const equal = i + j - below;
    const rank = before + below + (equal + 1) / 2;
    // Twice the distance from the mean rank is the surplus of observations below over those above: nothing cancels.
    const surplus = below - (n + m - i - j);
    rankSum += (i - first) * rank;
    spread += equal * surplus * surplus;
    squares += equal * rank * rank;
    if (equal > 1) tied = true;
  }
  return { rankSum, spread: spread / 4, squares, tied };
}
