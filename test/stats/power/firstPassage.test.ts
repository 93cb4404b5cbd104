import { describe, expect, it } from 'vitest';
import { meanPassage, passageProbability, passageQuantile } from '../../../src/stats/power/firstPassage.ts';

describe('a curve of first passages', () => {
  const curve = { n: Float64Array.of(10, 20, 40), probability: Float64Array.of(0.2, 0.6, 0.9) };

  it('is read in both directions by straight lines', () => {
    for (const [n, p] of [
      [10, 0.2],
      [15, 0.4],
      [20, 0.6],
      [30, 0.75],
      [40, 0.9],
    ] as const) {
      expect(passageProbability(curve, n)).toBeCloseTo(p, 14);
      expect(passageQuantile(curve, p)).toBeCloseTo(n, 12);
    }
    expect(passageProbability(curve, 9.99)).toBe(0);
    expect(passageProbability(curve, 1e9)).toBe(0.9);
    expect(passageQuantile(curve, 0.1)).toBe(10);
    expect(passageQuantile(curve, 0.95)).toBe(40);
  });

  it('has the area above it as its mean, up to where everything stops', () => {
    expect(meanPassage(curve, 5)).toBe(5);
    expect(meanPassage(curve, 10)).toBe(10);
    expect(meanPassage(curve, 15)).toBeCloseTo(10 + 5 * (1 - 0.3), 12);
    expect(meanPassage(curve, 40)).toBeCloseTo(10 + 10 * (1 - 0.4) + 20 * (1 - 0.75), 12);
    expect(meanPassage(curve, 1e9)).toBeCloseTo(meanPassage(curve, 40), 12);
  });
});
