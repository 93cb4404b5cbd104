import { inconclusive } from '../inconclusive.ts';
import type { EstimateResult } from '../types.ts';
import { type QuantileSource, type RankBounds, rankBounds } from './QuantileSource.ts';
import { type QuantileSequenceOptions, type ResolvedQuantile, rankEvidence, resolveQuantile } from './rankEvidence.ts';
import { type Staircase, staircaseAbove, staircaseBelow } from './rankStaircase.ts';

/**
 * The confidence sequence of a difference of quantiles of two independent samples, first minus second: exact at every
 * look and for any distributions. Against each difference it takes the least product of both samples' e-values over all
 * places where the quantiles could lie, which is narrower than the difference of two sequences.
 * `horizon` counts the observations of each sample.
 *
 * @param first an ascending sample, or a summary with a stated rank error such as `QuantileSketch`
 * @param second as `first`
 * @returns `inconclusive` where a sample is empty
 * @throws InvalidDataError for a sample that is not ascending or not finite
 * @throws InvalidOptionError
 * @example
 * const champion = Array.from({ length: 1000 }, (_, i) => i + 1);
 * const challenger = champion.map((x) => x + 120);
 * const result = quantileDifferenceSequence(challenger, champion, { quantile: 0.5 });
 * result.status === 'ok' && result.interval; // [44, 196]
 * @see Howard & Ramdas (2022), Bernoulli 28(3), doi:10.3150/21-BEJ1388 (section 5, two-sample tests)
 */
export function quantileDifferenceSequence(
  first: QuantileSource | ArrayLike<number>,
  second: QuantileSource | ArrayLike<number>,
  options: QuantileSequenceOptions = {},
): EstimateResult {
  const method = 'quantile-difference-sequence';
  const resolved = resolveQuantile(options);
  const a = rankBounds('first', first);
  const b = rankBounds('second', second);
  const n = [a.n, b.n];
  if (a.n === 0 || b.n === 0) return inconclusive(method, n, 'a sample has no observations yet', 'anytime');
  const { alpha, alternative, nullValue, quantile } = resolved;
  const sides = alternative === 'two-sided' ? 2 : 1;
  const threshold = Math.log(sides / alpha);
  const up = alternative === 'less' ? undefined : compare(a, b, resolved);
  const down = alternative === 'greater' ? undefined : compare(b, a, resolved);
  const estimate = a.quantile(quantile) - b.quantile(quantile);
  const above = up === undefined ? -Infinity : leastEvidence(up, nullValue);
  const below = down === undefined ? -Infinity : leastEvidence(down, -nullValue);
  const larger = Math.max(above, below);
  const logEValue = larger + Math.log1p(Math.exp(Math.min(above, below) - larger)) - Math.log(sides);
  const low = up === undefined ? -Infinity : leastDifference(up, threshold);
  const high = down === undefined ? Infinity : 0 - leastDifference(down, threshold);
  return {
    status: 'ok',
    method,
    validity: 'anytime',
    n,
    warnings: [],
    estimate,
    interval: [Math.min(low, estimate), Math.max(high, estimate)],
    level: 1 - alpha,
    pValue: Math.min(1, sides * Math.exp(-larger)),
    eValue: Math.exp(logEValue),
    logEValue,
  };
}

/** Evidence that the quantile of `larger` lies above that of `smaller`. */
interface Comparison {
  readonly larger: Staircase;
  readonly smaller: Staircase;
}

function compare(larger: RankBounds, smaller: RankBounds, resolved: ResolvedQuantile): Comparison {
  const { quantile } = resolved;
  return {
    larger: staircaseAbove(larger, rankEvidence(larger.n, resolved), quantile),
    smaller: staircaseBelow(smaller, rankEvidence(smaller.n, resolved), quantile),
  };
}

/** The least log e-value against "the difference is at most `difference`", over all pairs of places that allow it. */
function leastEvidence({ larger, smaller }: Comparison, difference: number): number {
  let least = Number.POSITIVE_INFINITY;
  let j = 0;
  for (const [i, value] of larger.values.entries()) {
    // The lowest cell of the smaller quantile that is near enough: both staircases ascend, so j never goes back, nor past
    // the last cell, which ends at infinity.
    while (value - smaller.values[j]! > difference) j += 1;
    least = Math.min(least, larger.logEValues[i]! + smaller.logEValues[j]!);
  }
  return least;
}

/** The least difference of two places whose evidence together stays below the threshold. */
function leastDifference({ larger, smaller }: Comparison, threshold: number): number {
  let least = Number.POSITIVE_INFINITY;
  let j = -1;
  const last = smaller.values.length - 1;
  for (const [i, value] of larger.values.entries()) {
    while (j < last && larger.logEValues[i]! + smaller.logEValues[j + 1]! < threshold) j += 1;
    if (j >= 0) least = Math.min(least, value - smaller.values[j]!);
  }
  return least;
}
