import { type PairSet, type Split, thinned, type Window } from './PairSet.ts';

/** Halved before they are added: the sum of two large values may overflow, their average never does. */
const average = (a: number, b: number): number => a / 2 + b / 2;

/** All averages `(x[i] + x[j]) / 2`, i at most j, of a sorted sample (Walsh averages). */
export function walshAverages(x: Float64Array): PairSet {
  const n = x.length;
  return {
    size: (n * (n + 1)) / 2,
    steps: n,
    min: x[0]!,
    max: x[n - 1]!,
    split: (t) => split(x, t),
    window: (low, high, limit) => windowOf(x, low, high, limit),
    thin: () => (n <= 1200 ? undefined : walshAverages(thinned(x))),
  };
}

function split(x: Float64Array, t: number): Split {
  let atMost = 0;
  let below = Number.NEGATIVE_INFINITY;
  let above = Number.POSITIVE_INFINITY;
  // The last j with an average of at most t only moves down as x[i] moves up, until they meet. What it leaves behind has
  // its least average above t with the x[i] at hand: later ones only raise it.
  let j = x.length - 1;
  for (let i = 0; i < x.length; i += 1) {
    const value = x[i]!;
    while (j >= i && average(value, x[j]!) > t) {
      above = Math.min(above, average(value, x[j]!));
      j -= 1;
    }
    if (j < i) {
      above = Math.min(above, value);
      break;
    }
    atMost += j - i + 1;
    below = Math.max(below, average(value, x[j]!));
  }
  return { atMost, below, above };
}

function windowOf(x: Float64Array, low: number, high: number, limit: number): Window | undefined {
  const values = new Float64Array(limit);
  let filled = 0;
  let less = 0;
  let end = x.length - 1;
  for (let i = 0; i < x.length; i += 1) {
    const value = x[i]!;
    while (end >= i && average(value, x[end]!) > high) end -= 1;
    let j = end;
    for (; j >= i && average(value, x[j]!) >= low; j -= 1) {
      if (filled === limit) return undefined;
      values[filled] = average(value, x[j]!);
      filled += 1;
    }
    less += Math.max(0, j - i + 1);
  }
  return { less, values: values.subarray(0, filled) };
}
