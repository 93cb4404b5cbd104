import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/errors.ts';
import { DiscountedMoments, Moments } from '../../../src/stats/summaries/index.ts';
import { summaryContract } from '../../contracts/summary.contract.ts';
import { expectClose } from '../../support/golden.ts';

for (const discount of [0.9, 1]) {
  summaryContract({
    name: `DiscountedMoments, discount ${discount}`,
    create: () => new DiscountedMoments({ discount }),
    restore: DiscountedMoments.fromJSON,
    exact: () => [],
    close: (m) => ({ mean: [m.mean, 1e6], variance: [m.variance, 1e12], size: [m.effectiveSize, 100] }),
  });
}

describe('DiscountedMoments', () => {
  const xs = Array.from({ length: 50 }, (_, i) => ((i * 29) % 17) - 8);

  it('agrees with the definition: weights discount^age', () => {
    const discount = 0.8;
    const weights = xs.map((_, i) => discount ** (xs.length - 1 - i));
    const total = weights.reduce((a, b) => a + b);
    const mean = xs.reduce((sum, x, i) => sum + x * weights[i]!, 0) / total;
    const spread = xs.reduce((sum, x, i) => sum + weights[i]! * (x - mean) ** 2, 0) / total;
    const size = total ** 2 / weights.reduce((sum, w) => sum + w * w, 0);
    const moments = new DiscountedMoments({ discount }).pushAll(xs);
    expectClose(moments.mean, mean, 1e-13);
    expectClose(moments.effectiveSize, size, 1e-13);
    expectClose(moments.variance, (spread * size) / (size - 1), 1e-12);
    expectClose(moments.standardError, Math.sqrt(spread / (size - 1)), 1e-12);
  });

  it('with discount 1 is the plain mean and variance', () => {
    const plain = new Moments().pushAll(xs);
    const moments = new DiscountedMoments({ discount: 1 }).pushAll(xs);
    expectClose(moments.mean, plain.mean, 1e-14);
    expectClose(moments.variance, plain.variance, 1e-13);
  });

  it('tends to the effective size (1 + discount) / (1 - discount)', () => {
    const moments = new DiscountedMoments({ discount: 0.9 }).pushAll(new Float64Array(1000));
    expectClose(moments.effectiveSize, 19, 1e-12);
  });

  it('follows a level shift, however large, without losing the deviations', () => {
    const moments = new DiscountedMoments({ discount: 0.5 }).pushAll(xs);
    for (let i = 0; i < 3000; i += 1) moments.push(1e9 + (i % 2) / 1024);
    // Weights 1, 1/2, 1/4 … of alternating 1, 0, 1, … (in units of 1/1024): mean 2/3.
    expectClose(moments.mean - 1e9, 2 / 3 / 1024, 1e-3);
    expectClose(moments.variance, 2 / 9 / (1 - 1 / 3) / 1024 ** 2, 1e-9);
  });

  it('forgets nothing at an invalid observation', () => {
    const moments = new DiscountedMoments({ discount: 0.5 }).pushAll([1, 2]);
    const { mean, effectiveSize } = moments;
    moments.push(Number.NaN).push(1e300);
    expect([moments.mean, moments.effectiveSize, moments.invalid]).toEqual([mean, effectiveSize, 2]);
  });

  it('refuses discounts outside of (0, 1] and merges of unequal ones', () => {
    for (const discount of [0, 1.1, -1, Number.NaN]) {
      expect(() => new DiscountedMoments({ discount })).toThrow(InvalidOptionError);
    }
    const half = new DiscountedMoments({ discount: 0.5 });
    expect(half.discount).toBe(0.5);
    expect(() => half.merge(new DiscountedMoments({ discount: 0.6 }))).toThrow('discount must be the same');
  });
});
