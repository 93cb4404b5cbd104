import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError, SnapshotError } from '../../../src/core/errors.ts';
import { createRng, exponential, shuffle } from '../../../src/random/index.ts';
import { QuantileSketch } from '../../../src/stats/summaries/index.ts';
import { summaryContract } from '../../contracts/summary.contract.ts';
import { expectClose } from '../../support/golden.ts';

const probabilities = [0, 0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

summaryContract({
  name: 'QuantileSketch',
  create: () => new QuantileSketch(),
  restore: QuantileSketch.fromJSON,
  // Below 192 observations nothing is dropped: quantiles agree exactly.
  exact: (sketch) => [...probabilities.map((p) => sketch.quantile(p)), sketch.rank(0), sketch.min, sketch.max],
  close: () => ({}),
});

const sample = (seed: number, n: number) => {
  const rng = createRng(seed);
  return Float64Array.from({ length: n }, () => exponential(rng));
};

/** The largest error in rank, in units of the stated one. */
function worstError(sketch: QuantileSketch, xs: Float64Array): number {
  const sorted = xs.slice().sort();
  let worst = 0;
  for (const p of probabilities) {
    const value = sketch.quantile(p);
    let atOrBelow = 0;
    for (const x of sorted) atOrBelow += x <= value ? 1 : 0;
    const slack = sketch.rankError(p) + 1 / xs.length;
    worst = Math.max(worst, Math.abs(atOrBelow / xs.length - p) / slack);
  }
  return worst;
}

describe('QuantileSketch', () => {
  it('is the exact inverse of the distribution function while small', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 190 }), (xs) => {
        const sketch = new QuantileSketch().pushAll(xs);
        const sorted = xs.slice().sort((a, b) => a - b);
        for (let i = 1; i <= xs.length; i += 1) expect(sketch.quantile(i / xs.length)).toBe(sorted[i - 1]! + 0);
        for (const x of xs) expect(sketch.rank(x)).toBe(xs.filter((y) => y <= x).length / xs.length);
        expect([sketch.exact, sketch.rankError(0.5), sketch.rank(-21), sketch.rank(21)]).toEqual([true, 0, 0, 1]);
      }),
      { seed: 42, numRuns: 40 },
    );
  });

  it('keeps its stated rank error, in few values, for sorted, reversed and shuffled streams', () => {
    const xs = sample(1, 30_000);
    const rising = xs.slice().sort();
    for (const stream of [xs, rising, rising.slice().reverse(), shuffle(createRng(2), Array.from(xs))]) {
      const sketch = new QuantileSketch().pushAll(stream);
      expect(sketch.exact).toBe(false);
      expect(sketch.size).toBeLessThan(2600);
      expect(worstError(sketch, xs)).toBeLessThan(1);
    }
  });

  it('keeps it however the parts were merged', () => {
    const xs = sample(3, 20_000);
    const parts = () =>
      [0, 1, 2, 3, 4, 5, 6, 7].map((i) => new QuantileSketch().pushAll(xs.subarray(i * 2500, (i + 1) * 2500)));
    const chain = parts().reduce((a, b) => a.merge(b));
    const reversed = parts().reduceRight((a, b) => a.merge(b));
    const [a, b, c, d, e, f, g, h] = parts();
    const tree = a!
      .merge(b!)
      .merge(c!.merge(d!))
      .merge(e!.merge(f!).merge(g!.merge(h!)));
    for (const merged of [chain, reversed, tree]) {
      expect([merged.n, merged.min, merged.max]).toEqual([20_000, Math.min(...xs), Math.max(...xs)]);
      expect(worstError(merged, xs)).toBeLessThan(1);
    }
  });

  it('loses no weight: the rank of the largest kept value is 1, however much was dropped', () => {
    const sketch = new QuantileSketch({ k: 4 }).pushAll(sample(4, 5000));
    const { levels } = sketch.toJSON();
    expect(levels.reduce((sum, { values }, height) => sum + values.length * 2 ** height, 0)).toBe(5000);
  });

  it('is as accurate as k, and gives quantiles that rise', () => {
    const xs = sample(5, 20_000);
    const coarse = new QuantileSketch({ k: 8 }).pushAll(xs);
    const fine = new QuantileSketch({ k: 128 }).pushAll(xs);
    expect(coarse.rankError(0.5)).toBe(16 * fine.rankError(0.5));
    expect(worstError(fine, xs)).toBeLessThan(1);
    expect(worstError(coarse, xs)).toBeLessThan(1);
    const values = Array.from({ length: 101 }, (_, i) => coarse.quantile(i / 100));
    expect(values).toEqual(values.slice().sort((a, b) => a - b));
  });

  it('goes on bit for bit from a large state', () => {
    const xs = sample(6, 9000);
    const sketch = new QuantileSketch().pushAll(xs.subarray(0, 5000));
    const restored = QuantileSketch.fromJSON(JSON.parse(JSON.stringify(sketch)));
    expect(restored.pushAll(xs.subarray(5000)).toJSON()).toEqual(sketch.pushAll(xs.subarray(5000)).toJSON());
    expect(restored.merge(sketch).n).toBe(18_000);
  });

  it('can be merged with itself', () => {
    const sketch = new QuantileSketch().pushAll(sample(7, 1000));
    const { n, levels } = sketch.merge(sketch).toJSON();
    expect(n).toBe(2000);
    expect(levels.reduce((sum, { values }, height) => sum + values.length * 2 ** height, 0)).toBe(2000);
  });

  it('has an answer for one value, and NaN for none', () => {
    const empty = new QuantileSketch();
    expect([empty.quantile(0.5), empty.rank(1), empty.min, empty.max]).toEqual(Array(4).fill(Number.NaN));
    const one = empty.push(7);
    expect([one.quantile(0), one.quantile(0.5), one.quantile(1), one.rank(6), one.rank(7)]).toEqual([7, 7, 7, 0, 1]);
  });

  it('refuses bad options, unequal accuracies and broken states', () => {
    for (const k of [0, 3, 5, 1026, 4.5]) expect(() => new QuantileSketch({ k })).toThrow(InvalidOptionError);
    const sketch = new QuantileSketch({ k: 8 });
    expect(() => sketch.merge(new QuantileSketch())).toThrow('k must be the same');
    expect(() => new QuantileSketch({ k: 0 })).toThrow('k must');
    expect(() => new QuantileSketch({ k: 5 })).toThrow('k must be even');
    expect(() => sketch.quantile(1.1)).toThrow('p must');
    expect(() => sketch.rankError(-0.1)).toThrow('p must');
    expect(() => QuantileSketch.fromJSON({ ...sketch.toJSON(), levels: [] })).toThrow(SnapshotError);
    expect(() => QuantileSketch.fromJSON({ ...sketch.toJSON(), levels: [3] as never })).toThrow('every level of a');
  });

  it('knows the minimum, and the rank of what lies below all that is kept, after it has dropped the smallest', () => {
    const sketch = new QuantileSketch({ k: 4 }).pushAll(Array.from({ length: 500 }, (_, i) => i));
    const least = Math.min(...sketch.toJSON().levels.flatMap(({ values }) => values));
    expect(least).toBeGreaterThan(0);
    expect([sketch.quantile(0), sketch.rank(0), sketch.rank(least - 1)]).toEqual([0, 0, 0]);
  });

  it('states the rank error of its documentation, and how many values it keeps', () => {
    const sketch = new QuantileSketch({ k: 8 }).pushAll(sample(8, 2000));
    expectClose(sketch.rankError(0.9), 0.05 / 8, 1e-14);
    expect([sketch.rankError(0), sketch.rankError(0.1), sketch.rankError(1)]).toEqual([0.05, 0.05, 0]);
    expect(sketch.size).toBe(sketch.toJSON().levels.flatMap(({ values }) => values).length);
  });

  it('takes in a sketch with more levels than it has', () => {
    const large = new QuantileSketch({ k: 4 }).pushAll(sample(9, 1000));
    const merged = new QuantileSketch({ k: 4 }).push(-1).merge(large);
    expect([merged.n, merged.min, merged.max]).toEqual([1001, -1, large.max]);
  });
});
