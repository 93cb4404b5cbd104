import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logGamma } from '../../../src/stats/special/index.ts';
import { logGammaRatio } from '../../../src/stats/special/logGammaRatio.ts';
import { expectClose } from '../../support/golden.ts';

const x = fc.double({ min: Math.log(1e-3), max: Math.log(1e6), noNaN: true }).map(Math.exp);

describe('logGammaRatio', () => {
  it('is ln x for a step of 1, and 0 for none', () => {
    fc.assert(
      fc.property(x, (at) => {
        expectClose(logGammaRatio(at, 1), Math.log(at), 1e-14, `x = ${at}`, 1);
        expect(logGammaRatio(at, 0)).toBeCloseTo(0, 300);
      }),
      { seed: 42 },
    );
  });

  it('is the difference of log-gammas where that keeps its digits', () => {
    fc.assert(
      fc.property(x, fc.double({ min: 0.1, max: 1, noNaN: true }), (at, h) => {
        const [upper, lower] = [logGamma(at + h), logGamma(at)];
        const lost = (Math.abs(upper) + Math.abs(lower) + 1) * 1e-14;
        expect(Math.abs(logGammaRatio(at, h) - (upper - lower))).toBeLessThanOrEqual(lost);
      }),
      { seed: 42 },
    );
  });

  it('is h times the digamma function for the smallest h', () => {
    for (const h of [1e-5, 1e-12, 1e-100]) {
      // ψ(1) = -γ, ψ(1/2) = -γ - 2 ln 2, ψ(20) by its harmonic number; the second term is h^2 ψ'(x) / 2.
      const gamma = 0.5772156649015329;
      const harmonic = Array.from({ length: 19 }, (_, k) => 1 / (19 - k)).reduce((a, b) => a + b, 0);
      expectClose(logGammaRatio(1, h), -gamma * h + (h * h * Math.PI ** 2) / 12, 1e-9, `h = ${h}`);
      expectClose(logGammaRatio(0.5, h), -(gamma + 2 * Math.LN2) * h + (h * h * Math.PI ** 2) / 4, 1e-9, `h = ${h}`);
      expectClose(logGammaRatio(20, h) / h, harmonic - gamma + (h / 2) * 0.0512708, 1e-11, `h = ${h}`);
    }
  });
});
