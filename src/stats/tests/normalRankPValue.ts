import { normalDistribution } from '../distributions/index.ts';
import type { Alternative } from '../types.ts';

/**
 * The p-value of a rank statistic by its normal approximation.
 * @param surplus the statistic minus its mean
 * @param continuity whether it moves by 1/2 towards the mean, and never past it where both sides count
 */
export function normalRankPValue(
  surplus: number,
  deviation: number,
  alternative: Alternative,
  continuity: boolean,
): number {
  const half = continuity ? 0.5 : 0;
  if (alternative === 'less') return normalDistribution.cdf((surplus + half) / deviation);
  if (alternative === 'greater') return normalDistribution.sf((surplus - half) / deviation);
  return 2 * normalDistribution.sf(Math.max(0, Math.abs(surplus) - half) / deviation);
}
