import { InvalidDataError } from '../../../core/errors.ts';
import { LARGEST } from '../limits.ts';

/** Checks a context and copies it into `out`. @throws InvalidDataError if it is not of that length, or not finite */
export function readVector(argument: string, vector: unknown, out: Float64Array): void {
  const list = vector as ArrayLike<number> | null | undefined;
  if (typeof list !== 'object' || list === null || list.length !== out.length) {
    throw new InvalidDataError(argument, vector, `a list of ${out.length} numbers`);
  }
  for (let i = 0; i < out.length; i += 1) {
    const x = list[i];
    if (!(typeof x === 'number' && x <= LARGEST && x >= -LARGEST)) {
      throw new InvalidDataError(`${argument}[${i}]`, x, `a finite number within ±${LARGEST}`);
    }
    out[i] = x;
  }
}

/** xᵀ y. */
export function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i += 1) sum += x[i]! * y[i]!;
  return sum;
}
