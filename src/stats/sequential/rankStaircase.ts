import type { RankBounds } from './QuantileSource.ts';
import type { RankEvidence } from './rankEvidence.ts';

/** Cells of a rank axis: a value at the outer end of each, and the least log e-value within it. @internal */
export interface Staircase {
  readonly values: Float64Array;
  readonly logEValues: Float64Array;
}

const EXACT_UP_TO = 300;
const FARTHEST = 12;
const CELLS_PER_DEVIATION = 10;

/** Counts from 0 to n: all where they are few, otherwise ten for each standard deviation around the quantile. */
function rankGrid(n: number, p: number): number[] {
  if (n <= EXACT_UP_TO) return Array.from({ length: n + 1 }, (_, i) => i);
  const spread = Math.sqrt(n * p * (1 - p));
  const grid = new Set([0, n]);
  for (let i = -FARTHEST * CELLS_PER_DEVIATION; i <= FARTHEST * CELLS_PER_DEVIATION; i += 1) {
    const rank = Math.round(n * p + (i / CELLS_PER_DEVIATION) * spread);
    if (rank > 0 && rank < n) grid.add(rank);
  }
  return [...grid].sort((a, b) => a - b);
}

/** Evidence that the quantile lies above a value: lowest values of the cells, falling e-values. @internal */
export function staircaseAbove(bounds: RankBounds, { tooFewBelow }: RankEvidence, p: number): Staircase {
  const grid = rankGrid(bounds.n, p);
  return {
    values: Float64Array.from(grid, (rank) => bounds.lowest(rank)),
    logEValues: Float64Array.from(grid, (_, i) => tooFewBelow((grid[i + 1] ?? bounds.n + 1) - 1)),
  };
}

/** Evidence that the quantile lies below a value: highest values of the cells, rising e-values. @internal */
export function staircaseBelow(bounds: RankBounds, { tooManyBelow }: RankEvidence, p: number): Staircase {
  const grid = rankGrid(bounds.n, p);
  return {
    values: Float64Array.from(grid, (_, i) => bounds.highest(grid[i + 1] ?? bounds.n + 1)),
    logEValues: Float64Array.from(grid, (rank) => tooManyBelow(rank)),
  };
}
