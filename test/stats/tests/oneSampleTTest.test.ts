import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { Moments } from '../../../src/stats/summaries/index.ts';
import { oneSampleTTest, pairedTTest } from '../../../src/stats/tests/index.ts';
import { expectClose } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

describe('oneSampleTTest', () => {
  const sample = { n: 16, mean: 10.5, variance: 1 };

  it('agrees with the definition', () => {
    const { statistic, df, standardError, effectSize, estimate } = ok(oneSampleTTest(sample, { nullValue: 10 }));
    expect([statistic, df, standardError, effectSize.value, estimate]).toEqual([2, 15, 0.25, 0.5, 10.5]);
  });

  it('is the paired test on the moments of the differences', () => {
    const a = [12, 15, 11, 19];
    const b = [10, 14, 8, 20];
    const differences = new Moments().pushAll(a.map((x, i) => x - b[i]!));
    expect({ ...ok(oneSampleTTest(differences)), method: 'paired-t' }).toEqual(ok(pairedTTest(a, b)));
  });

  it('keeps what a mean of 1e9 has beyond its double', () => {
    const steps = Array.from({ length: 100 }, (_, i) => ((i * 37) % 100) / 2 ** 20);
    const near = ok(oneSampleTTest(new Moments().pushAll(steps)));
    const far = ok(oneSampleTTest(new Moments().pushAll(steps.map((s) => 1e9 + s)), { nullValue: 1e9 }));
    expectClose(far.statistic, near.statistic, 1e-12);
    expectClose(far.interval[0] - 1e9, near.interval[0], 1e-2);
  });

  it('is inconclusive where there is no standard error', () => {
    expect(oneSampleTTest({ n: 1, mean: 3, variance: Number.NaN }).status).toBe('inconclusive');
    expect(oneSampleTTest({ n: 0, mean: Number.NaN, variance: Number.NaN }).status).toBe('inconclusive');
    expect(oneSampleTTest({ n: 9, mean: 3, variance: 0 }).status).toBe('inconclusive');
  });

  it('refuses wrong options and impossible moments', () => {
    expect(() => oneSampleTTest(sample, { level: 0 })).toThrow(InvalidOptionError);
    expect(() => oneSampleTTest({ ...sample, n: -1 })).toThrow(InvalidDataError);
  });

  it('takes the mean from pivot and offset where both are there', () => {
    const moments = { n: 4, mean: 2 ** 30, variance: 1 };
    const far = { ...moments, pivot: 2 ** 30 - 1, offset: 1 + 2 ** -30 };
    expect(ok(oneSampleTTest(far, { nullValue: 2 ** 30 })).statistic).toBe(2 ** -29);
    expect(ok(oneSampleTTest({ ...moments, offset: 1 }, { nullValue: 2 ** 30 - 1 })).statistic).toBe(2);
    expect(ok(oneSampleTTest({ ...moments, pivot: 3 }, { nullValue: 2 ** 30 - 1 })).statistic).toBe(2);
  });
});
