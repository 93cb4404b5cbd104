import { describe, expect, it } from 'vitest';
import { normalDistribution } from '../../../src/stats/distributions/index.ts';
import { noncentralityInterval } from '../../../src/stats/tests/noncentralityInterval.ts';
import { expectClose } from '../../support/golden.ts';

describe('noncentralityInterval', () => {
  it('is that of SciPy', () => {
    // brentq over ncx2.cdf.
    for (const [statistic, df, level, lower, upper] of [
      [15.2, 1, 0.95, 3.758765940449253, 34.324151525129544],
      [3, 2, 0.95, 0, 12.152786162659673],
      [30, 4, 0.99, 6.265946707163777, 61.21694028314912],
      [300, 6, 0.9, 240.96906594714568, 354.45159045632835],
    ] as const) {
      const [low, high] = noncentralityInterval(statistic, df, level);
      expectClose(low, lower, 2e-8, `lower of ${statistic}`);
      expectClose(high, upper, 2e-8, `upper of ${statistic}`);
    }
  });

  it('is close to it where the approximation takes over, at any size', () => {
    for (const [statistic, df, level, lower, upper] of [
      [1500, 3, 0.95, 1350.0745641443532, 1653.6096180042846],
      [5000, 3, 0.95, 4724.688605544209, 5278.994691105513],
    ] as const) {
      const [low, high] = noncentralityInterval(statistic, df, level);
      expectClose(low, lower, 1e-6, `lower of ${statistic}`);
      expectClose(high, upper, 1e-6, `upper of ${statistic}`);
    }
    const [low, high] = noncentralityInterval(1e9, 3, 0.95);
    expectClose((high - low) / (4 * 1.959963984540054 * Math.sqrt(1e9)), 1, 1e-4);
  });

  it('is that of a squared normal at one degree of freedom, at levels far out', () => {
    for (const level of [0.9999, 1 - 1e-9]) {
      const z = normalDistribution.isf((1 - level) / 2);
      const [, high] = noncentralityInterval(30, 1, level);
      expectClose(high, (Math.sqrt(30) + z) ** 2, 1e-7, `${level}`);
    }
  });

  it('is a point where the statistic is far below its degrees of freedom, and contains what it estimates', () => {
    expect(noncentralityInterval(0.1, 5, 0.95)).toEqual([0, 0]);
    for (const level of [1e-6, 0.5, 0.99]) {
      for (const statistic of [0.5, 3, 3.5, 40, 2000]) {
        const [low, high] = noncentralityInterval(statistic, 3, level);
        const centre = Math.max(0, statistic - 3);
        expect(low >= 0 && low <= centre && centre <= high, `${level}, ${statistic}: ${low}, ${high}`).toBe(true);
      }
    }
  });
});
