import { describe, expect, it } from 'vitest';
import { covarianceOf, delongComponents } from '../../../src/stats/quality/delongComponents.ts';

describe('delongComponents', () => {
  it('places every observation among those of the other class', () => {
    const { auc, positives, negatives } = delongComponents([0.9, 0.4, 0.4, 0.1, 0.6], [1, 1, 0, 0, 0]);
    // 0.9 is above all three; 0.4 ties with one and is above one.
    expect(positives).toEqual(Float64Array.of(1, 0.5));
    expect(negatives).toEqual(Float64Array.of(0.75, 1, 0.5));
    expect(auc).toBe(0.75);
  });

  it('has the covariance of the textbook, about means that are not 0', () => {
    const [a, b] = [Float64Array.of(1, 2, 6), Float64Array.of(5, 3, 13)];
    expect(covarianceOf(a, a)).toBe(7);
    expect(covarianceOf(a, b)).toBe(13);
    expect(covarianceOf(b, a)).toBe(13);
  });
});
