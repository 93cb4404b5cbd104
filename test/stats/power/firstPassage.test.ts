import { describe, expect, it } from 'vitest';
import {
  boundary,
  firstPassage,
  meanPassage,
  passageProbability,
  passageQuantile,
} from '../../../src/stats/power/firstPassage.ts';
import { expectClose } from '../../support/golden.ts';

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

describe('the first passage through the boundary of the normal mixture', () => {
  it('knows the slope of the boundary: it is the derivative of its height', () => {
    for (const alternative of ['two-sided', 'greater'] as const) {
      for (const [v, prior, alpha] of [
        [20, 50, 0.3],
        [400, 50, 0.05],
      ] as const) {
        const height = (at: number) => boundary(at, prior, alpha, alternative).height;
        const want = (height(v + 1e-3) - height(v - 1e-3)) / 2e-3;
        expectClose(boundary(v, prior, alpha, alternative).slope, want, 1e-6, `${alternative} at ${v}`);
      }
    }
  });

  it('goes from the first look to certainty, never back, with a probability for each time', () => {
    const { n, probability } = firstPassage({
      drift: 0.1,
      alpha: 0.05,
      alternative: 'two-sided',
      horizon: 3000,
      burnIn: 100,
    });
    expect(probability).toHaveLength(n.length);
    expect(n[0]).toBe(100);
    for (let i = 1; i < n.length; i += 1) {
      expect(n[i]).toBeGreaterThan(n[i - 1]!);
      expect(probability[i]).toBeGreaterThanOrEqual(probability[i - 1]!);
    }
    expectClose(probability.at(-1)!, 1, 1e-6);
  });

  it('takes the rate right after a late first look to be flat, in the root of the logarithm of time', () => {
    const { probability } = firstPassage({
      drift: 0.002,
      alpha: 0.05,
      alternative: 'two-sided',
      horizon: 3e6,
      burnIn: 1e6,
    });
    expectClose((probability[1]! - probability[0]!) / (probability[2]! - probability[1]!), 1, 0.05);
  });
});
