import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalMixtureBoundary, normalMixtureTest } from '../../../src/stats/sequential/index.ts';

it('crosses exactly where the boundary does, on each side', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -200, max: 200, noNaN: true }),
      fc.double({ min: 0, max: 1e4, noNaN: true }),
      fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
      fc.double({ min: 1e-6, max: 0.5, noNaN: true }),
      fc.constantFrom('two-sided' as const, 'less' as const, 'greater' as const),
      (score, information, rho, alpha, alternative) => {
        const options = { rho, alpha, alternative };
        const boundary = normalMixtureBoundary(information, options);
        const towards = alternative === 'two-sided' ? Math.abs(score) : alternative === 'greater' ? score : -score;
        // Within rounding of the boundary either answer is right.
        fc.pre(Math.abs(towards - boundary) > 1e-9 * boundary);
        expect(normalMixtureTest(options)(score, information)).toBe(towards > boundary);
      },
    ),
    { seed: 42, numRuns: 500 },
  );
});

it('crosses just beyond the boundary and not just before, whatever prior, level and information', () => {
  for (const rho of [0.01, 3, 400]) {
    for (const alpha of [1e-6, 0.05, 0.5]) {
      for (const information of [0.5, 20, 9000]) {
        for (const alternative of ['two-sided', 'greater'] as const) {
          const options = { rho, alpha, alternative };
          const boundary = normalMixtureBoundary(information, options);
          const crosses = normalMixtureTest(options);
          expect(crosses(boundary * (1 + 1e-9), information)).toBe(true);
          expect(crosses(boundary * (1 - 1e-9), information)).toBe(false);
        }
      }
    }
  }
});

it('refuses what the boundary refuses', () => {
  expect(() => normalMixtureTest({ rho: 0, alpha: 0.05 })).toThrow('rho must be');
  expect(() => normalMixtureTest({ rho: 1, alpha: 1 })).toThrow('alpha must be');
  expect(normalMixtureTest({ rho: 12.6, alpha: 0.05, alternative: 'greater' })(30, 100)).toBe(true);
});
