import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bernoulliKl, klLower, klUpper, klUpperStart } from '../../../src/bandits/policies/bernoulliKl.ts';
import { expectClose, readGolden } from '../../support/golden.ts';

interface Edge {
  readonly mean: number;
  readonly pulls: number;
  readonly t: number;
  readonly upper: number;
  readonly lower: number;
}
const golden = readGolden<{ klucb_edge: Edge[]; lai_robbins: { mu: number[]; C: number }[] }>('bandits.json');

describe('klUpper and klLower', () => {
  it.each(golden.klucb_edge)('mean $mean, $pulls pulls, t = $t', ({ mean, pulls, t, upper, lower }) => {
    expectClose(klUpper(mean, Math.log(t) / pulls), upper, 1e-12, 'upper');
    expectClose(klLower(mean, Math.log(t) / pulls), lower, 1e-9, 'lower');
  });

  it('solve kl(p, q) = budget from both sides, and the cheap bound lies above', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
        fc.double({ min: 1e-8, max: 20, noNaN: true }),
        (p, budget) => {
          const upper = klUpper(p, budget);
          const lower = klLower(p, budget);
          expect(lower).toBeLessThan(p);
          expect(upper).toBeGreaterThan(p);
          expect(klUpperStart(p, budget)).toBeGreaterThanOrEqual(upper * (1 - 1e-15));
          // The divergence itself is a sum of terms of size one or below that cancel: 4e-16 is what it can be off by.
          const off = (q: number): number => Math.abs(bernoulliKl(p, q) - budget);
          if (upper < 1 - 1e-6) expect(off(upper)).toBeLessThan(4e-16 + 1e-9 * budget);
          if (lower > 1e-300) expect(off(lower)).toBeLessThan(4e-16 + 1e-12 * budget);
        },
      ),
      { seed: 42, numRuns: 2000 },
    );
  });

  it('hold the ends', () => {
    expect(klUpper(1, 0.3)).toBe(1);
    expect(klLower(0, 0.3)).toBe(0);
    expectClose(klUpper(0, 1e-10), 1e-10, 1e-9);
    expectClose(klLower(1, 2), Math.exp(-2), 1e-15);
    expect(klUpper(0.4, 0)).toBe(0.4);
    expect(klLower(0.4, 0)).toBe(0.4);
    expect(klUpper(0.5, 800)).toBe(1);
  });
});

describe('bernoulliKl', () => {
  it.each(golden.lai_robbins)('gives the Lai-Robbins constant of $mu', ({ mu, C }) => {
    const best = Math.max(...mu);
    const sum = mu.reduce((total, p) => total + (p < best ? (best - p) / bernoulliKl(p, best) : 0), 0);
    expectClose(sum, C, 1e-9);
  });

  it('is 0 at equality and infinite where q excludes what p allows', () => {
    expect(bernoulliKl(0.3, 0.3)).toBe(0);
    expect(bernoulliKl(0.5, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(bernoulliKl(0.5, 0)).toBe(Number.POSITIVE_INFINITY);
    expect(bernoulliKl(1, 1)).toBe(0);
  });
});
