import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusteredVariance, designEffect, ratioMetric } from '../../../src/stats/adjustment/index.ts';
import { Covariance, Moments } from '../../../src/stats/summaries/index.ts';
import { expectClose } from '../../support/golden.ts';

const unit = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 20 }));
const units = fc.array(unit, { minLength: 2, maxLength: 30 });

describe('ratioMetric', () => {
  it('has the mean and variance of the linearised units', () => {
    fc.assert(
      fc.property(units, (pairs) => {
        const { n, mean, variance } = ratioMetric(new Covariance().pushAll(pairs))!;
        const size = pairs.reduce((sum, [, y]) => sum + y, 0) / n;
        const ratio = pairs.reduce((sum, [x]) => sum + x, 0) / n / size;
        const linear = new Moments().pushAll(pairs.map(([x, y]) => (x - ratio * y) / size));
        expect(mean).toBeCloseTo(ratio, 10);
        expectClose(variance, linear.variance, 1e-9, 'variance', 1e-6);
      }),
      { seed: 42, numRuns: 300 },
    );
  });
  it('of denominators that are all 1 is the plain mean', () => {
    const values = [3, 1, 4, 1, 5];
    const plain = new Moments().pushAll(values);
    const got = ratioMetric(new Covariance().pushAll(values.map((x) => [x, 1] as const)))!;
    expectClose(got.mean, plain.mean, 1e-15);
    expectClose(got.variance, plain.variance, 1e-14);
  });
  it('of a numerator proportional to its denominator does not vary, and never varies less than nothing', () => {
    const got = ratioMetric(new Covariance().pushAll([0.1, 0.7, 1.3, 2.9].map((y) => [3 * y, y] as const)))!;
    expectClose(got.mean, 3, 1e-15);
    expect(got.variance).toBeGreaterThanOrEqual(0);
    expect(got.variance).toBeLessThan(1e-14);
  });
  it('does not exist without units or with denominators that sum to 0; with one unit it does not vary', () => {
    expect(ratioMetric(new Covariance())).toBeUndefined();
    expect(ratioMetric(new Covariance().pushAll([[1, 0]]))).toBeUndefined();
    const one = ratioMetric(new Covariance().push(1, 2))!;
    expect([one.n, one.mean]).toEqual([1, 0.5]);
    expect(one.variance).toBeNaN();
    const fixed = { n: 1, mean: 2, variance: 0 };
    expect(ratioMetric({ n: 1, x: fixed, y: fixed, covariance: 0 })!.variance).toBeNaN();
  });
  it('refuses moments that are none', () => {
    const bad = { n: 2, x: { n: 2, mean: 1, variance: -1 }, y: { n: 2, mean: 1, variance: 1 }, covariance: 0 };
    expect(() => ratioMetric(bad)).toThrow('units.x.variance must be a finite number at least 0, got -1');
  });
});

describe('clusteredVariance', () => {
  const clusters = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 6 }), {
    minLength: 2,
    maxLength: 20,
  });
  const sums = (data: number[][]) =>
    new Covariance().pushAll(data.map((values) => [values.reduce((a, b) => a + b, 0), values.length] as const));
  it('is the cluster-robust (sandwich) variance of the mean', () => {
    fc.assert(
      fc.property(clusters, (data) => {
        const all = data.flat();
        const mean = all.reduce((a, b) => a + b, 0) / all.length;
        const scores = data.map((values) => values.reduce((sum, value) => sum + value - mean, 0));
        const k = data.length;
        const sandwich = ((k / (k - 1)) * scores.reduce((sum, s) => sum + s * s, 0)) / all.length ** 2;
        const got = clusteredVariance(sums(data))!;
        expect(got.mean).toBeCloseTo(mean, 12);
        expectClose(got.variance / got.n, sandwich, 1e-9, 'squared standard error', 1e-9);
      }),
      { seed: 42, numRuns: 300 },
    );
  });
  it('has a design effect of about the cluster size where clusters repeat themselves, and 1 where they are single', () => {
    const values = [1, 4, 2, 8, 5, 7, 3, 6];
    const repeated = values.map((value) => [value, value, value, value]);
    const effect = designEffect(clusteredVariance(sums(repeated))!, new Moments().pushAll(repeated.flat()));
    expectClose(effect!, 31 / 7, 1e-12);
    const single = values.map((value) => [value]);
    expectClose(designEffect(clusteredVariance(sums(single))!, new Moments().pushAll(values))!, 1, 1e-14);
  });
  it('has no design effect without two clusters or without variation', () => {
    const flat = new Moments().pushAll([1, 1]);
    expect(designEffect({ n: 1, mean: 1, variance: Number.NaN }, new Moments().pushAll([1, 2]))).toBeUndefined();
    expect(designEffect({ n: 2, mean: 1, variance: 0 }, flat)).toBeUndefined();
  });
});
