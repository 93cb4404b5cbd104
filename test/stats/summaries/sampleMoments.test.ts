import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError } from '../../../src/core/errors.ts';
import { Moments, sampleMoments } from '../../../src/stats/summaries/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

describe('sampleMoments', () => {
  type File = GoldenFile<{ values: number[] }, Record<string, number>>;
  for (const { id, input, expected } of readGolden<File>('moments.json').cases) {
    // Its squares leave the doubles.
    if (id === 'tiny-1e-200') continue;
    it(`agrees with exact rational arithmetic: ${id}`, () => {
      const { n, mean, variance, pivot, offset } = sampleMoments(input.values);
      expect(n).toBe(expected.n);
      if (n === 0) return expect(mean).toBeNaN();
      const size = Math.sqrt(expected.varianceSample ?? 0);
      expectClose(mean, expected.mean!, 1e-14, 'mean', size);
      expect(pivot! + offset!).toBe(mean);
      if (expected.varianceSample !== undefined) expectClose(variance, expected.varianceSample, 1e-13, 'variance');
      else expect(variance).toBeNaN();
    });
  }

  it('agrees with streaming, for arrays and typed arrays', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 50 }), (xs) => {
        const streamed = new Moments().pushAll(xs);
        const scale = Math.max(...xs.map(Math.abs), 1e-150);
        for (const values of [xs, Float64Array.from(xs)]) {
          const { mean, variance } = sampleMoments(values);
          expectClose(mean, streamed.mean, 1e-13, 'mean', scale);
          expectClose(variance, streamed.variance, 1e-12, 'variance', scale * scale);
        }
      }),
      { seed: 42 },
    );
  });

  it('keeps its digits over many blocks', () => {
    const steps = Float64Array.from({ length: 100_001 }, (_, i) => ((i * 7919) % 100_003) / 2 ** 40);
    const near = sampleMoments(steps);
    const far = sampleMoments(steps.map((s) => 2 ** 12 + s));
    expectClose(far.variance, near.variance, 1e-13);
    expectClose(far.pivot! - 2 ** 12 + far.offset!, near.mean, 1e-13);
  });

  it('refuses what is no number', () => {
    expect(() => sampleMoments([1, Number.NaN])).toThrow('values[1] must be a finite number');
    expect(() => sampleMoments(Float64Array.of(1, 2, Number.POSITIVE_INFINITY))).toThrow(InvalidDataError);
    expect(() => sampleMoments(['3', 4] as never)).toThrow('values[0] must be a finite number');
    expect(sampleMoments([1e200, 3e200]).variance).toBe(Number.POSITIVE_INFINITY);
  });
});
