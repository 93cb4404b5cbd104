import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  differenceInterval,
  fiellerInterval,
  logRatioInterval,
  meanInterval,
  relativeDifference,
} from '../../../src/stats/intervals/index.ts';
import { Moments } from '../../../src/stats/summaries/index.ts';
import type { IntervalEstimate, IntervalResult, SampleMoments } from '../../../src/stats/types.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

const ok = (result: IntervalResult): IntervalEstimate => {
  if (result.status !== 'ok') throw new Error(result.reason);
  return result;
};
interface Expected {
  difference: number;
  welch?: { se?: number; ci95?: [number, number]; ci99?: [number, number] } | null;
}
interface Input {
  x?: number[];
  y?: number[];
  summary?: Record<string, number>;
}
const golden = readGolden<GoldenFile<Input, Expected>>('welch.json');
const summaries = ({ x, y, summary: s }: Input): [SampleMoments, SampleMoments] =>
  s === undefined
    ? [new Moments().pushAll(x!), new Moments().pushAll(y!)]
    : [
        { n: s.n1!, mean: s.mean1!, variance: s.variance1! },
        { n: s.n2!, mean: s.mean2!, variance: s.variance2! },
      ];

describe('golden/welch.json: intervals of the difference', () => {
  for (const { id, input, expected } of golden.cases) {
    const welch = expected.welch;
    if (!welch?.ci95) continue;
    it(id, () => {
      const [a, b] = summaries(input);
      // The huge offsets need a common pivot, which the summaries carry: the file calls that the strict tolerance.
      const tolerance = id.startsWith('huge-offset') ? 1e-9 : 1e-10;
      const { estimate, standardError, interval } = ok(differenceInterval(a, b));
      expectClose(estimate, expected.difference, tolerance, 'difference');
      expectClose(standardError!, welch.se!, tolerance, 'se');
      const size = Math.abs(estimate) + standardError!;
      interval.forEach((end, i) => {
        expectClose(end, welch.ci95![i]!, tolerance, '95 %', size);
      });
      ok(differenceInterval(a, b, { level: 0.99 })).interval.forEach((end, i) => {
        expectClose(end, welch.ci99![i]!, tolerance, '99 %', size);
      });
    });
  }
  it('has cases', () => expect(golden.cases.filter(({ expected }) => expected.welch?.ci95).length).toBeGreaterThan(12));
});

describe('against mpmath at 30 digits', () => {
  const a = { n: 12, mean: 3.2, variance: 1.7 };
  const b = { n: 9, mean: 2.1, variance: 0.4 };
  const expectInterval = (result: IntervalResult, want: readonly [number, number]) =>
    ok(result).interval.forEach((end, i) => {
      expectClose(end, want[i]!, 1e-13);
    });
  it('ratio of means by its logarithm', () => {
    expectClose(ok(logRatioInterval(a, b)).standardError!, 0.15463744932217169, 1e-14);
    expectInterval(logRatioInterval(a, b, { level: 0.9 }), [1.1662864987926753, 1.990930588029877]);
  });
  it('ratio of means by Fieller, of independent and of paired samples', () => {
    expectInterval(fiellerInterval(a, b, { level: 0.9 }), [1.1547219405049658, 1.987582702116417]);
    const paired = { ...a, n: 9 };
    expectInterval(fiellerInterval(paired, b, { covariance: 0.3 }), [1.073019175227765, 2.0622363004440207]);
  });
  it('a mean, one-sided', () => {
    expectInterval(meanInterval({ n: 7, mean: 2, variance: 3 }, { level: 0.9, alternative: 'greater' }), [
      1.057458615129964,
      Number.POSITIVE_INFINITY,
    ]);
  });
});

const moments = fc.record({
  n: fc.integer({ min: 2, max: 100_000 }),
  mean: fc.integer({ min: 1, max: 1000 }),
  variance: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
});
const two = [
  ['difference', differenceInterval],
  ['log ratio', logRatioInterval],
  ['Fieller', fiellerInterval],
  ['relative', relativeDifference],
] as const;

