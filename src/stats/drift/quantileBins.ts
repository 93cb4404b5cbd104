import { checkInteger } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import { ascending } from '../ascending.ts';
import { checkSample } from '../checkSample.ts';
import { sortedQuantile } from '../sortedQuantile.ts';

/**
 * Interior edges of bins that hold equal shares of the reference: its quantiles 1/k, 2/k, …, (k - 1)/k by linear
 * interpolation (type 7). Equal edges, which discrete data give, are merged, so there may be fewer than `bins` bins.
 *
 * @param bins the number of bins aimed at, at least 2
 * @returns ascending edges e; the bins are (-∞, e₁], (e₁, e₂], …, (e_last, ∞)
 * @throws InvalidDataError if the reference is empty or holds a value that is not finite
 * @throws InvalidOptionError if `bins` is not an integer of at least 2
 * @example
 * quantileBins([1, 2, 3, 4, 5], 4); // [2, 3, 4]
 */
export function quantileBins(reference: ArrayLike<number>, bins: number): readonly number[] {
  checkInteger('bins', bins, { ge: 2 });
  checkSample('reference', reference);
  if (reference.length === 0) throw new InvalidDataError('reference.length', 0, 'at least 1');
  const sorted = ascending(reference);
  const edges: number[] = [];
  for (let k = 1; k < bins; k += 1) {
    const edge = sortedQuantile(sorted, k / bins);
    if (edge !== edges.at(-1)) edges.push(edge);
  }
  return edges;
}
