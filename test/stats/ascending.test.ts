import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/random/index.ts';
import { ascending } from '../../src/stats/ascending.ts';
import { radixSort } from '../../src/stats/radixSort.ts';

describe('ascending', () => {
  it('sorts as numbers, and leaves the argument alone', () => {
    const values = [10, 9, -1, 100];
    expect([...ascending(values)]).toEqual([-1, 9, 10, 100]);
    expect(values).toEqual([10, 9, -1, 100]);
  });

  const rng = createRng(3);
  const shapes: Record<string, () => number> = {
    'both signs': () => rng.next() - 0.5,
    'all sizes': () => (rng.next() - 0.5) * 10 ** (600 * rng.next() - 300),
    'few values': () => Math.floor(5 * rng.next()) - 2,
    'equal upper words': () => 1e9 + 1e-3 * rng.next(),
    'negative only': () => -1e-5 * rng.next(),
    'subnormal and zero': () => (rng.next() < 0.3 ? 0 : 5e-324 * Math.floor(100 * rng.next())),
    constant: () => 7,
  };
  for (const [name, draw] of Object.entries(shapes)) {
    it(`agrees with the engine's sort for long samples: ${name}`, () => {
      const values = Float64Array.from({ length: 5000 }, draw);
      expect(ascending(values)).toEqual(values.slice().sort());
    });
  }
});

describe('radixSort', () => {
  it("agrees with the engine's sort at any length, infinities included", () => {
    fc.assert(
      fc.property(fc.float64Array({ noNaN: true, maxLength: 60 }), (values) => {
        const plain = values.map((v) => v + 0);
        expect(radixSort(plain)).toEqual(plain.slice().sort());
      }),
      { seed: 42 },
    );
  });
});
