import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError, SnapshotError } from '../../../src/core/errors.ts';
import { equalBins, Histogram } from '../../../src/stats/summaries/index.ts';
import { summaryContract } from '../../contracts/summary.contract.ts';

summaryContract({
  name: 'Histogram',
  create: () => new Histogram({ edges: [-1e5, -3, 0, 2, 1e5] }),
  restore: Histogram.fromJSON,
  exact: ({ counts, below, above }) => [counts, below, above],
  close: () => ({}),
});

describe('Histogram', () => {
  it('puts edges into the bin above, the last one into the last bin', () => {
    const histogram = new Histogram({ edges: [0, 1, 2] }).pushAll([0, 0.5, 1, 1.5, 2, 2.0001, -0.0001, -0]);
    expect([histogram.counts, histogram.below, histogram.above, histogram.n]).toEqual([[3, 3], 1, 1, 8]);
    expect(histogram.edges).toEqual([0, 1, 2]);
  });

  it('agrees with counting by hand in unequal bins', () => {
    const edges = [-5, -1, 0, 0.25, 3, 50];
    fc.assert(
      fc.property(fc.array(fc.double({ min: -10, max: 60, noNaN: true })), (xs) => {
        const histogram = new Histogram({ edges }).pushAll(xs);
        const byHand = edges.slice(1).map((upper, i) => {
          const last = i === edges.length - 2;
          return xs.filter((x) => x >= edges[i]! && (x < upper || (last && x === upper))).length;
        });
        expect(histogram.counts).toEqual(byHand);
        expect(histogram.below + histogram.above + byHand.reduce((a, b) => a + b)).toBe(histogram.n);
      }),
      { seed: 42 },
    );
  });

  it('refuses edges that do not rise, unequal edges and broken states', () => {
    for (const edges of [[], [1], [1, 1], [2, 1], [0, Number.NaN], [0, Number.POSITIVE_INFINITY], 'ab' as never]) {
      expect(() => new Histogram({ edges })).toThrow(InvalidOptionError);
    }
    const histogram = new Histogram({ edges: [0, 1] });
    expect(() => histogram.merge(new Histogram({ edges: [0, 2] }))).toThrow('edges must be the same');
    const longer = new Histogram({ edges: [0, 1, 2] });
    expect(() => histogram.merge(longer)).toThrow('edges must be the same');
    expect(() => longer.merge(histogram)).toThrow('edges must be the same');
    expect(() => Histogram.fromJSON({ ...histogram.toJSON(), counts: [1, 2] })).toThrow(SnapshotError);
  });
});

describe('equalBins', () => {
  it('meets both ends exactly and rises in equal steps', () => {
    expect(equalBins(0, 1, 4)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    const edges = equalBins(0.1, 0.7, 6);
    expect([edges[0], edges[6], edges.length]).toEqual([0.1, 0.7, 7]);
    for (let i = 1; i < 7; i += 1) expect(edges[i]! - edges[i - 1]!).toBeCloseTo(0.1, 12);
  });

  it('refuses what makes no bins', () => {
    expect(() => equalBins(1, 1, 3)).toThrow(InvalidOptionError);
    expect(() => equalBins(0, 1, 0)).toThrow(InvalidOptionError);
    expect(() => equalBins(0, Number.POSITIVE_INFINITY, 3)).toThrow(InvalidOptionError);
  });
});
