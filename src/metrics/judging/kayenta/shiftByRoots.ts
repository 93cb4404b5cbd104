import { ascending } from '../../../stats/ascending.ts';
import { normalDistribution } from '../../../stats/distributions/normalDistribution.ts';
import { compareRanks } from '../../../stats/ranks/compareRanks.ts';
import { brentRoot } from './brentRoot.ts';

/** A shift of location as root finding sees it: the interval can be inverted where ties are many. */
export interface RootedShift {
  readonly interval: readonly [number, number];
  readonly estimate: number;
}

/** The absolute tolerance of the root finder: in the unit of the data, which is why small units go wrong. */
const TOLERANCE = 1e-4;

/**
 * The standardised Mann-Whitney statistic of `x - shift` against `y`, ties and continuity corrected for.
 * @param x ascending
 * @param y ascending
 */
export function rankScore(x: Float64Array, y: Float64Array, shift: number): number {
  const [n, m] = [x.length, y.length];
  const { rankSum, spread } = compareRanks(
    x.map((value) => value - shift),
    y,
  );
  const above = rankSum - (n * (n + 1)) / 2 - (n * m) / 2;
  const deviation = Math.sqrt(((n * m) / ((n + m) * (n + m - 1))) * spread);
  return (above - 0.5 * Math.sign(above)) / deviation;
}

/**
 * The Mann-Whitney interval of the shift of `x` against `y` by solving for the shifts that are just significant, with
 * the continuity correction kept for the estimate as well: what Kayenta reports, and, but for the estimate, what
 * `wilcox.test(exact = FALSE)` of R does. `mannWhitneyTest` has the exact order statistics instead.
 *
 * @see Bauer (1972), JASA 67(339), doi:10.1080/01621459.1972.10481279
 */
export function shiftByRoots(x: ArrayLike<number>, y: ArrayLike<number>, level: number): RootedShift {
  const [a, b] = [ascending(x), ascending(y)];
  const least = a[0]! - b.at(-1)!;
  const most = a.at(-1)! - b[0]!;
  const [atLeast, atMost] = [rankScore(a, b, least), rankScore(a, b, most)];
  const root = (z: number): number =>
    brentRoot((shift) => rankScore(a, b, shift) - z, least, most, atLeast - z, atMost - z, TOLERANCE);
  const end = (z: number): number => {
    if (atLeast - z <= 0) return least;
    return atMost - z >= 0 ? most : root(z);
  };
  const z = normalDistribution.isf((1 - level) / 2);
  return { interval: [end(z), end(-z)], estimate: root(0) };
}
