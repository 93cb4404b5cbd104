import { InvalidDataError } from '../../core/errors.ts';
import { checkMoments } from '../checkMoments.ts';
import type { SampleMoments } from '../types.ts';

/**
 * The root of a mean of squares (RMSE, from the moments of squared errors) as moments of its own, with the variance of
 * one observation's linearised share by the delta method, s² / 4 m. The result goes wherever moments go: `welchTest`,
 * intervals of differences, sequences. For the interval of one RMSE take {@link rootMeanSquareInterval}.
 *
 * @param squares the moments of the squared errors
 * @returns `undefined` without observations
 * @throws InvalidDataError for moments that no squares can have
 * @example
 * rootMeanSquare({ n: 50, mean: 4, variance: 8 }); // { n: 50, mean: 2, variance: 0.5 }
 * @see van der Vaart (1998), Asymptotic Statistics, section 3.1
 */
export function rootMeanSquare(squares: SampleMoments): SampleMoments | undefined {
  const { n, mean, variance } = checkMoments('squares', squares);
  if (n === 0) return undefined;
  if (mean < 0) throw new InvalidDataError('squares.mean', mean, 'at least 0');
  return { n, mean: Math.sqrt(mean), variance: mean > 0 ? variance / (4 * mean) : variance };
}
