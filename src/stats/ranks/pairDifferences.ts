import { type PairSet, type Split, thinned, type Window } from './PairSet.ts';

/** All differences `x[i] - y[j]` of two sorted samples. */
export function pairDifferences(x: Float64Array, y: Float64Array): PairSet {
  const [n, m] = [x.length, y.length];
  return {
    size: n * m,
    steps: n + m,
    min: x[0]! - y[m - 1]!,
    max: x[n - 1]! - y[0]!,
    split: (t) => split(x, y, t),
    window: (low, high, limit) => windowOf(x, y, low, high, limit),
    thin: () => (n + m <= 1200 ? undefined : pairDifferences(thinned(x), thinned(y))),
  };
}

function split(x: Float64Array, y: Float64Array, t: number): Split {
  const m = y.length;
  let atMost = 0;
  let below = Number.NEGATIVE_INFINITY;
  let above = Number.POSITIVE_INFINITY;
  // The first j with x[i] - y[j] <= t only moves up as x[i] does.
  let j = 0;
  for (let i = 0; i < x.length; i += 1) {
    const value = x[i]!;
    while (j < m && value - y[j]! > t) j += 1;
    atMost += m - j;
    if (j < m && value - y[j]! > below) below = value - y[j]!;
    if (j > 0 && value - y[j - 1]! < above) above = value - y[j - 1]!;
  }
  return { atMost, below, above };
}

function windowOf(x: Float64Array, y: Float64Array, low: number, high: number, limit: number): Window | undefined {
  const m = y.length;
  const values = new Float64Array(limit);
  let filled = 0;
  let less = 0;
  let start = 0;
  for (let i = 0; i < x.length; i += 1) {
    const value = x[i]!;
    while (start < m && value - y[start]! > high) start += 1;
    let j = start;
    for (; j < m && value - y[j]! >= low; j += 1) {
      if (filled === limit) return undefined;
      values[filled] = value - y[j]!;
      filled += 1;
    }
    less += m - j;
  }
  return { less, values: values.subarray(0, filled) };
}
