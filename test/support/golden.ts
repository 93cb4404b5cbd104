import { expect } from 'vitest';
import { relativeError } from './goldenFile.ts';

export { type GoldenCase, type GoldenFile, readGolden } from './goldenFile.ts';

/** Expects `got` within a relative error of `want`; below `floor` in size an absolute error of `floor * tolerance` counts. */
export function expectClose(got: number, want: number, tolerance = 1e-10, label = '', floor = 0): void {
  const scale = Math.max(Math.abs(want), floor);
  const error = scale === floor && floor > 0 ? Math.abs(got - want) / floor : relativeError(got, want);
  expect(error, `${label} got ${got}, want ${want}, relative error ${error.toExponential(2)}`).toBeLessThanOrEqual(
    tolerance,
  );
}
