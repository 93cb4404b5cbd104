import { checkOptions, checkShare } from '../../core/check.ts';
import { InvalidDataError, InvalidOptionError } from '../../core/errors.ts';
import { ascending } from '../ascending.ts';
import { checkSample } from '../checkSample.ts';
import { sortedQuantile } from '../sortedQuantile.ts';
import type { Caps } from './winsorize.ts';

/** Options of {@link quantileCaps}: shares of the sample. */
export interface QuantileCapOptions {
  /**
   * The share of the sample below the lower cap.
   * @defaultValue 0
   */
  readonly lower?: number;
  /**
   * The share of the sample below the upper cap.
   * @defaultValue 0.99
   */
  readonly upper?: number;
}

/**
 * Caps at quantiles of a sample (by linear interpolation, type 7): take the sample of all arms together.
 *
 * @throws InvalidDataError if the sample is empty or holds a value that is not finite
 * @throws InvalidOptionError if a share is outside [0, 1] or they are the wrong way round
 * @example
 * quantileCaps([1, 2, 3, 4, 101], { upper: 0.75 }); // { lower: 1, upper: 4 }
 */
export function quantileCaps(sample: ArrayLike<number>, options: QuantileCapOptions = {}): Required<Caps> {
  checkOptions('options', options, ['lower', 'upper']);
  const { lower = 0, upper = 0.99 } = options;
  checkShare('lower', lower);
  checkShare('upper', upper);
  if (lower > upper) throw new InvalidOptionError('lower', lower, `at most ${upper}, the upper share`);
  checkSample('sample', sample);
  if (sample.length === 0) throw new InvalidDataError('sample.length', 0, 'at least 1');
  const sorted = ascending(sample);
  return { lower: sortedQuantile(sorted, lower), upper: sortedQuantile(sorted, upper) };
}
