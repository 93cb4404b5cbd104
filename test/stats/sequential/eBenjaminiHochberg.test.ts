import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eBenjaminiHochberg } from '../../../src/stats/sequential/index.ts';
import { expectClose } from '../../support/golden.ts';

describe('eBenjaminiHochberg', () => {
  it('rejects the k largest where the k-th is at least m / (alpha k)', () => {
    const direct = (list: readonly number[], alpha: number) => {
      const sorted = [...list].sort((a, b) => b - a);
      let k = 0;
      for (let i = 1; i <= sorted.length; i += 1) if (Math.exp(sorted[i - 1]!) >= list.length / (alpha * i)) k = i;
      return list.map((log) => k > 0 && log >= sorted[k - 1]!);
    };
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 8, noNaN: true }), { maxLength: 12 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (list, alpha) => {
          const result = eBenjaminiHochberg(list, { alpha });
          expect(result.rejected).toEqual(direct(list, alpha));
          expect(result.alpha).toBe(alpha);
        },
      ),
      { seed: 42, numRuns: 500 },
    );
  });

  it('gives adjusted p-values in the order of the hypotheses', () => {
    const { adjusted, rejected } = eBenjaminiHochberg([0, Math.log(100), Math.log(30)]);
    expectClose(adjusted[1]!, 0.03, 1e-12);
    expectClose(adjusted[2]!, 0.05, 1e-12);
    expect(adjusted[0]).toBe(1);
    expect(rejected[1]).toBe(true);
    expect(rejected[0]).toBe(false);
    // At alpha itself it rejects.
    expect(eBenjaminiHochberg([1], { alpha: Math.exp(-1) }).rejected).toEqual([true]);
    expect(eBenjaminiHochberg([]).adjusted).toEqual([]);
    expect(() => eBenjaminiHochberg([Number.NaN])).toThrow('logEValues[0]');
    expect(() => eBenjaminiHochberg([0], { alpha: 1 })).toThrow('alpha');
  });
});
