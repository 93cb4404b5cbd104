import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, exponential, normal } from '../../../src/random/index.ts';
import { ascending } from '../../../src/stats/ascending.ts';
import type { PairSet } from '../../../src/stats/ranks/PairSet.ts';
import { pairDifferences } from '../../../src/stats/ranks/pairDifferences.ts';
import { selectPairs } from '../../../src/stats/ranks/selectPairs.ts';
import { walshAverages } from '../../../src/stats/ranks/walshAverages.ts';

function allDifferences(x: Float64Array, y: Float64Array): Float64Array {
  const all = new Float64Array(x.length * y.length);
  x.forEach((a, i) => {
    for (let j = 0; j < y.length; j += 1) all[i * y.length + j] = a - y[j]!;
  });
  return ascending(all);
}

function allAverages(x: Float64Array): Float64Array {
  const all: number[] = [];
  for (let i = 0; i < x.length; i += 1) for (let j = i; j < x.length; j += 1) all.push((x[i]! + x[j]!) / 2);
  return ascending(all);
}

const everyRank = (size: number) =>
  [1, 2, Math.ceil(size / 3), Math.ceil(size / 2), size - 1, size].filter((r) => r >= 1 && r <= size);

function expectSame(pairs: PairSet, all: Float64Array): void {
  const ranks = everyRank(all.length);
  expect(pairs.size).toBe(all.length);
  expect(selectPairs(pairs, ranks)).toEqual(ranks.map((rank) => all[rank - 1]));
}

