import { expect } from 'vitest';
import { Moments } from '../../../src/stats/summaries/index.ts';
import type { Estimate, EstimateResult, SampleMoments } from '../../../src/stats/types.ts';

/** The conclusive result, or a failed test. */
export function conclusive<R extends EstimateResult>(result: R): Extract<R, Estimate> {
  if (result.status !== 'ok') throw new Error(`inconclusive: ${result.reason}`);
  return result as Extract<R, Estimate>;
}

export function momentsOf(values: Iterable<number>): SampleMoments {
  return new Moments().pushAll(values);
}

/** What every anytime-valid estimate keeps. `agree` where the p-value belongs to the interval exactly. */
export function expectSound(result: Estimate, nullValue: number, agree = true): void {
  const [low, high] = result.interval;
  expect(result.validity).toBe('anytime');
  expect(low).toBeLessThanOrEqual(result.estimate);
  expect(high).toBeGreaterThanOrEqual(result.estimate);
  expect(result.pValue).toBeGreaterThanOrEqual(0);
  expect(result.pValue).toBeLessThanOrEqual(1);
  // An e-value is never weaker than the p-value says.
  const strength = Math.min(0, -result.logEValue!) - 1e-9;
  if (result.pValue > 1e-290) expect(Math.log(result.pValue)).toBeGreaterThanOrEqual(strength);
  if (!agree) return;
  const alpha = 1 - result.level;
  if (result.pValue < alpha * (1 - 1e-6)) expect(low <= nullValue && nullValue <= high).toBe(false);
  if (result.pValue > alpha * (1 + 1e-6)) expect(low <= nullValue && nullValue <= high).toBe(true);
}
