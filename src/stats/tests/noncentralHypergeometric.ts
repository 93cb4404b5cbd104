import type { FourfoldTable } from './FourfoldTable.ts';

/** Terms below this share of the sum no longer count. */
const NEGLIGIBLE = 2 ** -60;

/** Moments of the upper left cell of a fourfold table with fixed margins, given the odds ratio. */
export interface CellDistribution {
  readonly mean: number;
  /** P(cell <= the observed one). */
  readonly lower: number;
  /** P(cell >= the observed one). */
  readonly upper: number;
}

/**
 * Fisher's non-central hypergeometric distribution of the upper left cell, summed from its mode outwards: the cost
 * grows with the standard deviation, not with the counts.
 * @see Fisher (1935), doi:10.2307/2342435; Liao & Rosen (2001), doi:10.1198/000313001753272547 (mode)
 */
export function noncentralHypergeometric({ a, b, c, d }: FourfoldTable, logOddsRatio: number): CellDistribution {
  const [row, column, rest] = [a + b, a + c, d - a];
  const first = Math.max(0, -rest);
  const last = Math.min(row, column);
  const odds = Math.exp(logOddsRatio);
  const mode = Math.min(last, Math.max(first, modeOf(row, column, rest, odds)));
  let [total, moment, lower, upper] = [0, 0, 0, 0];
  const add = (cell: number, weight: number): void => {
    total += weight;
    // Relative to the observed cell, so that the mean keeps its digits where it is close.
    moment += weight * (cell - a);
    if (cell <= a) lower += weight;
    if (cell >= a) upper += weight;
  };
  add(mode, 1);
  // Beyond the last cell and before the first one the weights are 0.
  for (let [cell, weight] = [mode, 1]; weight > NEGLIGIBLE * total; ) {
    weight *= odds * ((row - cell) / (cell + 1)) * ((column - cell) / (rest + cell + 1));
    cell += 1;
    add(cell, weight);
  }
  for (let [cell, weight] = [mode, 1]; weight > NEGLIGIBLE * total; ) {
    weight *= ((cell / (row - cell + 1)) * ((rest + cell) / (column - cell + 1))) / odds;
    cell -= 1;
    add(cell, weight);
  }
  return { mean: a + moment / total, lower: lower / total, upper: upper / total };
}

/** The cell after which the weights fall: where their ratio passes 1, the smaller root of a quadratic. */
function modeOf(row: number, column: number, rest: number, odds: number): number {
  const square = odds - 1;
  const linear = -((row + column + 2) * odds + rest);
  const constant = odds * (row + 1) * (column + 1);
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * square * constant));
  // Either form of the root cancels where the other one does not.
  return Math.floor(linear > 0 ? (linear + root) / (-2 * square) : (2 * constant) / (root - linear));
}
