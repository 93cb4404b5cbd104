import { expect } from 'vitest';

/** Expects mean and variance of the draws within 4.5 standard errors of the exact ones (kurtosis from the draws). */
export function expectMoments(draws: Float64Array, mean: number, variance: number, label: string): void {
  const n = draws.length;
  let sum = 0;
  let squares = 0;
  let fourths = 0;
  for (const x of draws) {
    const d = x - mean;
    sum += d;
    squares += d * d;
    fourths += d ** 4;
  }
  const zMean = sum / n / Math.sqrt(variance / n);
  const zVariance = (squares / n - variance) / Math.sqrt(Math.max(fourths / n - variance ** 2, Number.MIN_VALUE) / n);
  expect(Math.abs(zMean), `${label}: z of the mean`).toBeLessThan(4.5);
  expect(Math.abs(zVariance), `${label}: z of the variance`).toBeLessThan(4.5);
}

/**
 * Expects the Kolmogorov-Smirnov distance on a grid of exact quantiles below its critical value at 1e-5
 * (2.47 / sqrt(n)): not greater than that of the full test, so that the level is an upper bound.
 */
export function expectQuantiles(
  draws: Float64Array,
  p: readonly number[],
  quantile: readonly number[],
  label: string,
): void {
  const sorted = draws.slice().sort();
  let distance = 0;
  p.forEach((share, i) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! <= quantile[i]!) low = middle + 1;
      else high = middle;
    }
    distance = Math.max(distance, Math.abs(low / sorted.length - share));
  });
  expect(distance, `${label}: KS distance`).toBeLessThan(2.47 / Math.sqrt(sorted.length));
}

/** n draws of a sampler. */
export function draw(n: number, sample: () => number): Float64Array {
  return Float64Array.from({ length: n }, sample);
}
