import { InvalidDataError } from '../../core/errors.ts';
import { ascending } from '../ascending.ts';
import { checkSample } from '../checkSample.ts';

/**
 * The Wasserstein-1 (earth mover's) distance of two samples: the area between their empirical distribution functions,
 * that is how far the values have moved on average, in the unit of the values.
 *
 * @throws InvalidDataError if a sample is empty or holds a value that is not finite
 * @example
 * wassersteinDistance([0, 1, 3], [5, 6, 8]); // 5
 * @see Vallender (1974), Theory Probab. Appl. 18(4), doi:10.1137/1118101
 */
export function wassersteinDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  for (const [name, sample] of [
    ['a', a],
    ['b', b],
  ] as const) {
    checkSample(name, sample);
    if (sample.length === 0) throw new InvalidDataError(`${name}.length`, 0, 'at least 1');
  }
  const [x, y] = [ascending(a), ascending(b)];
  let [i, j, area] = [0, 0, 0];
  let last = Math.min(x[0]!, y[0]!);
  while (i < x.length || j < y.length) {
    const next = Math.min(x[i] ?? Number.POSITIVE_INFINITY, y[j] ?? Number.POSITIVE_INFINITY);
    area += Math.abs(i / x.length - j / y.length) * (next - last);
    while (x[i] === next) i += 1;
    while (y[j] === next) j += 1;
    last = next;
  }
  return area;
}
