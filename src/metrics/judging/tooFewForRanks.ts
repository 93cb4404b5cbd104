/**
 * Whether even the most extreme order of so many values could not be significant at a confidence level: two of the
 * `(n + m)! / (n! m!)` orders are as extreme as can be.
 */
export function tooFewForRanks(n: number, m: number, level: number): boolean {
  const needed = 2 / (1 - level);
  let orders = 1;
  for (let i = 1; i <= Math.min(n, m); i += 1) {
    orders *= (Math.max(n, m) + i) / i;
    if (orders >= needed) return false;
  }
  return true;
}
