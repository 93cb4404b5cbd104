import { describe, expect, it } from 'vitest';
import { normalMixtureBoundary, normalMixtureRho } from '../../../src/stats/sequential/index.ts';

describe('normalMixtureRho', () => {
  it('is tightest at its horizon where exact, and close to that where approximate', () => {
    for (const alpha of [0.2, 0.05, 0.01, 1e-6]) {
      const width = (rho: number) => normalMixtureBoundary(1000, { rho, alpha });
      const exact = normalMixtureRho({ horizon: 1000, alpha, form: 'exact' });
      expect(width(exact)).toBeLessThan(width(exact * 1.01));
      expect(width(exact)).toBeLessThan(width(exact * 0.99));
      expect(width(normalMixtureRho({ horizon: 1000, alpha })) / width(exact)).toBeLessThan(1.001);
    }
  });

  it('tunes one-sided sequences at twice alpha', () => {
    const one = normalMixtureRho({ horizon: 7, alpha: 0.02, alternative: 'greater' });
    expect(one).toBe(normalMixtureRho({ horizon: 7, alpha: 0.04 }));
  });
});
