import { checkOptions, checkProbability } from '../../core/check.ts';
import { InvalidDataError } from '../../core/errors.ts';
import type { AdjustedPValues, MultiplicityOptions } from './AdjustedPValues.ts';

/** Turns ascending p-values into adjusted ones of the same order; values above 1 are cut afterwards. */
export type AdjustmentRule = (ascending: readonly number[]) => readonly number[];

/** What all procedures share: checks, the sorted view, and the way back to the caller's order. */
export function adjustPValues(
  pValues: readonly number[],
  options: MultiplicityOptions,
  rule: AdjustmentRule,
): AdjustedPValues {
  checkOptions('options', options, ['alpha']);
  const { alpha = 0.05 } = options;
  checkProbability('alpha', alpha);
  pValues.forEach((p, i) => {
    if (!(typeof p === 'number' && p >= 0 && p <= 1)) throw new InvalidDataError(`pValues[${i}]`, p, 'within [0, 1]');
  });
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i]! - pValues[j]!);
  const ranked = rule(order.map((i) => pValues[i]!));
  const adjusted = new Array<number>(pValues.length);
  order.forEach((original, rank) => {
    adjusted[original] = Math.min(1, ranked[rank]!);
  });
  return { adjusted, rejected: adjusted.map((p) => p <= alpha), alpha };
}

/** The running maximum from the smallest p-value on, which step-down procedures need. */
export function runningMaximum(values: readonly number[]): readonly number[] {
  let highest = 0;
  return values.map((value) => {
    highest = Math.max(highest, value);
    return highest;
  });
}

/** The running minimum from the largest p-value back, which step-up procedures need. */
export function runningMinimum(values: readonly number[]): readonly number[] {
  const result = [...values];
  for (let i = result.length - 2; i >= 0; i -= 1) result[i] = Math.min(result[i]!, result[i + 1]!);
  return result;
}

/** 1 - (1 - p)^m, right for p down to the smallest double, where 1 - p is 1. */
export function atLeastOneOf(m: number, p: number): number {
  return 0 - Math.expm1(m * Math.log1p(-p));
}
