import { describe, expect, it } from 'vitest';
import { normalMixtureBoundary, normalMixtureRho, stitchedBoundary } from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';

describe('stitchedBoundary', () => {
  it('has the values of the formula', () => {
    // Python with mpmath.zeta(1.4): the formula of theorem 1 with eta = 2, s = 1.4.
    expectClose(stitchedBoundary(100, { alpha: 0.05, start: 10 }), 35.68049029888615, 1e-12);
    expectClose(stitchedBoundary(100, { alpha: 0.05, start: 10, scale: 3 }), 64.487546659065, 1e-12);
    // With scales c and -c the two boundaries multiply to the square of the one at 0.
    const at = (scale: number) => stitchedBoundary(100, { alpha: 0.05, start: 10, scale });
    expectClose(at(-3) * at(3), at(0) ** 2, 1e-14);
    expectClose(at(-3e6) * at(3e6), at(0) ** 2, 1e-14);
    expect(stitchedBoundary(3, { alpha: 0.05, start: 10 })).toBe(stitchedBoundary(10, { alpha: 0.05, start: 10 }));
  });

  it('is wider than the mixture where that is tuned, narrower in the very long run', () => {
    const rho = normalMixtureRho({ horizon: 1000, alpha: 0.05, alternative: 'greater' });
    const ratio = (v: number) =>
      stitchedBoundary(v, { alpha: 0.05, start: 100 }) /
      normalMixtureBoundary(v, { rho, alpha: 0.05, alternative: 'greater' });
    expect(ratio(1000)).toBeGreaterThan(1);
    expect(ratio(1e60)).toBeLessThan(1);
  });

  it('refuses what cannot be', () => {
    expect(() => stitchedBoundary(-1, { alpha: 0.05, start: 1 })).toThrow('variance');
    expect(() => stitchedBoundary(1, { alpha: 0.05, start: 0 })).toThrow('start');
    expect(() => stitchedBoundary(1, { alpha: 1, start: 1 })).toThrow('alpha');
  });
});
