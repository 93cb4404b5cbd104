import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minusProducts } from '../../../src/stats/special/products.ts';
import { expectClose } from '../../support/golden.ts';

const UNIT = 2n ** 60n;
/** c - a x - b x where x = m / 2^60, rounded once: whole numbers are exact. */
const exact = (c: number, a: number, b: number, m: number) => {
  const numerator = BigInt(c) * UNIT - (BigInt(a) + BigInt(b)) * BigInt(m);
  return Number(numerator) / 2 ** 60;
};
const whole = fc.maxSafeInteger().map(Math.abs);

describe('minusProducts', () => {
  it('is rounded once, however much cancels', () => {
    fc.assert(
      fc.property(whole, whole, whole, fc.integer({ min: -9, max: 9 }), (a, b, m, nearby) => {
        const x = m / 2 ** 60;
        const c = Math.round((a + b) * x) + nearby;
        if (!Number.isSafeInteger(c)) return;
        const want = exact(c, a, b, m);
        expect(Math.abs(minusProducts(c, a, b, x) - want)).toBeLessThanOrEqual(3e-16 * Math.abs(want) + 1e-32 * c);
      }),
      { seed: 42, numRuns: 500 },
    );
    // The rounded products alone leave 0 here.
    const [a, x] = [2 ** 27 + 1, (2 ** 27 + 1) / 2 ** 60];
    expect(minusProducts(a * x, a, 0, x)).not.toBe(0);
    expectClose(minusProducts(a * x, a, 0, x), -(2 ** -60), 1e-15);
  });

  it('is the plain difference where parameters are small, or too large or small for exact products', () => {
    for (const [c, a, b, x] of [
      [1, 2, 3, 0.1],
      [1e200, 1e180, 1e179, 1e20],
      [1, 200, 300, 1e-160],
      [1, 1, 1e301, 1e-3],
      [1e170, 200, 300, 1e160],
      [0, 1e-300, 1e-300, 1e-300],
    ] as const) {
      expect(minusProducts(c, a, b, x)).toBe(c - a * x - b * x);
    }
  });

  it('keeps the rounding of either product, and of either difference, by itself', () => {
    // (1 + 2^-30)^2 = 1 + 2^-29 + 2^-60, whose last term no product keeps.
    const near = 1 + 2 ** -30;
    expect(minusProducts(200 * (1 + 2 ** -29), 200 * near, 0, near)).toBe(-200 * 2 ** -60);
    expect(minusProducts(200 * (1 + 2 ** -29), 0, 200 * near, near)).toBe(-200 * 2 ** -60);
    expect(minusProducts(2 ** 60, 2 ** 60 - 2 ** 8, 2 ** 7 + 1, 1)).toBe(2 ** 7 - 1);
    expect(minusProducts(1, 2 ** 60, 2 ** 8 - 2 ** 60, 1)).toBe(-255);
    // The first difference rounds by 1, the second one by 2^-20.
    expect(minusProducts(2 ** 54, 1, 2 ** 54 - 2, 1)).toBe(1);
    expect(minusProducts(2 ** 40, 2 ** 40 - 2 ** 34, 2 ** 34 - 2 ** -18, 1)).toBe(2 ** -18);
    // Both round, by 28 and 38 where doubles are 128 apart: together by more than half of that.
    expect(minusProducts(2 ** 60, 100, 90, 1)).toBe(2 ** 60 - 128);
    expect(minusProducts(0, 1000, 1, 1e300)).toBe(-1000e300 - 1e300);
  });
});
