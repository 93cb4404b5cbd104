/** The null distribution of a sum of scores: probabilities of the sums `from`, `from + 1`, … */
export interface SumDistribution {
  readonly from: number;
  readonly probabilities: Float64Array;
}

/**
 * The sum of the scores of `m` observations drawn at random, without replacement, from all: the exact distribution of
 * the rank sum under the null hypothesis, given the ties (the shift algorithm).
 *
 * @param scores non-negative integers, ascending: ranks, or doubled ranks where ties give halves
 * @see Streitberg & Röhmel (1986), Stat. Softw. Newsl. 12, 10-17; Mann & Whitney (1947), doi:10.1214/aoms/1177730491
 */
export function rankSumDistribution(scores: ArrayLike<number>, m: number): SumDistribution {
  const n = scores.length;
  let from = 0;
  let to = 0;
  for (let i = 0; i < m; i += 1) {
    from += scores[i]!;
    to += scores[n - m + i]!;
  }
  const width = to - from + 1;
  // counts[k][s]: in how many ways k of the observations seen sum to s above the k smallest scores.
  const counts = Array.from({ length: m + 1 }, () => new Float64Array(width));
  counts[0]![0] = 1;
  for (let i = 0; i < n; i += 1) {
    for (let k = Math.min(m, i + 1); k >= 1; k -= 1)
      addShifted(counts[k]!, counts[k - 1]!, scores[i]! - scores[k - 1]!);
  }
  const ways = counts[m]!;
  let total = 0;
  for (const count of ways) total += count;
  return { from, probabilities: ways.map((count) => count / total) };
}

function addShifted(target: Float64Array, source: Float64Array, shift: number): void {
  for (let s = shift; s < target.length; s += 1) target[s]! += source[s - shift]!;
}
