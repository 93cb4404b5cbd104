const SHORT: readonly number[] = Array.from({ length: 7 }, (_, k) => 1 / (2 * k + 3));
const LONG: readonly number[] = Array.from({ length: 13 }, (_, k) => 1 / (2 * k + 3));

/**
 * `ln(1 + u) - u` without the cancellation that loses every digit for small u. It is the heart of every deviance.
 *
 * With v = u / (2 + u): ln(1 + u) = 2 artanh(v) and u v = u - 2 v, so the first terms cancel on paper.
 *
 * @param u - Above -1.
 */
export function log1pmx(u: number): number {
  if (u < -0.35 || u > 0.5) return Math.log1p(u) - u;
  const v = u / (2 + u);
  const square = v * v;
  const series = Math.abs(v) < 0.05 ? SHORT : LONG;
  // Even and odd terms side by side: the processor need not wait for one product after the other.
  const fourth = square * square;
  let even = series[series.length - 1] as number;
  let odd = 0;
  for (let k = series.length - 2; k > 0; k -= 2) {
    odd = odd * fourth + (series[k] as number);
    even = even * fourth + (series[k - 1] as number);
  }
  return v * (2 * square * (even + square * odd) - u);
}

/**
 * `shape * (q - 1 - ln q)` with q = value / shape: half the Poisson deviance, 0 where `value` equals `shape`.
 * It is Loader's `bd0`. The difference is handed in, because only the caller knows it without rounding.
 *
 * C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 *
 * @param shape - Above 0.
 * @param value - Above 0.
 * @param difference - `value - shape`.
 */
export function deviance(shape: number, value: number, difference: number): number {
  const u = difference / shape;
  if (u > -0.6 && u < 1e15) return -shape * log1pmx(u);
  const ratio = value / shape;
  const log = ratio > 1e-300 && ratio < 1e300 ? Math.log(ratio) : Math.log(value) - Math.log(shape);
  return difference - shape * log;
}
