import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceError } from '../../../src/stats/sequential/differenceError.ts';
import { asymptoticDifferenceSequence, logRatioInformation } from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';
import { conclusive } from './support.ts';

const spread = fc.record({
  n: fc.integer({ min: 2, max: 100_000 }),
  variance: fc.double({ min: 0, max: 1e6, noNaN: true }),
});

describe('differenceError', () => {
  it('is Welch or larger, and Welch where the sizes or the variances are equal', () => {
    fc.assert(
      fc.property(spread, spread, (a, b) => {
        const welch = Math.sqrt(a.variance / a.n + b.variance / b.n);
        expectClose(differenceError(a, b, false), welch, 1e-14);
        expect(differenceError(a, b, true)).toBeGreaterThanOrEqual(welch);
        expectClose(differenceError(a, { ...b, n: a.n }, true), differenceError(a, { ...b, n: a.n }, false), 1e-12);
        const same = { ...b, variance: a.variance };
        expectClose(differenceError(a, same, true), differenceError(a, same, false), 1e-12);
        expectClose(differenceError(b, a, true), differenceError(a, b, true), 1e-12);
      }),
      { seed: 42, numRuns: 300 },
    );
  });

  it('keeps a small sample without events from looking certain', () => {
    // 0 of 100 against 9 of 900: Welch says z = -3, and one in four such tests at 1 % each would alarm.
    const small = { n: 100, mean: 0, variance: 0 };
    const large = { n: 900, mean: 0.01, variance: 0.0099 };
    const welch = conclusive(asymptoticDifferenceSequence(small, large, { standardError: 'welch' }));
    const usual = conclusive(asymptoticDifferenceSequence(small, large));
    expect(welch.estimate / welch.standardError!).toBeLessThan(-3);
    expect(usual.estimate / usual.standardError!).toBeGreaterThan(-1.1);
  });

  it('serves the log-ratio where asked', () => {
    const small = { n: 100, mean: 1, variance: 0.5 };
    const large = { n: 900, mean: 1, variance: 4 };
    const welch = logRatioInformation(small, large);
    expectClose(welch.information, 1 / (0.5 / 100 + 4 / 900), 1e-12);
    const pooled = (99 * 0.5 + 899 * 4) / 998;
    const careful = logRatioInformation(small, large, { standardError: 'conservative' });
    expectClose(careful.information, 1 / (pooled / 100 + pooled / 900), 1e-12);
    expect(() => logRatioInformation(small, large, { standardError: 'pooled' as never })).toThrow('standardError');
  });
});
