import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  averagePrecision,
  independentRocAucTest,
  pairedRocAucTest,
  rocAuc,
  rocAucInterval,
} from '../../../src/stats/quality/index.ts';
import type { IntervalEstimate, IntervalResult, TestEstimate, TestResult } from '../../../src/stats/types.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

function ok(result: TestResult): TestEstimate;
function ok(result: IntervalResult): IntervalEstimate;
function ok(result: IntervalResult): IntervalEstimate {
  if (result.status !== 'ok') throw new Error(result.reason);
  return result;
}
type Expected = Record<'rocAuc' | 'averagePrecision', number | null>;
const golden = readGolden<GoldenFile<{ labels: (0 | 1)[]; scores: number[] }, Expected>>('classification.json');

describe('golden/classification.json', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'binaryScores') continue;
    it.each([
      ['rocAuc', rocAuc],
      ['averagePrecision', averagePrecision],
    ] as const)(`${id}: %s`, (name, measure) => {
      const got = measure(input.scores, input.labels);
      if (expected[name] === null) expect(got).toBeUndefined();
      else expectClose(got!, expected[name], 1e-12);
    });
  }
});

/** The kernel of Mann and Whitney for every pair, and DeLong's variances from its definition. */
function byDefinition(scores: readonly number[], labels: readonly (0 | 1)[]) {
  const up = scores.filter((_, i) => labels[i] === 1);
  const down = scores.filter((_, i) => labels[i] === 0);
  const psi = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const v10 = up.map((x) => mean(down.map((y) => psi(x, y))));
  const v01 = down.map((y) => mean(up.map((x) => psi(x, y))));
  return { auc: mean(v10), v10, v01 };
}
const covariance = (a: readonly number[], b: readonly number[]) => {
  const [ma, mb] = [a, b].map((v) => v.reduce((x, y) => x + y, 0) / v.length) as [number, number];
  return a.reduce((sum, value, i) => sum + (value - ma) * (b[i]! - mb), 0) / (a.length - 1);
};

const row = fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 8 }), fc.constantFrom<0 | 1>(0, 1));
const rows = fc
  .array(row, { minLength: 6, maxLength: 40 })
  .filter((data) => [0, 1].every((label) => data.filter((r) => r[2] === label).length >= 2));
const property = (check: (a: number[], b: number[], labels: (0 | 1)[]) => void) =>
  fc.assert(
    fc.property(rows, (data) =>
      check(
        data.map((r) => r[0]),
        data.map((r) => r[1]),
        data.map((r) => r[2]),
      ),
    ),
    { seed: 42, numRuns: 200 },
  );

