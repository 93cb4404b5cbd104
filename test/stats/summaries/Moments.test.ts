import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Moments } from '../../../src/stats/summaries/index.ts';
import { summaryContract } from '../../contracts/summary.contract.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

summaryContract({
  name: 'Moments',
  create: () => new Moments(),
  restore: Moments.fromJSON,
  exact: ({ min, max }) => [min, max],
  close: (m) => {
    const size = Math.max(Math.abs(m.min), Math.abs(m.max)) || 1e-300;
    const sd = Math.sqrt(m.sumOfSquares / m.n);
    return {
      sum: [m.sum, size * m.n],
      mean: [m.mean, size],
      sumOfSquares: [m.sumOfSquares, size * size * m.n],
      // The shape of a sample that hardly varies is the shape of its rounding.
      skewness: sd > 1e-6 * size ? [m.skewness, 10] : [0, 1],
      kurtosis: sd > 1e-6 * size ? [m.kurtosis, 100] : [0, 1],
    };
  },
});

interface Input {
  readonly values: readonly number[];
  readonly mergeSplits: readonly number[];
}
type Expected = Record<string, number>;

const golden = readGolden<GoldenFile<Input, Expected>>('moments.json');
const named: readonly [string, (m: Moments) => number][] = [
  ['n', (m) => m.n],
  ['sum', (m) => m.sum],
  ['mean', (m) => m.mean],
  ['m2', (m) => m.sumOfSquares],
  ['varianceSample', (m) => m.variance],
  ['standardError', (m) => m.standardError],
  ['min', (m) => m.min],
  ['max', (m) => m.max],
  ['skewness', (m) => m.skewness],
  ['excessKurtosis', (m) => m.kurtosis],
];

function merged({ values, mergeSplits }: Input): Moments {
  const total = new Moments();
  for (let i = 0; i + 1 < mergeSplits.length; i += 1) {
    total.merge(new Moments().pushAll(values.slice(mergeSplits[i], mergeSplits[i + 1])));
  }
  return total;
}

describe('Moments agrees with exact rational arithmetic', () => {
  for (const { id, input, expected, tolerance } of golden.cases) {
    const skip = (tolerance?.skip ?? []) as unknown as readonly string[];
    const limit = (tolerance?.strictRel ?? tolerance?.rel ?? 1e-10) as number;
    for (const [how, make] of [
      ['streamed', (i: Input) => new Moments().pushAll(i.values)],
      ['merged', merged],
    ] as const) {
      it(`${id}, ${how}`, () => {
        const moments = make(input);
        for (const [name, read] of named) {
          if (!(name in expected) || skip.includes(name)) continue;
          const floor = name === 'skewness' || name === 'excessKurtosis' ? 0.1 : 0;
          expectClose(read(moments), expected[name]!, limit, name, floor);
        }
      });
    }
  }

  it('mixed-magnitude: the sum keeps what large terms that cancel would swallow', () => {
    expect(new Moments().pushAll([1e16, 1, -1e16, 1, 3.42]).sum).toBe(5.42);
  });
});