describe('intervals of two means', () => {
  it.each(two)('%s: contains the estimate and grows with the level', (_name, method) => {
    fc.assert(
      fc.property(moments, moments, fc.constantFrom(0.5, 0.8, 0.95, 0.999), (a, b, level) => {
        const { estimate, interval } = ok(method(a, b, { level }));
        expect(interval[0]).toBeLessThanOrEqual(estimate);
        expect(interval[1]).toBeGreaterThanOrEqual(estimate);
        const wider = ok(method(a, b, { level: (1 + level) / 2 })).interval;
        expect(wider[0]).toBeLessThanOrEqual(interval[0]);
        expect(wider[1]).toBeGreaterThanOrEqual(interval[1]);
      }),
      { seed: 42, numRuns: 150 },
    );
  });
  it.each(two)('%s: moves with the unit of measurement as it should, from 1e-9 to 1e9', (name, method) => {
    const scaled = ({ n, mean, variance }: SampleMoments, s: number) => ({
      n,
      mean: mean * s,
      variance: variance * s * s,
    });
    fc.assert(
      fc.property(moments, moments, fc.integer({ min: -9, max: 9 }), (a, b, exponent) => {
        const s = 10 ** exponent;
        const unit = name === 'difference' ? s : 1;
        const [plain, big] = [ok(method(a, b)), ok(method(scaled(a, s), scaled(b, s)))];
        const size = Math.abs(plain.estimate) + 1e-3;
        plain.interval.forEach((end, i) => {
          if (Number.isFinite(end)) expectClose(big.interval[i]! / unit, end, 1e-9, 'end', size);
          else expect(big.interval[i]).toBe(end);
        });
      }),
      { seed: 42, numRuns: 150 },
    );
  });
  it('a ratio and its inverse have inverse intervals, by logarithm and by Fieller', () => {
    fc.assert(
      fc.property(moments, moments, (a, b) => {
        const [forth, back] = [ok(logRatioInterval(a, b)).interval, ok(logRatioInterval(b, a)).interval];
        if (forth[1] < 1e100) expectClose(back[0], 1 / forth[1], 1e-9);
        const [up, down] = [ok(fiellerInterval(a, b)).interval, ok(fiellerInterval(b, a)).interval];
        if (up[0] > 0 && Number.isFinite(up[1]) && down[0] > 0 && Number.isFinite(down[1]))
          expectClose(down[0], 1 / up[1], 1e-8);
      }),
      { seed: 42, numRuns: 150 },
    );
  });
  it('one-sided bounds are those of the two-sided interval at twice the error', () => {
    const [a, b] = [
      { n: 12, mean: 3.2, variance: 1.7 },
      { n: 9, mean: 2.1, variance: 0.4 },
    ];
    for (const [method, low] of [
      [differenceInterval, Number.NEGATIVE_INFINITY],
      [logRatioInterval, 0],
      [relativeDifference, -1],
    ] as const) {
      const both = ok(method(a, b, { level: 0.9 })).interval;
      const greater = ok(method(a, b, { alternative: 'greater' })).interval;
      const less = ok(method(a, b, { alternative: 'less' })).interval;
      expectClose(greater[0], both[0], 1e-12);
      expectClose(less[1], both[1], 1e-12);
      expect([less[0], greater[1]]).toEqual([low, Number.POSITIVE_INFINITY]);
    }
  });
  it('the relative difference is the ratio less one, also of negative means', () => {
    const [a, b] = [
      { n: 12, mean: -3.2, variance: 1.7 },
      { n: 9, mean: -2.1, variance: 0.4 },
    ];
    const [relative, ratio] = [ok(relativeDifference(a, b)), ok(logRatioInterval(a, b))];
    expectClose(relative.estimate, ratio.estimate - 1, 1e-14);
    expectClose(relative.interval[1], ratio.interval[1] - 1, 1e-14);
    expect(relative.method).toBe('relative-log-ratio');
  });
});

