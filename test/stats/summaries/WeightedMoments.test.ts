import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/errors.ts';
import { Moments, WeightedMoments } from '../../../src/stats/summaries/index.ts';
import { summaryContract } from '../../contracts/summary.contract.ts';
import { expectClose } from '../../support/golden.ts';

summaryContract({
  name: 'WeightedMoments',
  create: () => new WeightedMoments(),
  restore: WeightedMoments.fromJSON,
  exact: ({ weight, effectiveSize }) => [weight, effectiveSize],
  close: (m) => ({ mean: [m.mean, 1e6], variance: [m.variance, 1e12] }),
});

const pairs = fc.array(fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), fc.integer({ min: 1, max: 6 })), {
  minLength: 2,
  maxLength: 30,
});

describe('WeightedMoments', () => {
  it('has the mean and the spread of a sample in which each value stands as often as it weighs', () => {
    fc.assert(
      fc.property(pairs, (sample) => {
        const weighted = new WeightedMoments();
        const repeated = new Moments();
        for (const [x, weight] of sample) {
          weighted.push(x, weight);
          repeated.pushAll(Array(weight).fill(x));
        }
        expectClose(weighted.mean, repeated.mean, 1e-12, 'mean', 100);
        const population = repeated.sumOfSquares / repeated.n;
        const size = weighted.effectiveSize;
        if (size > 1.001) expectClose(weighted.variance, (population * size) / (size - 1), 1e-10, 'variance', 1);
      }),
      { seed: 42 },
    );
  });

  it('is the plain variance where all weights are equal, whatever they are', () => {
    const xs = [3, 1, 4, 1, 5, 9, 2, 6];
    const plain = new Moments().pushAll(xs);
    for (const weight of [1, 1e-9, 1e9]) {
      const weighted = new WeightedMoments();
      for (const x of xs) weighted.push(x, weight);
      expectClose(weighted.variance, plain.variance, 1e-12);
      expectClose(weighted.standardError, plain.standardError, 1e-12);
      expectClose(weighted.effectiveSize, xs.length, 1e-12);
    }
  });

  it('survives a mean of 1e9 with a deviation of 1e-3', () => {
    const far = new WeightedMoments();
    const near = new WeightedMoments();
    for (let i = 0; i < 1000; i += 1) {
      const step = ((i * 37) % 1000) / 2 ** 20;
      far.push(1e9 + step, 1 + (i % 3));
      near.push(step, 1 + (i % 3));
    }
    expectClose(far.variance, near.variance, 1e-12);
    expectClose(far.pivot - 1e9 + far.offset, near.mean, 1e-12);
  });

  it('counts a weight of 0 and gives it no say; refuses negative, NaN and huge ones', () => {
    const moments = new WeightedMoments().push(5, 2).push(1e6, 0);
    expect([moments.n, moments.mean, moments.weight]).toEqual([2, 5, 2]);
    moments.push(1, -1).push(1, Number.NaN).push(1, Number.POSITIVE_INFINITY).push(1e200);
    expect([moments.n, moments.invalid, moments.mean]).toEqual([2, 4, 5]);
  });

  it('says NaN where it knows nothing', () => {
    const empty = new WeightedMoments();
    expect([empty.mean, empty.variance, empty.effectiveSize]).toEqual([Number.NaN, Number.NaN, 0]);
    expect(empty.push(4, 2).variance).toBeNaN();
  });

  it('rescales the past, and refuses a factor that is none', () => {
    const moments = new WeightedMoments().push(0, 1).push(2, 1).rescale(0.5).push(4, 1);
    expect([moments.mean, moments.weight]).toEqual([2.5, 2]);
    expect(() => moments.rescale(0)).toThrow(InvalidOptionError);
  });

  it('knows no variance from a single observation, whatever it weighs', () => {
    for (let weight = 0.1; weight < 200; weight += 0.1)
      expect(new WeightedMoments().push(3, weight).variance).toBeNaN();
  });

  it('takes a weight of 0 first, an empty summary, and the largest value and weight there may be', () => {
    expect(new WeightedMoments().push(7, 0).push(3, 2).mean).toBe(3);
    expect(new WeightedMoments().merge(new WeightedMoments()).push(3).mean).toBe(3);
    const largest = 2 ** 320;
    const moments = new WeightedMoments().push(largest).push(-largest, largest);
    expect([moments.n, moments.invalid]).toEqual([2, 0]);
    expect(() => moments.rescale(0)).toThrow('factor must');
  });
});