describe('nasty case 3: catastrophic cancellation', () => {
  const deviations = Array.from({ length: 1000 }, (_, i) => ((i * 7919) % 1000) / 1024);

  it('a mean of 1e9 with a deviation of 1e-3 gives the variance of the deviations alone', () => {
    // Multiples of 2^-20 near 1e9 are doubles: both samples are exact, so must be the variances.
    const steps = deviations.map((d) => Math.round(d * 1024) / 2 ** 20);
    const near = new Moments().pushAll(steps);
    const far = new Moments().pushAll(steps.map((d) => 1e9 + d));
    expectClose(far.variance, near.variance, 1e-13);
    expectClose(far.pivot - 1e9 + far.offset, near.mean, 1e-13);
    expectClose(far.kurtosis, near.kurtosis, 1e-12);
  });

  it('the same holds when the parts are merged, empty and single ones included', () => {
    const total = new Moments();
    for (const [from, to] of [
      [0, 0],
      [0, 1],
      [1, 500],
      [500, 500],
      [500, 999],
      [999, 1000],
    ]) {
      total.merge(new Moments().pushAll(deviations.slice(from, to).map((d) => 1e9 + d)));
    }
    const near = new Moments().pushAll(deviations.map((d) => 1e9 + d - 1e9));
    expectClose(total.variance, near.variance, 1e-13);
  });

  it('an outlier as first value does not spoil what follows', () => {
    const moments = new Moments().pushAll([-1e9, ...deviations.map((d) => 1e9 + d)]);
    // Around a two-point distribution with weights 1 and 1000.
    expectClose(moments.variance, 4e18 * (1000 / 1001) * (1001 / 1000 / 1001), 1e-8);
  });
});

describe('Moments', () => {
  it('says what it does not know', () => {
    const empty = new Moments();
    expect([empty.mean, empty.variance, empty.min, empty.max, empty.skewness, empty.kurtosis]).toEqual(
      Array(6).fill(Number.NaN),
    );
    expect(empty.sum).toBe(0);
    const one = new Moments().push(5);
    expect([one.mean, one.variance, one.standardError]).toEqual([5, Number.NaN, Number.NaN]);
  });

  it('keeps the mean within the sample, and a constant exact', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), fc.integer({ min: 2, max: 50 }), (x, n) => {
        const moments = new Moments().pushAll(Array(n).fill(x));
        expect(moments.mean).toBe(x + 0);
        expect(moments.variance).toBe(0);
        expect(moments.skewness).toBeNaN();
      }),
      { seed: 42 },
    );
  });

  it('refuses what would overflow a sum, and survives what overflows a square', () => {
    const moments = new Moments().pushAll([1e300, 1e200, 3e200]);
    expect([moments.n, moments.invalid, moments.mean]).toEqual([2, 1, 2e200]);
    expect([moments.variance, moments.kurtosis]).toEqual([Number.POSITIVE_INFINITY, Number.NaN]);
    const restored = Moments.fromJSON(JSON.parse(JSON.stringify(moments)));
    expect([restored.variance, restored.kurtosis]).toEqual([Number.POSITIVE_INFINITY, Number.NaN]);
  });

  it('scales: 2^k times the sample has 4^k times the variance and the same shape', () => {
    const xs = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(xs, fc.integer({ min: -30, max: 30 }), (sample, k) => {
        fc.pre(new Moments().pushAll(sample).variance > 1e-20);
        const plain = new Moments().pushAll(sample);
        const scaled = new Moments().pushAll(sample.map((x) => x * 2 ** k));
        expect(scaled.variance).toBe(plain.variance * 4 ** k);
        expect(scaled.skewness).toBe(plain.skewness);
        expect(scaled.kurtosis).toBe(plain.kurtosis);
      }),
      { seed: 42 },
    );
  });

  it('has the root of the variance as standard deviation', () => {
    expect(new Moments().pushAll([1, 3, 5]).standardDeviation).toBe(2);
  });

  it('takes 2^960 in on both sides', () => {
    expect(new Moments().pushAll([2 ** 960, -(2 ** 960)]).n).toBe(2);
  });

  it('says nothing of the shape of a sample whose powers vanish, and 0, not -0, of a skewness that does', () => {
    expect(new Moments().pushAll([0, 1e-100, 5e-100]).skewness).toBeNaN();
    expect(new Moments().pushAll([-1e-50, 1e-50, 3e-224]).skewness).toBe(0);
  });

  it('merges sums without losing what large terms that cancel would swallow', () => {
    const parts = [1e16, 1, -1e16, 1, 3.42].map((x) => new Moments().push(x));
    expect(parts.reduce((whole, part) => whole.merge(part), new Moments()).sum).toBe(5.42);
  });
});
