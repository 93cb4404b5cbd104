import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/index.ts';
import { logBeta } from '../../../src/stats/special/index.ts';
import { logShapeBeta } from '../../../src/stats/special/logBeta.ts';
import { expectClose } from '../../support/golden.ts';

describe('logBeta', () => {
  it('is exact for whole parameters', () => {
    expectClose(logBeta(2, 3), -Math.log(12), 1e-15);
    expectClose(logBeta(12, 15), -Math.log(12 * 9657700), 1e-15);
    expectClose(logBeta(0.5, 0.5), Math.log(Math.PI), 1e-15);
    expectClose(logBeta(1, 1e6), -Math.log(1e6), 1e-15);
  });

  it('is symmetric', () => {
    for (const [a, b] of [
      [0.3, 7],
      [4, 8.5],
      [11, 1e6],
    ] as const) {
      expect(logBeta(a, b)).toBe(logBeta(b, a));
    }
  });

  it('keeps ln(a B(a, b)) where a is tiny: a (ψ(1) - ψ(b))', () => {
    expectClose(logShapeBeta(1e-200, 0.5), 2 * Math.LN2 * 1e-200, 1e-14);
    expectClose(logShapeBeta(5, 7), Math.log(5) + logBeta(5, 7), 1e-15);
  });

  it('refuses what is not finite and positive', () => {
    for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => logBeta(bad, 1)).toThrow(InvalidOptionError);
      expect(() => logBeta(1, bad)).toThrow(InvalidOptionError);
    }
  });

  it('is right where its formulas meet', () => {
    // By mpmath.
    for (const [a, b, want] of [
      [1e-10, 5, 23.025850929732123],
      [0.3, 1e6, -3.0488550675711994],
      [2.5, 7.5, -4.982780372849818],
      [30, 4000.5, -177.67667011340126],
    ] as const) {
      expectClose(logBeta(a, b), want, 1e-15, `${a}, ${b}`);
      expectClose(logBeta(b, a), want, 1e-15, `${b}, ${a}`);
    }
  });
});
