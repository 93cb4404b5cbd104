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