describe('fiellerInterval', () => {
  it('is the whole line, with a warning, where the denominator may be 0', () => {
    const result = ok(fiellerInterval({ n: 10, mean: 1, variance: 1 }, { n: 10, mean: 0.1, variance: 1 }));
    expect(result.interval).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(result.warnings).toEqual(['the denominator may be 0: no bounded interval has the level']);
  });
  it('takes the degrees of freedom of the denominator where the numerator is 0 for certain', () => {
    // The denominator is 3.33 standard errors above 0: less than t at 2 degrees of freedom, 4.30, more than at 4, 2.78.
    const zero = { n: 3, mean: 0, variance: 0 };
    const { interval } = ok(fiellerInterval(zero, { n: 3, mean: 3, variance: 3 * 0.9 ** 2 }));
    expect(interval).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });
  it('contains 0 where the numerator does, and is [0, 0] to nothing', () => {
    const { interval } = ok(fiellerInterval({ n: 10, mean: 0, variance: 1 }, { n: 10, mean: 5, variance: 1 }));
    expectClose(interval[0], -interval[1], 1e-12);
    expect(interval[0]).toBeLessThan(0);
    const fixed = ok(fiellerInterval({ n: 10, mean: 0, variance: 0 }, { n: 10, mean: 5, variance: 1 }));
    expect(fixed.interval.map(Math.abs)).toEqual([0, 0]);
  });
  it('holds exactly the ratios r whose a - r b is not refuted', () => {
    const [a, b] = [
      { n: 30, mean: 2, variance: 3 },
      { n: 30, mean: 4, variance: 2 },
    ];
    const { interval, estimate } = ok(fiellerInterval(a, b));
    const distance = (r: number) =>
      Math.abs(a.mean - r * b.mean) / Math.sqrt(a.variance / 30 + (r * r * b.variance) / 30);
    expectClose(distance(interval[0]), distance(interval[1]), 1e-12);
    expect(distance(interval[0] - 0.01)).toBeGreaterThan(distance(interval[0]));
    expect(distance(estimate)).toBe(0);
  });
});

describe('nasty case 4 and 8: too few, constant, and means without a ratio', () => {
  const fine = { n: 9, mean: 2, variance: 1 };
  const constant = { n: 9, mean: 2, variance: 0 };
  const single = { n: 1, mean: 2, variance: Number.NaN };
  it('are inconclusive, with the reason', () => {
    expect(meanInterval(single)).toMatchObject({
      status: 'inconclusive',
      reason: '1 of at least 2 observations',
      n: [1],
    });
    expect(meanInterval({ n: 0, mean: Number.NaN, variance: Number.NaN })).toMatchObject({
      reason: '0 of at least 2 observations',
    });
    expect(meanInterval(constant)).toMatchObject({ reason: 'the values do not vary' });
    for (const [, method] of two) {
      const { method: name } = method(fine, fine);
      for (const result of [method(single, fine), method(constant, constant)]) expect(result.method).toBe(name);
      expect(method(single, fine)).toMatchObject({ status: 'inconclusive', n: [1, 9] });
      expect(method(fine, single)).toMatchObject({ reason: 'each sample needs at least 2 observations' });
      expect(method(constant, constant)).toMatchObject({ reason: 'the values do not vary' });
      expect(method(constant, fine)).toMatchObject({
        status: 'ok',
        warnings: ['the first sample does not vary: its mean is taken for certain'],
      });
      expect(ok(method(fine, constant)).warnings[0]).toContain('the second sample');
      expect(ok(method(fine, fine)).warnings).toEqual([]);
    }
  });
  it('a ratio needs two means of one sign; Fieller only a denominator', () => {
    const minus = { ...fine, mean: -2 };
    const zero = { ...fine, mean: 0 };
    for (const method of [logRatioInterval, relativeDifference]) {
      for (const [a, b] of [
        [fine, minus],
        [fine, zero],
        [zero, fine],
        [zero, zero],
      ] as const) {
        expect(method(a, b)).toMatchObject({ status: 'inconclusive' });
      }
      expect(method(minus, minus).status).toBe('ok');
    }
    expect(fiellerInterval(fine, zero)).toMatchObject({ reason: 'the denominator is 0' });
    expect(fiellerInterval(fine, minus).status).toBe('ok');
  });
  it('refuses moments and options that are none', () => {
    expect(() => meanInterval({ ...fine, variance: -1 })).toThrow('sample.variance');
    for (const [, method] of two) expect(() => method(fine, { ...fine, mean: Number.NaN })).toThrow('.mean must be');
    expect(() => fiellerInterval(fine, { ...fine, n: 8 }, { covariance: 0.1 })).toThrow('b.n must be 9');
    expect(() => fiellerInterval(fine, fine, { covariance: Number.NaN })).toThrow('covariance must be a finite number');
    expect(() => fiellerInterval(fine, fine, { alternative: 'less' } as never)).toThrow(
      'options.alternative must be left out',
    );
  });
});
