import type { GoldenCase, GoldenFile } from '../../support/golden.ts';

/** A z-test as the reference has it. */
interface ZReference {
  readonly degenerate?: boolean;
  readonly statistic: number;
  readonly se: number;
  readonly pTwoSided: number;
  readonly pGreater: number;
  readonly pLess: number;
}

/** A table as the reference has it. */
export interface TableReference {
  readonly degenerate?: boolean;
  readonly statistic: number;
  readonly df: number;
  readonly p: number;
  readonly gStatistic: number;
  readonly gP: number;
  readonly cramersV: number;
  readonly yates?: { readonly statistic: number; readonly p: number };
}

/** Two proportions as the reference has them. */
export interface TwoExpected {
  readonly difference: number;
  readonly zPooled: ZReference;
  readonly zUnpooled: ZReference;
  readonly chi2: TableReference;
  readonly fisher?: {
    readonly pTwoSided: number;
    readonly pGreater: number;
    readonly pLess: number;
    readonly oddsRatioSample: number;
    readonly oddsRatioConditionalMle: number;
    readonly oddsRatioCi95: readonly [number, number];
  };
  readonly differenceCi95: { readonly newcombeWilson: readonly [number, number] };
  readonly cohenH: number;
}

/** Counts of two proportions. */
export interface TwoInput {
  readonly x1: number;
  readonly n1: number;
  readonly x2: number;
  readonly n2: number;
}

/** test/golden/proportions.json */
export type ProportionsFile = GoldenFile<unknown, unknown>;

/** The cases of two proportions. */
export function twoProportions(file: ProportionsFile): readonly GoldenCase<TwoInput, TwoExpected>[] {
  return file.cases.filter(({ kind }) => kind === 'twoProportions') as readonly GoldenCase<TwoInput, TwoExpected>[];
}

/** The cases of larger tables. */
export function tables(
  file: ProportionsFile,
): readonly GoldenCase<{ readonly table: readonly (readonly number[])[] }, TableReference>[] {
  return file.cases.filter(({ kind }) => kind === 'contingency') as never;
}
