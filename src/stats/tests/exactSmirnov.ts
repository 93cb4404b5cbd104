/**
 * The probability that the path of two samples of n and m from one continuous distribution reaches a distance of
 * `reach` / (n m) between their empirical distribution functions.
 *
 * Walks all orders of the n + m values at once: the share of paths through a point that have been outside is 1 where
 * the point is outside, and otherwise the mean over the two points before, weighted by their paths. All terms are
 * positive, so the far tail keeps its digits, as 1 minus the paths that stay inside would not.
 *
 * @param twoSided whether only the distance upwards counts, or that to either side
 * @see Hodges (1958), doi:10.1007/BF02589501; Massey (1951), doi:10.1214/aoms/1177729550 (lattice paths)
 */
export function exactSmirnov(n: number, m: number, reach: number, twoSided: boolean): number {
  const outside = (i: number, j: number): boolean => (twoSided ? Math.abs(i * m - j * n) : i * m - j * n) >= reach;
  const row = new Float64Array(m + 1);
  for (let i = 0; i <= n; i += 1) {
    for (let j = 0; j <= m; j += 1) {
      if (outside(i, j)) row[j] = 1;
      else if (i + j > 0) row[j] = (i * row[j]! + (j > 0 ? j * row[j - 1]! : 0)) / (i + j);
    }
  }
  return row[m]!;
}
