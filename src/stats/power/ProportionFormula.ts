import { checkOneOf } from '../../core/check.ts';

/**
 * How the power of a comparison of two proportions is computed. `pooled-null`: the z-test whose standard error pools
 * the proportions under the null (Fleiss). `unpooled`: the z-test that does not. `arcsine`: on Cohen's scale h.
 * `fleiss-continuity`: `pooled-null` for the test with continuity correction.
 */
export type ProportionFormula = 'pooled-null' | 'unpooled' | 'arcsine' | 'fleiss-continuity';

/** @throws InvalidOptionError */
export function checkFormula(formula: ProportionFormula): ProportionFormula {
  return checkOneOf('formula', formula, ['pooled-null', 'unpooled', 'arcsine', 'fleiss-continuity']);
}

/** Standard deviations of the difference of two proportions for one observation of the first group. */
export interface DifferenceSpread {
  /** As the test believes it to be under the null. */
  readonly null: number;
  /** As it is. */
  readonly actual: number;
}

/** `ratio` is the size of the second group over that of the first. */
export function differenceSpread(p1: number, p2: number, ratio: number, pooled: boolean): DifferenceSpread {
  const actual = Math.sqrt(p1 * (1 - p1) + (p2 * (1 - p2)) / ratio);
  const mean = (p1 + ratio * p2) / (1 + ratio);
  return { null: pooled ? Math.sqrt(mean * (1 - mean) * (1 + 1 / ratio)) : actual, actual };
}

/** What the continuity correction adds, in observations of the first group: see Fleiss, Tytun & Ury. */
export function continuityTerm(p1: number, p2: number, ratio: number): number {
  return (2 * (1 + ratio)) / (ratio * Math.abs(p1 - p2));
}
