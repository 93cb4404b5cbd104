import { describe, expect, it } from 'vitest';
import { logRatioInformation } from '../../../src/stats/sequential/index.ts';
import { logRatioPart, NOTHING } from '../../../src/stats/sequential/logRatioPart.ts';
import { expectClose } from '../../support/golden.ts';

const moments = (n: number, mean: number, variance: number) => ({ n, mean, variance });

describe('logRatioPart', () => {
  it('is logRatioInformation with the conservative standard error', () => {
    for (const [first, second] of [
      [moments(10, 2, 3), moments(200, 5, 0.5)],
      [moments(200, 2, 3), moments(10, 5, 0.5)],
      [moments(2, 1, 1), moments(2, 3, 0)],
      [moments(2, 1, 0), moments(3, 3, 2)],
    ] as const) {
      for (const exponent of [0.5, 1, 2]) {
        const want = logRatioInformation(first, second, { exponent, standardError: 'conservative' });
        const got = logRatioPart(first, second, exponent);
        expectClose(got.estimate, want.estimate, 1e-14);
        expectClose(got.information, want.information, 1e-13);
        expect(got.information).toBeGreaterThan(0);
      }
    }
  });

  it('says nothing of too few, of means that are not positive and of what does not vary', () => {
    const good = moments(10, 2, 3);
    for (const poor of [moments(1, 2, 3), moments(10, 0, 3), moments(10, -1, 3)]) {
      expect(logRatioPart(poor, good, 1)).toEqual(NOTHING);
      expect(logRatioPart(good, poor, 1)).toEqual(NOTHING);
    }
    expect(logRatioPart(moments(10, 2, 0), moments(10, 2, 0), 1)).toEqual(NOTHING);
  });
});
