import { InvalidDataError } from '../../core/errors.ts';

/** Weights as proportions: finite, not negative, with a positive sum. @throws InvalidDataError */
export function normalise(argument: string, weights: ArrayLike<number>): Float64Array {
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) {
    const weight = weights[i];
    if (!(typeof weight === 'number' && Number.isFinite(weight) && weight >= 0)) {
      throw new InvalidDataError(`${argument}[${i}]`, weight, 'a finite weight at least 0');
    }
    sum += weight;
  }
  if (!(sum > 0 && Number.isFinite(sum)))
    throw new InvalidDataError(`the sum of ${argument}`, sum, 'positive and finite');
  return Float64Array.from(weights, (weight) => weight / sum);
}

/** Two distributions over the same bins. @throws InvalidDataError */
export function normalisePair(
  p: ArrayLike<number>,
  q: ArrayLike<number>,
  names: readonly [string, string] = ['p', 'q'],
): readonly [Float64Array, Float64Array] {
  const pair = [normalise(names[0], p), normalise(names[1], q)] as const;
  if (p.length !== q.length) {
    throw new InvalidDataError(`${names[1]}.length`, q.length, `${p.length}, the number of bins of ${names[0]}`);
  }
  return pair;
}
