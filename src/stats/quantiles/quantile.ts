import { checkOptions, checkShare } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import { ascending } from '../ascending.ts';
import { checkSample } from '../checkSample.ts';
import { type QuantileType, sortedQuantile } from '../sortedQuantile.ts';

const TYPES: readonly QuantileType[] = [6, 7, 8];

/** Options of {@link quantile}. */
export interface QuantileOptions {
  /**
   * How to interpolate, by the numbers of Hyndman & Fan: 7 places the smallest and largest value at 0 and 1 (NumPy, R,
   * Excel), 6 at 1 / (n + 1) and n / (n + 1) (Minitab, SPSS), 8 is unbiased for the median whatever the distribution.
   * @defaultValue 7
   */
  readonly type?: QuantileType;
}

/**
 * The p-quantile of a sample, interpolated between its order statistics. Rises with p, stays within the sample, and is
 * exact for constant samples.
 *
 * @param values the sample, in any order, not empty; sorted values are not sorted again
 * @param p within [0, 1]
 * @throws InvalidDataError for an empty sample or numbers that are not finite, InvalidOptionError
 * @example
 * quantile([3, 1, 2, 10], 0.5); // 2.5
 * quantile([3, 1, 2, 10], 0.9, { type: 6 }); // 10
 * @see Hyndman & Fan (1996), doi:10.1080/00031305.1996.10473566
 */
export function quantile(values: ArrayLike<number>, p: number, options: QuantileOptions = {}): number {
  checkOptions('quantile options', options, ['type']);
  const { type = 7 } = options;
  if (!TYPES.includes(type)) throw new InvalidOptionError('type', type, 'the number 6, 7 or 8');
  checkShare('p', p);
  checkSample('values', values);
  if (values.length === 0) throw new InvalidDataError('values', values, 'a sample that is not empty');
  return sortedQuantile(isAscending(values) ? values : ascending(values), p, type) + 0;
}

function isAscending(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i += 1) if (values[i]! < values[i - 1]!) return false;
  return true;
}
