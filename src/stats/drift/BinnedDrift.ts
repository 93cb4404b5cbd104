import { chiSquaredDistribution } from '../distributions/chiSquaredDistribution.ts';
import { jensenShannonDistance } from './jensenShannonDistance.ts';
import { populationStabilityIndex } from './populationStabilityIndex.ts';
import { totalVariation } from './totalVariation.ts';

/** How far two distributions over the same bins are apart. */
export interface BinnedDrift {
  /** The population stability index of current against reference. */
  readonly populationStabilityIndex: number;
  /**
   * What the index would be on average without any drift, (bins - 1)(1/n + 1/m): an index of 0.1 is nothing where this
   * is 0.1. Bins that are empty in both samples do not count.
   */
  readonly expectedStabilityIndex: number;
  /**
   * The probability of an index at least as large without drift, by its chi-squared limit. An approximation, bad where
   * bins are expected to hold fewer than five values: then there is a warning.
   */
  readonly stabilityPValue: number;
  /** The Jensen–Shannon distance in base 2, within [0, 1]. */
  readonly jensenShannonDistance: number;
  /** Half the sum of the absolute differences of the proportions, within [0, 1]. */
  readonly totalVariation: number;
  readonly warnings: readonly string[];
}

/** Fewest values a bin should be expected to hold where a chi-squared limit is leant on. */
const FEW = 5;

/** All measures over bins at once. Both samples hold something. */
export function binnedDrift(reference: readonly number[], current: readonly number[], floor: number): BinnedDrift {
  const [n, m] = [reference, current].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [
    number,
    number,
  ];
  const pooled = reference.map((count, i) => count + current[i]!).filter((count) => count > 0);
  const scale = 1 / n + 1 / m;
  const df = pooled.length - 1;
  const index = populationStabilityIndex(reference, current, { floor });
  const sparse = pooled.some((count) => (count / (n + m)) * Math.min(n, m) < FEW);
  return {
    populationStabilityIndex: index,
    expectedStabilityIndex: df * scale,
    stabilityPValue: df === 0 ? 1 : chiSquaredDistribution.sf(index / scale, df),
    jensenShannonDistance: jensenShannonDistance(reference, current),
    totalVariation: totalVariation(reference, current),
    warnings: sparse
      ? [`some bins are expected to hold fewer than ${FEW} values: the p-value of the index is rough`]
      : [],
  };
}
