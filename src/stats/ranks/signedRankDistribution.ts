import type { SumDistribution } from './rankSumDistribution.ts';

/**
 * The sum of those scores whose fair coin shows heads: the exact null distribution of the signed-rank statistic.
 *
 * @param scores positive integers: ranks, or doubled ranks where ties give halves
 * @see Wilcoxon (1945), doi:10.2307/3001968; Streitberg & Röhmel (1986), Stat. Softw. Newsl. 12, 10-17
 */
export function signedRankDistribution(scores: ArrayLike<number>): SumDistribution {
  let sum = 0;
  for (let i = 0; i < scores.length; i += 1) sum += scores[i]!;
  const probabilities = new Float64Array(sum + 1);
  probabilities[0] = 1;
  let reached = 0;
  for (let i = 0; i < scores.length; i += 1) {
    const score = scores[i]!;
    reached += score;
    for (let s = reached; s >= 0; s -= 1) {
      probabilities[s] = (probabilities[s]! + (s >= score ? probabilities[s - score]! : 0)) / 2;
    }
  }
  return { from: 0, probabilities };
}
