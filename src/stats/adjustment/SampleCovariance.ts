import { InvalidDataError } from '../../core/errors.ts';
import { checkMoments } from '../checkMoments.ts';
import type { SampleMoments } from '../types.ts';

/** The sufficient statistics of pairs (x, y). A `Covariance` summary is one. */
export interface SampleCovariance {
  /** Pairs. */
  readonly n: number;
  readonly x: SampleMoments;
  readonly y: SampleMoments;
  /** Unbiased (n - 1); NaN below two pairs. */
  readonly covariance: number;
}

/** Moments that can be those of pairs. @throws InvalidDataError */
export function checkCovariance(argument: string, pairs: SampleCovariance): SampleCovariance {
  const { n, covariance } = pairs;
  for (const axis of ['x', 'y'] as const) {
    checkMoments(`${argument}.${axis}`, pairs[axis]);
    if (pairs[axis].n !== n)
      throw new InvalidDataError(`${argument}.${axis}.n`, pairs[axis].n, `${n}, the number of pairs`);
  }
  if (n >= 2 && !Number.isFinite(covariance)) {
    throw new InvalidDataError(`${argument}.covariance`, covariance, 'a finite number');
  }
  return pairs;
}
