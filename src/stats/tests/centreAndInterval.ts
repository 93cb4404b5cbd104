import type { PairSet } from '../ranks/PairSet.ts';
import { selectPairs } from '../ranks/selectPairs.ts';
import type { Interval } from '../types.ts';
import type { CheckedOptions } from './TestOptions.ts';

/** The median of pair values with the interval between two order statistics. */
export interface CentreAndInterval {
  readonly estimate: number;
  readonly interval: Interval;
  readonly warnings: readonly string[];
}

/**
 * The median of all pair values (a Hodges-Lehmann estimate) and the interval that inverts the rank test.
 * @param lowerCount the critical value of the statistic with this probability in the lower tail
 */
export function centreAndInterval(
  pairs: PairSet,
  lowerCount: (tail: number) => number,
  { alternative, level }: CheckedOptions,
): CentreAndInterval {
  const { size } = pairs;
  const critical = lowerCount(alternative === 'two-sided' ? (1 - level) / 2 : 1 - level);
  const middle = [Math.floor((size + 1) / 2), Math.ceil((size + 1) / 2)];
  // Never past the middle (a level near 0), never outside of the pairs (too few observations for the level).
  const edge = Math.min(middle[0]!, Math.max(1, critical));
  const [low, high, lower, upper] = selectPairs(pairs, [...middle, edge, size + 1 - edge]);
  return {
    estimate: low! + (high! - low!) / 2,
    interval: [
      alternative === 'less' ? Number.NEGATIVE_INFINITY : lower!,
      alternative === 'greater' ? Number.POSITIVE_INFINITY : upper!,
    ],
    warnings: critical < 1 ? ['too few observations for an interval at this level: it spans all pairs'] : [],
  };
}