describe('the area under the ROC curve', () => {
  it('is what counting every pair gives, ties one half', () => {
    property((a, _b, labels) => expectClose(rocAuc(a, labels)!, byDefinition(a, labels).auc, 1e-12));
  });
  it('does not change under rising transformations, and turns over with the sign or the labels', () => {
    property((a, _b, labels) => {
      const auc = rocAuc(a, labels)!;
      expect(
        rocAuc(
          a.map((s) => Math.exp(s) * 1e9 - 5),
          labels,
        ),
      ).toBe(auc);
      expectClose(
        rocAuc(
          a.map((s) => -s),
          labels,
        )!,
        1 - auc,
        1e-14,
        'sign',
        1,
      );
      expectClose(
        rocAuc(
          a,
          labels.map((l) => l === 0),
        )!,
        1 - auc,
        1e-14,
        'labels',
        1,
      );
    });
  });
  it("has DeLong's standard error, and an interval within [0, 1] that holds it and grows with the level", () => {
    property((a, _b, labels) => {
      const { auc, v10, v01 } = byDefinition(a, labels);
      const variance = covariance(v10, v10) / v10.length + covariance(v01, v01) / v01.length;
      const result = ok(rocAucInterval(a, labels));
      expect(result.n).toEqual([v10.length, v01.length]);
      if (result.method === 'delong-logit') expectClose(result.standardError!, Math.sqrt(variance), 1e-10, 'se', 1e-6);
      else expect(variance).toBeLessThan(1e-15);
      const wider = ok(rocAucInterval(a, labels, { level: 0.99 })).interval;
      expect(result.interval[0]).toBeLessThanOrEqual(auc + 1e-12);
      expect(result.interval[1]).toBeGreaterThanOrEqual(auc - 1e-12);
      expect(wider[0]).toBeGreaterThanOrEqual(0);
      expect(wider[1]).toBeLessThanOrEqual(1);
      expect(wider[0]).toBeLessThanOrEqual(result.interval[0]);
      expect(wider[1]).toBeGreaterThanOrEqual(result.interval[1]);
    });
  });
  it('of a perfect ranking has an interval with a width: nasty case 8', () => {
    const [scores, labels] = [[1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 0, 1, 1, 1, 1] as const];
    const perfect = ok(rocAucInterval(scores, labels));
    expect(perfect).toMatchObject({ estimate: 1, method: 'newcombe-score' });
    expect(perfect.warnings).toHaveLength(1);
    expect(perfect.interval[1]).toBe(1);
    expect(perfect.interval[0]).toBeGreaterThan(0.4);
    expect(perfect.interval[0]).toBeLessThan(0.9);
    const inverted = ok(
      rocAucInterval(
        scores.map((s) => -s),
        labels,
      ),
    );
    expectClose(inverted.interval[1], 1 - perfect.interval[0], 1e-9);
    const tied = ok(
      rocAucInterval(
        scores.map(() => 0.5),
        labels,
      ),
    );
    expect(tied.estimate).toBe(0.5);
    expectClose(tied.interval[0] + tied.interval[1], 1, 1e-12);
  });
  it("Newcombe's bounds solve his equation (by hand at 4 + 4)", () => {
    const { interval } = ok(rocAucInterval([1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 0, 0, 1, 1, 1, 1]));
    const a = interval[0];
    const variance = ((a * (1 - a)) / 16) * (1 + 3 * ((1 - a) / (2 - a) + a / (1 + a)));
    expectClose((1 - a) / Math.sqrt(variance), 1.959963984540054, 1e-9);
  });
  it('one-sided bounds are those of the two-sided interval at twice the error', () => {
    property((a, _b, labels) => {
      const both = ok(rocAucInterval(a, labels, { level: 0.9 })).interval;
      expectClose(ok(rocAucInterval(a, labels, { alternative: 'greater' })).interval[0], both[0], 1e-9, 'lower', 1);
      expectClose(ok(rocAucInterval(a, labels, { alternative: 'less' })).interval[1], both[1], 1e-9, 'upper', 1);
      expect(ok(rocAucInterval(a, labels, { alternative: 'greater' })).interval[1]).toBe(1);
    });
  });
});

