import { InvalidDataError } from '../../core/errors.ts';
import { checkSample } from '../checkSample.ts';

/**
 * How many values fall into each of the bins (-∞, e₁], (e₁, e₂], …, (e_last, ∞).
 *
 * @param edges ascending interior edges, as `quantileBins` gives them
 * @throws InvalidDataError if a value or an edge is not finite or the edges do not ascend
 * @example
 * countInBins([0, 2, 2.5, 9], [2, 3]); // [2, 1, 1]
 */
export function countInBins(values: ArrayLike<number>, edges: readonly number[]): readonly number[] {
  checkSample('values', values);
  checkSample('edges', edges);
  for (let i = 1; i < edges.length; i += 1) {
    if (!(edges[i]! > edges[i - 1]!)) throw new InvalidDataError('edges', edges, 'strictly ascending');
  }
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (let i = 0; i < values.length; i += 1) counts[edgesBelow(values[i]!, edges)]! += 1;
  return counts;
}

/** The number of edges strictly below the value, by bisection: the index of its bin. */
function edgesBelow(value: number, edges: readonly number[]): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
