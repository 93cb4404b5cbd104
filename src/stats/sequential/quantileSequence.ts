import { inconclusive } from '../inconclusive.ts';
import type { EstimateResult } from '../types.ts';
import { type QuantileSource, rankBounds } from './QuantileSource.ts';
import { type QuantileSequenceOptions, type RankEvidence, rankEvidence, resolveQuantile } from './rankEvidence.ts';

/**
 * The confidence sequence of a quantile: exact at every look and for any distribution, jumps and infinite moments
 * included. Its ends are order statistics; an end is infinite while there are too few observations beyond the quantile.
 *
 * The p-value is against the quantile being `nullValue` (default 0); with `alternative: 'greater'` against it being at
 * most that, which is the judge of "the 95th percentile stays below 300 ms".
 *
 * @param source an ascending sample, or a summary with a stated rank error such as `QuantileSketch`: the sequence then
 * widens by that error
 * @returns `inconclusive` where there is nothing
 * @throws InvalidDataError for a sample that is not ascending or not finite
 * @throws InvalidOptionError
 * @example
 * const latencies = Array.from({ length: 1000 }, (_, i) => i + 1);
 * const result = quantileSequence(latencies, { quantile: 0.95 });
 * result.status === 'ok' && result.interval; // [926, 972]
 * @see Howard & Ramdas (2022), Sequential estimation of quantiles with applications to A/B testing and best-arm
 * identification, Bernoulli 28(3), doi:10.3150/21-BEJ1388
 */
export function quantileSequence(
  source: QuantileSource | ArrayLike<number>,
  options: QuantileSequenceOptions = {},
): EstimateResult {
  const method = 'quantile-sequence';
  const resolved = resolveQuantile(options);
  const bounds = rankBounds('source', source);
  const { n } = bounds;
  if (n === 0) return inconclusive(method, [0], 'there are no observations yet', 'anytime');
  const { alpha, alternative, nullValue, quantile } = resolved;
  const evidence = rankEvidence(n, resolved);
  const sides = alternative === 'two-sided' ? 2 : 1;
  const threshold = Math.log(sides / alpha);
  const estimate = bounds.quantile(quantile);
  const above = alternative === 'less' ? -Infinity : evidence.tooFewBelow(bounds.mostAtOrBelow(nullValue));
  const below = alternative === 'greater' ? -Infinity : evidence.tooManyBelow(bounds.fewestBelow(nullValue));
  const larger = Math.max(above, below);
  const logEValue = larger + Math.log1p(Math.exp(Math.min(above, below) - larger)) - Math.log(sides);
  const low = alternative === 'less' ? -Infinity : bounds.lowest(lowestRank(n, quantile, evidence, threshold));
  const high = alternative === 'greater' ? Infinity : bounds.highest(highestRank(n, quantile, evidence, threshold));
  return {
    status: 'ok',
    method,
    validity: 'anytime',
    n: [n],
    warnings: [],
    estimate,
    interval: [Math.min(low, estimate), Math.max(high, estimate)],
    level: 1 - alpha,
    pValue: Math.min(1, sides * Math.exp(-larger)),
    eValue: Math.exp(logEValue),
    logEValue,
  };
}

/** The smallest count at or below a value that does not exclude it: the rank of the lower end. */
function lowestRank(n: number, p: number, { tooFewBelow }: RankEvidence, threshold: number): number {
  let [excluded, accepted] = [-1, Math.max(1, Math.ceil(p * n))];
  while (accepted - excluded > 1) {
    const middle = Math.floor((accepted + excluded) / 2);
    if (tooFewBelow(middle) >= threshold) excluded = middle;
    else accepted = middle;
  }
  return accepted;
}

/** One more than the largest count below a value that does not exclude it: the rank of the upper end. */
function highestRank(n: number, p: number, { tooManyBelow }: RankEvidence, threshold: number): number {
  let [accepted, excluded] = [Math.min(n - 1, Math.floor(p * n)), n + 1];
  while (excluded - accepted > 1) {
    const middle = Math.floor((accepted + excluded) / 2);
    if (tooManyBelow(middle) >= threshold) excluded = middle;
    else accepted = middle;
  }
  return excluded;
}
