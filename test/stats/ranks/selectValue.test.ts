import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectValue } from '../../../src/stats/ranks/selectValue.ts';

describe('selectValue', () => {
  it('finds what sorting finds, at every rank, whatever the order and the ties', () => {
    const some = fc.oneof(
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 40 }),
      fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 40 }),
    );
    fc.assert(
      fc.property(some, (list) => {
        const values = list.map((v) => v + 0);
        const sorted = Float64Array.from(values).sort();
        for (let rank = 1; rank <= values.length; rank += 1) {
          expect(selectValue(Float64Array.from(values), rank)).toBe(sorted[rank - 1]);
          expect(selectValue(sorted.slice(), rank)).toBe(sorted[rank - 1]);
          expect(selectValue(sorted.slice().reverse(), rank)).toBe(sorted[rank - 1]);
        }
      }),
      { seed: 42 },
    );
  });

  it('does not lose its way in long constant or sorted lists', () => {
    expect(selectValue(new Float64Array(200_000).fill(3), 100_000)).toBe(3);
    expect(
      selectValue(
        Float64Array.from({ length: 200_000 }, (_, i) => i),
        150_000,
      ),
    ).toBe(149_999);
  });
});