describe('comparing two areas', () => {
  it('paired: has the variance of the definition, and changes sign with the order', () => {
    property((a, b, labels) => {
      const [x, y] = [byDefinition(a, labels), byDefinition(b, labels)];
      const part = (p: readonly number[], q: readonly number[]) =>
        (covariance(p, p) + covariance(q, q) - 2 * covariance(p, q)) / p.length;
      const variance = part(x.v10, y.v10) + part(x.v01, y.v01);
      const result = pairedRocAucTest(a, b, labels);
      if (result.status !== 'ok') {
        expect(variance).toBeLessThan(1e-15);
        return;
      }
      expectClose(result.standardError!, Math.sqrt(variance), 1e-9, 'se', 1e-6);
      expectClose(result.estimate, x.auc - y.auc, 1e-12, 'difference', 1);
      const swapped = ok(pairedRocAucTest(b, a, labels));
      expect(swapped.statistic).toBeCloseTo(0 - result.statistic, 10);
      expect(swapped.pValue).toBeCloseTo(result.pValue, 12);
      const [less, greater] = (['less', 'greater'] as const).map((alternative) =>
        ok(pairedRocAucTest(a, b, labels, { alternative })),
      ) as [TestEstimate, TestEstimate];
      expect(less.pValue + greater.pValue).toBeCloseTo(1, 12);
      expect(Math.min(1, 2 * Math.min(less.pValue, greater.pValue))).toBeCloseTo(result.pValue, 12);
      expect(less.interval[0]).toBe(-1);
      expect(greater.interval[1]).toBe(1);
    });
  });
  it('independent: adds the variances of the two', () => {
    property((a, b, labels) => {
      const [one, two] = [ok(rocAucInterval(a, labels)), ok(rocAucInterval(b, labels))];
      const result = independentRocAucTest({ scores: a, labels }, { scores: b, labels });
      const variance = (one.standardError ?? 0) ** 2 + (two.standardError ?? 0) ** 2;
      if (result.status !== 'ok') expect(variance).toBe(0);
      else if (one.standardError && two.standardError) {
        expectClose(result.standardError!, Math.sqrt(variance), 1e-12);
        expectClose(result.estimate, one.estimate - two.estimate, 1e-12, 'difference', 1);
        expect(result.n).toEqual([...one.n, ...two.n]);
      }
    });
  });
  it('keeps its far tail', () => {
    const labels = Array.from({ length: 400 }, (_, i) => i % 2 === 0);
    const good = labels.map((l, i) => (l ? 2 : 0) + (i % 7) / 3);
    const bad = labels.map((_, i) => i % 11);
    const { pValue } = ok(pairedRocAucTest(good, bad, labels));
    expect(pValue).toBeGreaterThan(0);
    expect(pValue).toBeLessThan(1e-50);
  });
  it('is inconclusive where both rank all alike', () => {
    const [scores, labels] = [[1, 2, 3, 4], [0, 1, 0, 1] as const];
    expect(
      pairedRocAucTest(
        scores,
        scores.map((s) => s * 10),
        labels,
      ),
    ).toMatchObject({
      status: 'inconclusive',
      reason: 'the difference of the areas has no variance',
    });
  });
});

describe('averagePrecision', () => {
  it('of a score that knows nothing is the prevalence, of a perfect one 1, and never more', () => {
    property((a, _b, labels) => {
      const positives = labels.filter((l) => l === 1).length;
      expectClose(
        averagePrecision(
          a.map(() => 3),
          labels,
        )!,
        positives / labels.length,
        1e-14,
      );
      expectClose(averagePrecision(labels, labels)!, 1, 1e-14);
      expect(averagePrecision(a, labels)!).toBeLessThanOrEqual(1);
      expect(
        averagePrecision(
          a.map((s) => 2 ** s),
          labels,
        ),
      ).toBe(averagePrecision(a, labels));
    });
  });
});

describe('too few, and bad input', () => {
  it('an area needs both classes, its variance two of each', () => {
    expect(rocAuc([1, 2], [1, 1])).toBeUndefined();
    expect(rocAuc([], [])).toBeUndefined();
    expect(averagePrecision([1, 2], [0, 0])).toBeUndefined();
    const few = [
      [1, 2, 3],
      [0, 1, 1],
    ] as const;
    expect(rocAucInterval(...few)).toMatchObject({ status: 'inconclusive', n: [2, 1] });
    expect(pairedRocAucTest(few[0], ...few)).toMatchObject({ status: 'inconclusive', n: [2, 1] });
    expect(
      independentRocAucTest({ scores: few[0], labels: few[1] }, { scores: [1, 2, 3, 4], labels: [0, 1, 0, 1] }),
    ).toMatchObject({
      status: 'inconclusive',
      n: [2, 1, 2, 2],
    });
  });
  it('names the score or label that is none', () => {
    expect(() => rocAuc([1, Number.NaN], [0, 1])).toThrow('scores[1] must be a finite number, got NaN');
    expect(() => rocAuc([1, 2], [0, 2 as never])).toThrow('labels[1] must be true, false, 1 or 0, got 2');
    expect(() => averagePrecision([1, 2], [0])).toThrow('labels.length must be 2, the number of scores, got 1');
    expect(() => pairedRocAucTest([1, 2], [1, 2, 3], [0, 1])).toThrow('labels.length');
    expect(() => rocAucInterval([1, 2], [0, 1], { level: 2 })).toThrow('level must be');
    expect(() => pairedRocAucTest([1], [1], [0], { level: 2 })).toThrow('level must be');
    expect(() => independentRocAucTest({ scores: [1], labels: [0] }, { scores: [1], labels: [] })).toThrow(
      'labels.length',
    );
  });
});
