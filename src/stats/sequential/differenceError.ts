/** How a sample varies: its size and variance. @internal */
export interface Spread {
  readonly n: number;
  readonly variance: number;
}

/**
 * The standard error of a difference of means: Welch's, or the larger of Welch's and the pooled one.
 * @internal
 */
export function differenceError(first: Spread, second: Spread, conservative: boolean): number {
  const welch = first.variance / first.n + second.variance / second.n;
  if (!conservative) return Math.sqrt(welch);
  const weight = (first.n - 1) / (first.n + second.n - 2);
  const pooled = weight * first.variance + (1 - weight) * second.variance;
  return Math.sqrt(Math.max(welch, pooled / first.n + pooled / second.n));
}
