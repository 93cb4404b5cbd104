import { InvalidDataError } from '../core/errors.ts';
import type { SampleMoments } from './types.ts';

/** Moments that can be those of a sample: a count, finite numbers, no negative variance. @throws InvalidDataError */
export function checkMoments(argument: string, moments: SampleMoments): SampleMoments {
  const { n, mean, variance } = moments;
  if (!(Number.isFinite(n) && n >= 0)) throw new InvalidDataError(`${argument}.n`, n, 'a finite count at least 0');
  if (n >= 1 && !Number.isFinite(mean)) throw new InvalidDataError(`${argument}.mean`, mean, 'a finite number');
  if (n >= 2 && !(Number.isFinite(variance) && variance >= 0)) {
    throw new InvalidDataError(`${argument}.variance`, variance, 'a finite number at least 0');
  }
  return moments;
}