describe('selectPairs', () => {
  const small = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 20 });

  /** A set whose k-th value is `f(k)`, never written down; `steps` is how many observations it says it has. */
  function imagined(size: number, f: (k: number) => number, steps = 10, coarse?: PairSet) {
    const upTo = (t: number, inclusive: boolean) => {
      let [low, high] = [0, size];
      while (low < high) {
        const k = Math.floor((low + high) / 2);
        if (f(k + 1) < t || (inclusive && f(k + 1) === t)) low = k + 1;
        else high = k;
      }
      return low;
    };
    const asked = { splits: 0, windows: 0 };
    const pairs: PairSet = {
      size,
      steps,
      min: f(1),
      max: f(size),
      split: (t) => {
        asked.splits += 1;
        if (asked.splits > 500) throw new Error('lost its way');
        const atMost = upTo(t, true);
        const below = atMost === 0 ? Number.NEGATIVE_INFINITY : f(atMost);
        return { atMost, below, above: atMost === size ? Number.POSITIVE_INFINITY : f(atMost + 1) };
      },
      window: (low, high, limit) => {
        asked.windows += 1;
        if (asked.windows > 500) throw new Error('lost its way');
        const [less, end] = [upTo(low, false), upTo(high, true)];
        if (end - less > limit) return undefined;
        return { less, values: Float64Array.from({ length: Math.max(0, end - less) }, (_, i) => f(less + 1 + i)) };
      },
      thin: () => coarse,
    };
    return { pairs, asked };
  }

  // With the most splits and windows that the search may ask for, for ten ranks one by one and for nine at once.
  const curves: readonly (readonly [string, (share: number) => number, number[]])[] = [
    ['even', (share) => share, [20, 8]],
    ['long tail', (share) => share ** 9, [200, 52]],
    ['long lower tail', (share) => -((1 - share) ** 9), [317, 102]],
    ['two heaps', (share) => (share < 0.5 ? share : 1e9 + share), [32, 22]],
    ['neighbouring doubles', (share) => 1 + (share < 0.4 ? 1 : 2) * Number.EPSILON, [36, 2]],
    ['a range that overflows', (share) => (2 * share - 1) * 1.5e308, [76, 12]],
    ['ties', (share) => Math.floor(1000 * share), [60, 26]],
  ];
  for (const [name, curve, [most, mostAtOnce]] of curves) {
    it(`finds each rank among thousands of millions that nobody writes down: ${name}`, () => {
      const size = 2 ** 32;
      const f = (k: number) => curve(k / size);
      let looks = 0;
      for (const share of [1 / size, 1e-6, 0.1, 0.499999, 0.5, 0.50001, 0.7, 0.99, 1 - 1e-7, 1]) {
        const rank = Math.round(share * size);
        const { pairs, asked } = imagined(size, f);
        expect(selectPairs(pairs, [rank])).toEqual([f(rank)]);
        looks += asked.splits + asked.windows;
      }
      expect(looks).toBeLessThanOrEqual(most!);
      const { pairs, asked } = imagined(size, f);
      const ranks = [1, 2, 3, 1e9, 1e9 + 1, 1e9 + 500, 2e9, size - 1, size];
      expect(selectPairs(pairs, ranks)).toEqual(ranks.map(f));
      expect(asked.splits + asked.windows).toBeLessThanOrEqual(mostAtOnce!);
    });
  }

  it('writes down a small set at once: of 2000 pairs, or as many as there are observations, up to 100 000', () => {
    const cases = [
      [2000, 10, 1],
      [2001, 10, 2],
      [5000, 5000, 1],
      [5001, 5000, 2],
      [1e5, 1e6, 1],
      [100_001, 1e6, 2],
    ];
    for (const [size, steps, windows] of cases as [number, number, number][]) {
      const { pairs, asked } = imagined(size, (k) => k, steps);
      expect(selectPairs(pairs, [1, size])).toEqual([1, size]);
      expect(asked).toEqual({ splits: 0, windows });
    }
  });

  it('asks no thinned sample for what can be written down at once', () => {
    const coarse = imagined(10, (k) => 200 * k);
    const { pairs, asked } = imagined(2000, (k) => k, 10, coarse.pairs);
    expect(selectPairs(pairs, [1, 700])).toEqual([1, 700]);
    expect([asked, coarse.asked]).toEqual([
      { splits: 0, windows: 1 },
      { splits: 0, windows: 0 },
    ]);
  });

  it('starts from what a thinned sample says', () => {
    const size = 2 ** 32;
    const f = (k: number) => (k / size) ** 9;
    const coarse = imagined(1001, (k) => ((k - 0.5) / 1001) ** 9);
    const fine = imagined(size, f, 10, coarse.pairs);
    for (const share of [0, 1e-9, 0.3, 0.5, 0.9, 1]) {
      const rank = Math.max(1, Math.round(share * size));
      expect(selectPairs(fine.pairs, [rank])).toEqual([f(rank)]);
    }
    expect(coarse.asked.splits).toBe(0);
    expect(fine.asked.splits + fine.asked.windows).toBeLessThanOrEqual(29);
  });

  it('finds what sorting all pairs finds', () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const [x, y] = [ascending(a), ascending(b)];
        expectSame(pairDifferences(x, y), allDifferences(x, y));
        expectSame(walshAverages(x), allAverages(x));
      }),
      { seed: 42 },
    );
  });

  // Large enough for thinning, splitting and windows; heavy ties, long tails and gaps included.
  const rng = createRng(11);
  const shapes: Record<string, () => number> = {
    normal: () => normal(rng),
    'long tails': () => Math.exp(2 * normal(rng)),
    'heavy ties': () => Math.floor(3 * exponential(rng)),
    gaps: () => (rng.next() < 0.5 ? 0 : 1e9) + rng.next(),
    'tiny spread': () => 1e9 + 1e-3 * rng.next(),
    'one outlier': () => (rng.next() < 1e-3 ? 1e300 : rng.next()),
  };
  for (const [name, draw] of Object.entries(shapes)) {
    it(`finds it among hundreds of thousands: ${name}`, () => {
      const x = ascending(Float64Array.from({ length: 900 }, draw));
      const y = ascending(Float64Array.from({ length: 500 }, draw));
      expectSame(pairDifferences(x, y), allDifferences(x, y));
      expectSame(walshAverages(x), allAverages(x));
    });
  }

  it('finds it where samples are thinned first', () => {
    const x = ascending(Float64Array.from({ length: 25_000 }, () => normal(rng)));
    const pairs = pairDifferences(x, x);
    const rank = Math.round(0.3 * pairs.size);
    const [value] = selectPairs(pairs, [rank]);
    const { atMost, below } = pairs.split(value!);
    expect(below).toBe(value);
    expect(atMost).toBeGreaterThanOrEqual(rank);
    expect(pairs.window(value!, value!, 10)!.less).toBeLessThan(rank);
    const averages = walshAverages(x);
    const [average] = selectPairs(averages, [rank / 2]);
    expect(averages.split(average!).atMost).toBeGreaterThanOrEqual(rank / 2);
    expect(averages.window(average!, average!, 10)!.less).toBeLessThan(rank / 2);
  });

  it('takes a number of steps that hardly grows with the number of pairs', () => {
    let steps = 0;
    const x = ascending(Float64Array.from({ length: 30_000 }, () => Math.exp(normal(rng))));
    const pairs = pairDifferences(
      x,
      x.map((v) => v * 1.01),
    );
    const counted: PairSet = {
      ...pairs,
      split: (t) => {
        steps += 1;
        return pairs.split(t);
      },
      window: (low, high, limit) => {
        steps += 1;
        return pairs.window(low, high, limit);
      },
    };
    selectPairs(counted, [pairs.size / 2, pairs.size / 2 + 1, pairs.size / 2 - 1e6, pairs.size / 2 + 1e6]);
    expect(steps).toBeLessThan(40);
  });
});
