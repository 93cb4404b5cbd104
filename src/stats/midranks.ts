import { ascending } from './ascending.ts';

/**
 * The rank of every value among all of them, from 1, in the order in which they were handed in; ties share the mean of
 * their ranks.
 *
 * @param values finite numbers
 * @example
 * midranks([30, 10, 10, 20]); // [4, 1.5, 1.5, 3]
 */
export function midranks(values: ArrayLike<number>): Float64Array {
  const sorted = ascending(values);
  const ranks = new Float64Array(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const below = bisect(sorted, values[i]!, false);
    const upTo = bisect(sorted, values[i]!, true);
    ranks[i] = (below + upTo + 1) / 2;
  }
  return ranks;
}

/** How many sorted values lie below a value, or at most at it. */
function bisect(sorted: Float64Array, value: number, inclusive: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value || (inclusive && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
