import { InvalidDataError } from '../core/errors.ts';

/** A sample of finite numbers; it may be empty. @throws InvalidDataError naming the first value that is none */
export function checkSample(argument: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      throw new InvalidDataError(`${argument}[${i}]`, value, 'a finite number');
    }
  }
}

/** Two samples of finite numbers of the same length, pair by pair. @throws InvalidDataError */
export function checkPairs(first: string, a: ArrayLike<number>, second: string, b: ArrayLike<number>): void {
  checkSample(first, a);
  checkSample(second, b);
  if (a.length !== b.length) {
    throw new InvalidDataError(`${second}.length`, b.length, `${a.length}, the length of ${first}`);
  }
}
