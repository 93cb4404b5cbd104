import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countInBins,
  jensenShannonDivergence,
  populationStabilityIndex,
  quantileBins,
  wassersteinDistance,
} from '../../../src/stats/drift/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

interface Expected {
  edges: number[];
  referenceCounts: number[];
  currentCounts: number[];
  psi: number;
  psiFloor1e_6: number;
  jsNats: number;
  wasserstein1: number;
}
const golden = readGolden<GoldenFile<{ reference: number[]; current: number[] }, Expected>>('drift.json');

describe('golden/drift.json: samples', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'samples') continue;
    it(id, () => {
      const { reference, current } = input;
      const edges = quantileBins(reference, 10);
      expect(edges).toHaveLength(expected.edges.length);
      edges.forEach((edge, i) => {
        expectClose(edge, expected.edges[i]!, 1e-13, 'edge', 1);
      });
      const [before, after] = [countInBins(reference, edges), countInBins(current, edges)];
      expect(before).toEqual(expected.referenceCounts);
      expect(after).toEqual(expected.currentCounts);
      expectClose(populationStabilityIndex(before, after), expected.psi, 1e-10, 'psi');
      expectClose(populationStabilityIndex(before, after, { floor: 1e-6 }), expected.psiFloor1e_6, 1e-10, 'psi 1e-6');
      expectClose(jensenShannonDivergence(before, after, { base: Math.E }), expected.jsNats, 1e-10, 'js');
      expectClose(wassersteinDistance(reference, current), expected.wasserstein1, 1e-10, 'wasserstein');
    });
  }
});

const number = fc.integer({ min: -50, max: 50 });
const sample = fc.array(number, { minLength: 1, maxLength: 30 });
const property = (check: (a: number[], b: number[], shift: number) => void) =>
  fc.assert(fc.property(sample, sample, number, check), { seed: 42, numRuns: 300 });

describe('quantileBins and countInBins', () => {
  it('put every value into exactly one bin, where a scan over the edges puts it', () => {
    property((a, b) => {
      const edges = quantileBins(a, 5);
      const counts = countInBins(b, edges);
      const ends = [Number.NEGATIVE_INFINITY, ...edges, Number.POSITIVE_INFINITY];
      counts.forEach((count, i) => {
        expect(count).toBe(b.filter((x) => x > ends[i]! && x <= ends[i + 1]!).length);
      });
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(b.length);
    });
  });
  it('move with their data', () => {
    property((a, _b, shift) => {
      expect(
        quantileBins(
          a.map((x) => x + shift),
          4,
        ).map((edge) => Number((edge - shift).toFixed(9))),
      ).toEqual(quantileBins(a, 4).map((edge) => Number(edge.toFixed(9))));
    });
  });
  it('one bin without edges', () => {
    expect(countInBins([1, 2, 3], [])).toEqual([3]);
    expect(countInBins([], [0])).toEqual([0, 0]);
  });
  it('leave their input in its order', () => {
    const reference = Object.freeze([3, 1, 2]);
    quantileBins(reference, 2);
    expect(reference).toEqual([3, 1, 2]);
  });
  it('refuse what is no sample, no bins, no edges', () => {
    expect(() => quantileBins([], 10)).toThrow('reference.length must be at least 1, got 0');
    expect(() => quantileBins([1, Number.NaN], 10)).toThrow('reference[1] must be a finite number, got NaN');
    expect(() => quantileBins([1, 2], 1)).toThrow('bins must be an integer at least 2, got 1');
    expect(() => countInBins([1], [2, 2])).toThrow('edges must be strictly ascending');
  });
});

describe('populationStabilityIndex', () => {
  it('keeps the digits of a small change', () => {
    const [all, d] = [2 ** 30, 2 ** -30];
    const got = populationStabilityIndex([0.75 * all, 0.25 * all], [0.75 * all + 1, 0.25 * all - 1]);
    expectClose(got, d * (Math.log1p(d / 0.75) - Math.log1p(-d / 0.25)), 1e-14);
  });
});

describe('wassersteinDistance', () => {
  it('of a shifted sample is the shift', () => {
    property((a, _b, shift) =>
      expectClose(
        wassersteinDistance(
          a,
          a.map((x) => x + shift),
        ),
        Math.abs(shift),
        1e-12,
      ),
    );
  });
  it('is symmetric, scales with the unit, and of equal sizes is the mean distance of the sorted values', () => {
    property((a, b) => {
      expectClose(wassersteinDistance(b, a), wassersteinDistance(a, b), 1e-12, 'symmetric', 1e-3);
      const big = wassersteinDistance(
        a.map((x) => x * 1e9),
        b.map((x) => x * 1e9),
      );
      expectClose(big / 1e9, wassersteinDistance(a, b), 1e-12, 'scale', 1e-3);
      const n = Math.min(a.length, b.length);
      const [x, y] = [a.slice(0, n).sort((i, j) => i - j), b.slice(0, n).sort((i, j) => i - j)];
      const mean = x.reduce((sum, value, i) => sum + Math.abs(value - y[i]!), 0) / n;
      expectClose(wassersteinDistance(x, y), mean, 1e-12, 'sorted', 1e-3);
    });
  });
  it('refuses an empty sample', () => {
    expect(() => wassersteinDistance([], [1])).toThrow('a.length must be at least 1, got 0');
    expect(() => wassersteinDistance([1], [Number.POSITIVE_INFINITY])).toThrow('b[0] must be a finite number');
  });
});
