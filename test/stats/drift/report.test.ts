import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, normal } from '../../../src/random/index.ts';
import { type DriftReport, driftReport, histogramDriftReport } from '../../../src/stats/drift/index.ts';
import { Histogram } from '../../../src/stats/summaries/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

type Expected = Record<'psi' | 'ksStatistic' | 'wasserstein1' | 'standardizedMeanDifference', number> &
  Record<'edges' | 'referenceCounts' | 'currentCounts', number[]>;
const golden = readGolden<GoldenFile<{ reference: number[]; current: number[] }, Expected>>('drift.json');
const ok = (report: ReturnType<typeof driftReport>): DriftReport => {
  if (report.status !== 'ok') throw new Error(report.reason);
  return report;
};

describe('golden/drift.json: the report', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'samples') continue;
    it(id, () => {
      const report = ok(driftReport(input.reference, input.current));
      expect(report.reference).toEqual(expected.referenceCounts);
      expect(report.current).toEqual(expected.currentCounts);
      expectClose(report.populationStabilityIndex, expected.psi, 1e-10);
      expectClose(report.kolmogorovSmirnov.statistic, expected.ksStatistic, 1e-10);
      expectClose(report.wassersteinDistance, expected.wasserstein1, 1e-10);
      expectClose(report.standardizedMeanDifference!, expected.standardizedMeanDifference, 1e-10);
      expect(report.n).toEqual([input.reference.length, input.current.length]);
    });
  }
});

const draw = (seed: number, n: number, shift = 0) => {
  const rng = createRng(seed);
  return Array.from({ length: n }, () => normal(rng) + shift);
};

describe('driftReport', () => {
  it('without drift: an index about as large as expected, and p-values that are no alarm', () => {
    let sum = 0;
    for (let seed = 0; seed < 40; seed += 1) {
      const report = ok(driftReport(draw(seed, 1000), draw(seed + 1000, 500)));
      expectClose(report.expectedStabilityIndex, 9 * (1 / 1000 + 1 / 500), 1e-12);
      sum += report.populationStabilityIndex / report.expectedStabilityIndex / 40;
    }
    // Mean of a chi-squared over its 9 degrees of freedom: 1, with a standard error of sqrt(2 / 9 / 40).
    expect(Math.abs(sum - 1)).toBeLessThan(3 * Math.sqrt(2 / 9 / 40));
  });
  it('with drift: everything rises, and the p-values fall', () => {
    const reference = draw(1, 2000);
    const [none, some, much] = [0, 0.2, 1].map((shift) => ok(driftReport(reference, draw(2, 2000, shift)))) as [
      DriftReport,
      DriftReport,
      DriftReport,
    ];
    for (const name of [
      'populationStabilityIndex',
      'jensenShannonDistance',
      'totalVariation',
      'wassersteinDistance',
    ] as const) {
      expect(some[name]).toBeGreaterThan(none[name]);
      expect(much[name]).toBeGreaterThan(some[name]);
    }
    expect(none.stabilityPValue).toBeGreaterThan(0.01);
    expect(some.stabilityPValue).toBeLessThan(1e-4);
    expect(much.stabilityPValue).toBeLessThan(1e-100);
    expect(much.warnings).toEqual([]);
    expectClose(much.standardizedMeanDifference!, 1, 0.1);
  });
  it('warns where bins are too thin for the p-value', () => {
    expect(ok(driftReport([1, 2, 3, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8, 9, 10], { bins: 4 })).warnings).toHaveLength(1);
  });
  it('warns by what the smaller sample is expected to hold in a bin: fewer than five', () => {
    const counts = (low: number, high: number) => [
      ...new Array<number>(low).fill(0),
      ...new Array<number>(high).fill(2),
    ];
    const warnings = (a: number[], b: number[]) => ok(driftReport(a, b, { edges: [1] })).warnings;
    expect(warnings(counts(5, 5), counts(5, 5))).toEqual([]);
    const rough = ['some bins are expected to hold fewer than 5 values: the p-value of the index is rough'];
    expect(warnings(counts(30, 70), counts(3, 7))).toEqual(rough);
    expect(warnings(counts(4, 6), counts(5, 5))).toEqual(rough);
  });
  it('takes edges that were fixed beforehand', () => {
    const report = ok(driftReport([1, 2, 3, 4], [3, 4, 5, 6], { edges: [2, 4] }));
    expect(report).toMatchObject({ edges: [2, 4], reference: [2, 2, 0], current: [0, 2, 2] });
  });
  it('of constants: one bin that nobody left, and no mean shift to standardise', () => {
    const report = ok(driftReport([2, 2, 2], [2, 2]));
    expect(report).toMatchObject({
      populationStabilityIndex: 0,
      expectedStabilityIndex: 0,
      stabilityPValue: 1,
      standardizedMeanDifference: undefined,
    });
    expect(ok(driftReport([2], [3])).standardizedMeanDifference).toBeUndefined();
  });
  it('is inconclusive of nothing, and refuses what is no sample', () => {
    expect(driftReport([], [1])).toMatchObject({ status: 'inconclusive', n: [0, 1] });
    expect(driftReport([1], [])).toMatchObject({ status: 'inconclusive', n: [1, 0] });
    expect(() => driftReport([1], [Number.NaN])).toThrow('current[0] must be a finite number, got NaN');
    expect(() => driftReport([1], [1], { bins: 1 })).toThrow('bins must be an integer at least 2');
    expect(() => driftReport([1], [1], { floor: 0 })).toThrow('floor must be');
    expect(() => driftReport([1], [1], { edges: [2, 1] })).toThrow('edges must be strictly ascending');
  });
});

describe('histogramDriftReport', () => {
  const edges = [-2, -1, 0, 1, 2];
  it('says of two histograms what the report says of the same bins, outside included', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (seed) => {
        const [a, b] = [draw(seed, 300), draw(seed + 1, 200, 0.3)];
        const report = histogramDriftReport(new Histogram({ edges }).pushAll(a), new Histogram({ edges }).pushAll(b));
        const same = ok(driftReport(a, b, { edges }));
        if (report.status !== 'ok') throw new Error(report.reason);
        expect(report.reference).toEqual(same.reference);
        expect(report.populationStabilityIndex).toBe(same.populationStabilityIndex);
        expect(report.stabilityPValue).toBe(same.stabilityPValue);
        expect(report.n).toEqual([300, 200]);
      }),
      { seed: 42, numRuns: 30 },
    );
  });
  it('is inconclusive of an empty histogram, and refuses other edges and counts', () => {
    const full = new Histogram({ edges }).pushAll([0, 3]);
    expect(histogramDriftReport(full, new Histogram({ edges }))).toMatchObject({ status: 'inconclusive', n: [2, 0] });
    expect(() => histogramDriftReport(full, new Histogram({ edges: [0, 1] }).push(0))).toThrow(
      'current.edges must be those of reference',
    );
    for (const other of [
      [-2, -1, 0, 1, 3],
      [...edges, 3],
    ]) {
      expect(() => histogramDriftReport(full, new Histogram({ edges: other }).push(0))).toThrow(
        'current.edges must be those of reference',
      );
    }
    expect(() => histogramDriftReport({ edges: [0, 1], counts: [-1], below: 0, above: 0 }, full)).toThrow(
      'reference.counts must be finite and at least 0',
    );
    expect(() => histogramDriftReport({ edges: [0, 1], counts: [1, 2], below: 0, above: 0 }, full)).toThrow(
      'reference.counts.length must be 1',
    );
    expect(() => histogramDriftReport(full, full, { bins: 3 } as never)).toThrow('options.bins');
  });
});
