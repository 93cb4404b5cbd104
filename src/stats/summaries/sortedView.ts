/** Sorted values and how many observations are at or below each. */
export interface SortedView {
  readonly values: Float64Array;
  readonly cumulative: Float64Array;
}

/** All values of the levels of a sketch in order: a value of level h stands for 2^h observations. */
export function sortedView(levels: readonly { readonly values: Float64Array }[]): SortedView {
  const pairs = levels.flatMap((level, height) =>
    Array.from(level.values, (value) => ({ value, weight: 2 ** height })),
  );
  pairs.sort((a, b) => a.value - b.value);
  const cumulative = new Float64Array(pairs.length);
  let sum = 0;
  pairs.forEach(({ weight }, i) => {
    sum += weight;
    cumulative[i] = sum;
  });
  return { values: Float64Array.from(pairs, ({ value }) => value), cumulative };
}

/** The index of the first element that is at least `bound`, in a sorted list. */
export function firstAtLeast(sorted: Float64Array, bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of the first element above `bound`, in a sorted list. */
export function firstAbove(sorted: Float64Array, bound: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
