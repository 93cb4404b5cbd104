import { deviance } from '../special/log1pmx.ts';

/** A count with its expectation, and their difference without the rounding of the expectation where it is known. */
export interface CountedCell {
  readonly observed: number;
  readonly expected: number;
  readonly difference: number;
}

/** Pearson's statistic; `yates` moves each count by that much towards its expectation, never past it. */
export function pearsonStatistic(cells: readonly CountedCell[], yates = 0): number {
  let sum = 0;
  for (const { difference, expected } of cells) {
    const distance = Math.max(0, Math.abs(difference) - yates);
    sum += (distance / expected) * distance;
  }
  return sum;
}

/**
 * The likelihood-ratio statistic G as a sum of deviances: every term is positive, so nothing cancels in tables of 1e9
 * where 2 Σ O ln(O/E) loses half of its digits.
 */
export function likelihoodRatioStatistic(cells: readonly CountedCell[]): number {
  let sum = 0;
  for (const { observed, expected, difference } of cells) {
    sum += observed === 0 ? expected : deviance(observed, expected, -difference);
  }
  return 2 * sum;
}
