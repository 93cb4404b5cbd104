import { expect } from 'vitest';
import type { ChaosReport } from './chaos.ts';

/** What must hold after any chaos. */
export function expectSound(report: ChaosReport): void {
  const { acknowledged, held, phases, shares, lost } = report;
  expect(report.failures).toBe('');
  expect(report.servedWhileAway).toBeGreaterThan(100);
  expect(report.flushes).toBeGreaterThan(50);
  for (const one of held) {
    for (const [strategy, tallies] of Object.entries(acknowledged))
      expect({ strategy, ...one[strategy] }).toEqual({ strategy, ...tallies });
  }
  expect(new Set(phases)).toEqual(new Set(['["rolled-back",null]']));
  expect(new Set(shares).size).toBe(1);
  expect(shares[0]).toContain('0.5');
  // The flush that was under way, and the interval that had not ended.
  for (const { flushes } of lost) expect(flushes).toBeLessThanOrEqual(1);
}
