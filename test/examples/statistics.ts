import { expect } from 'vitest';

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function correlation(xs: readonly number[], ys: readonly number[]): number {
  const [a, b] = [mean(xs), mean(ys)];
  const products = mean(xs.map((x, i) => (x - a) * (ys[i]! - b)));
  return products / Math.sqrt(mean(xs.map((x) => (x - a) ** 2)) * mean(ys.map((y) => (y - b) ** 2)));
}

/** Expects the share of `values` that is true to be `want` within four standard errors. */
export function expectRate(values: readonly boolean[], want: number, label = ''): void {
  const share = values.filter(Boolean).length / values.length;
  const allowed = 4 * Math.sqrt((want * (1 - want)) / values.length);
  expect(Math.abs(share - want), `${label} ${share}, want ${want} ± ${allowed}`).toBeLessThan(allowed);
}

/** Expects the mean of `values` to be `want` within four standard errors, which the values themselves give. */
export function expectMean(values: readonly number[], want: number, label = ''): void {
  const average = mean(values);
  const allowed = 4 * Math.sqrt(mean(values.map((value) => (value - average) ** 2)) / values.length);
  expect(Math.abs(average - want), `${label} ${average}, want ${want} ± ${allowed}`).toBeLessThan(allowed);
}
