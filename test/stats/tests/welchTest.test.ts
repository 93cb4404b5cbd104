import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { Moments } from '../../../src/stats/summaries/index.ts';
import { studentTest, welchTest } from '../../../src/stats/tests/index.ts';
import type { Alternative, SampleMoments, TestEstimate } from '../../../src/stats/types.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

interface Summary {
  readonly n1: number;
  readonly mean1: number;
  readonly variance1: number;
  readonly n2: number;
  readonly mean2: number;
  readonly variance2: number;
}
interface Input {
  readonly x?: readonly number[];
  readonly y?: readonly number[];
  readonly summary?: Summary;
}
interface Reference {
  readonly degenerate?: boolean;
  readonly statistic: number;
  readonly df: number;
  readonly se: number;
  readonly pTwoSided: number;
  readonly pGreater: number;
  readonly pLess: number;
  readonly ci95: readonly [number, number];
  readonly ci99: readonly [number, number];
}
interface Expected {
  readonly difference: number;
  readonly welch: Reference;
  readonly student: Reference;
  readonly cohenD?: number;
  readonly hedgesG?: number;
}

const golden = readGolden<GoldenFile<Input, Expected>>('welch.json');

function samples({ x, y, summary }: Input): readonly [SampleMoments, SampleMoments] {
  if (x !== undefined && y !== undefined) return [new Moments().pushAll(x), new Moments().pushAll(y)];
  const { n1, mean1, variance1, n2, mean2, variance2 } = summary!;
  return [
    { n: n1, mean: mean1, variance: variance1 },
    { n: n2, mean: mean2, variance: variance2 },
  ];
}

const alternatives: readonly (readonly [Alternative, 'pTwoSided' | 'pGreater' | 'pLess'])[] = [
  ['two-sided', 'pTwoSided'],
  ['greater', 'pGreater'],
  ['less', 'pLess'],
];

for (const [name, test] of [
  ['welch', welchTest],
  ['student', studentTest],
] as const) {
  describe(`${name}Test agrees with mpmath`, () => {
    for (const { id, input, expected } of golden.cases) {
      const want = expected[name];
      const [a, b] = samples(input);
      if (want.degenerate) {
        it(`${id}: inconclusive`, () => {
          const result = test(a, b);
          expect(result.status).toBe('inconclusive');
          expect(result).not.toHaveProperty('pValue');
        });
        continue;
      }
      it(id, () => {
        // The means of huge-offset samples are given as doubles: its own strict tolerance holds with pivots.
        const limit = id.startsWith('huge-offset') ? 1e-9 : 1e-10;
        for (const [alternative, key] of alternatives) {
          const result = ok(test(a, b, { alternative }));
          expectClose(result.pValue, want[key], want[key] < 1e-15 ? 1e-9 : limit, key);
          expectClose(result.statistic, want.statistic, limit, 'statistic');
        }
        const result = ok(test(a, b));
        expectClose(result.estimate, expected.difference, limit, 'difference');
        expectClose(result.df!, want.df, limit, 'df');
        expectClose(result.standardError!, want.se, limit, 'se');
        for (const [level, interval] of [
          [0.95, want.ci95],
          [0.99, want.ci99],
        ] as const) {
          const got = ok(test(a, b, { level })).interval;
          expectClose(got[0], interval[0], limit, 'lower', want.se);
          expectClose(got[1], interval[1], limit, 'upper', want.se);
        }
        if (expected.hedgesG !== undefined && result.effectSize.name === 'hedges-g') {
          expectClose(result.effectSize.value, expected.hedgesG, limit, 'hedgesG');
        }
      });
    }
  });
}

describe('nasty case 3: means of 1e9 that differ by 1e-4 of a deviation of 1e-3', () => {
  it('the statistic keeps ten digits, where means as single doubles keep none', () => {
    const steps = Array.from({ length: 400 }, (_, i) => ((i * 149) % 400) / 2 ** 20);
    const shift = 3 / 2 ** 22;
    const near = ok(welchTest(new Moments().pushAll(steps.map((s) => s + shift)), new Moments().pushAll(steps)));
    // Exact in doubles of the size of 1e9: multiples of 2^-22 do not fit, so shift both by whole steps of 2^-20.
    const far = ok(
      welchTest(
        new Moments().pushAll(steps.map((s) => 2 ** 29 + s + shift)),
        new Moments().pushAll(steps.map((s) => 2 ** 29 + s)),
      ),
    );
    expectClose(far.statistic, near.statistic, 1e-10);
  });
});

describe('nasty case 4: degenerate variance', () => {
  const constant = (value: number, n: number) => new Moments().pushAll(Array(n).fill(value));

  it('two constant samples are inconclusive, equal or not', () => {
    for (const test of [welchTest, studentTest]) {
      expect(test(constant(1, 5), constant(1, 7)).status).toBe('inconclusive');
      expect(test(constant(1, 5), constant(2, 7)).status).toBe('inconclusive');
    }
  });

  it('so are samples that vary by the rounding of their numbers alone', () => {
    const noisy = new Moments().pushAll([0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2]);
    expect(noisy.variance).toBeGreaterThan(0);
    expect(welchTest(noisy, constant(0.5, 4)).status).toBe('inconclusive');
  });

  it('one constant sample against one that varies is fine', () => {
    expect(welchTest(constant(1, 5), new Moments().pushAll([1, 2, 3])).status).toBe('ok');
  });

  it('one observation is enough for the pooled test, not for Welch', () => {
    const one = new Moments().push(5);
    const many = new Moments().pushAll([1, 2, 3, 4]);
    expect(welchTest(one, many)).toMatchObject({ status: 'inconclusive', reason: expect.stringMatching('two obs') });
    expect(ok(studentTest(one, many)).df).toBe(3);
    expect(studentTest(new Moments(), many).status).toBe('inconclusive');
    expect(studentTest(one, one).status).toBe('inconclusive');
  });

  it('two observations against one leave one degree of freedom and no correction of d', () => {
    expect(ok(studentTest(new Moments().pushAll([1, 2]), new Moments().push(4))).effectSize.name).toBe('cohen-d');
  });
});

describe('nasty case 5: degrees of freedom out of fourth powers', () => {
  it('values of 1e±120 give the p-value of values of 1', () => {
    const x = [1, 2, 4, 8, 5];
    const y = [3, 3.5, 9, 7, 11, 2];
    const plain = ok(welchTest(new Moments().pushAll(x), new Moments().pushAll(y)));
    for (const scale of [1e120, 1e-120]) {
      const scaled = ok(
        welchTest(new Moments().pushAll(x.map((v) => v * scale)), new Moments().pushAll(y.map((v) => v * scale))),
      );
      expectClose(scaled.df!, plain.df!, 1e-12);
      expectClose(scaled.pValue, plain.pValue, 1e-12);
    }
  });
});

const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 });
const run = { seed: 42, numRuns: 100 };

describe('welchTest and studentTest', () => {
  const pairOf = (x: readonly number[], y: readonly number[]) =>
    [new Moments().pushAll(x), new Moments().pushAll(y)] as const;

  it('flip the sign when the samples are swapped, and swap the one-sided p-values', () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        for (const test of [welchTest, studentTest]) {
          const [a, b] = pairOf(x, y);
          const forth = test(a, b);
          fc.pre(forth.status === 'ok');
          const back = ok(test(b, a));
          expect(back.statistic).toBe(-forth.statistic);
          expectClose(back.pValue, forth.pValue, 1e-12);
          expectClose(back.interval[0], -forth.interval[1], 1e-12, 'lower', forth.standardError!);
          expectClose(back.interval[1], -forth.interval[0], 1e-12, 'upper', forth.standardError!);
          expectClose(
            ok(test(b, a, { alternative: 'less' })).pValue,
            ok(test(a, b, { alternative: 'greater' })).pValue,
            1e-14,
          );
        }
      }),
      run,
    );
  });

  it('keep p within [0, 1], the estimate within the interval and the tails in accord', () => {
    fc.assert(
      fc.property(sample, sample, fc.double({ min: 0.01, max: 0.999, noNaN: true }), (x, y, level) => {
        for (const test of [welchTest, studentTest]) {
          const [a, b] = pairOf(x, y);
          fc.pre(test(a, b).status === 'ok');
          const p = alternatives.map(([alternative]) => {
            const { pValue, interval, estimate } = ok(test(a, b, { alternative, level }));
            expect(pValue).toBeGreaterThanOrEqual(0);
            expect(pValue).toBeLessThanOrEqual(1);
            expect(interval[0]).toBeLessThanOrEqual(estimate);
            expect(interval[1]).toBeGreaterThanOrEqual(estimate);
            return pValue;
          });
          expectClose(p[1]! + p[2]!, 1, 1e-14);
          expectClose(p[0]!, 2 * Math.min(p[1]!, p[2]!), 1e-13);
        }
      }),
      run,
    );
  });

  it('do not care for the unit: scales of 1e-9 to 1e9 leave t, df and p as they are', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: -9, max: 9 }), (x, y, power) => {
        const scale = 10 ** power;
        const [a, b] = pairOf(x, y);
        fc.pre(welchTest(a, b).status === 'ok');
        const plain = ok(welchTest(a, b));
        const [c, d] = pairOf(
          x.map((v) => v * scale),
          y.map((v) => v * scale),
        );
        const scaled = ok(welchTest(c, d));
        expectClose(scaled.statistic, plain.statistic, 1e-9, 'statistic', 1e-3);
        expectClose(scaled.df!, plain.df!, 1e-9);
        expectClose(scaled.interval[0] / scale, plain.interval[0], 1e-9, 'lower', plain.standardError!);
        expectClose(scaled.effectSize.value, plain.effectSize.value, 1e-9, 'effect', 1e-3);
      }),
      run,
    );
  });

  it('find the more the farther apart the samples are, and reject exactly what the interval excludes', () => {
    const x = new Moments().pushAll([1, 4, 2, 8, 5, 7]);
    let before = 1;
    for (let shift = 0; shift <= 12; shift += 0.5) {
      const y = new Moments().pushAll([1.5, 3, 2, 9, 4, 7].map((v) => v - shift));
      const { pValue, interval } = ok(welchTest(x, y, { alternative: 'greater' }));
      expect(pValue).toBeLessThan(before);
      expect(pValue < 0.05).toBe(interval[0] > 0);
      before = pValue;
    }
  });

  it('test against a null value', () => {
    const [a, b] = pairOf([5, 7, 9, 6], [1, 2, 4, 3]);
    const shifted = ok(welchTest(new Moments().pushAll([3, 5, 7, 4]), new Moments().pushAll([1, 2, 4, 3])));
    const { statistic, pValue, estimate } = ok(welchTest(a, b, { nullValue: 2 }));
    expectClose(statistic, shifted.statistic, 1e-14);
    expectClose(pValue, shifted.pValue, 1e-13);
    expect(estimate).toBe(4.25);
  });

  it('refuse wrong options and impossible moments', () => {
    const good: SampleMoments = { n: 5, mean: 1, variance: 1 };
    for (const test of [welchTest, studentTest]) {
      expect(() => test(good, good, { level: 1 })).toThrow(InvalidOptionError);
      expect(() => test(good, good, { alternative: 'both' as Alternative })).toThrow('alternative must be one of');
      expect(() => test(good, good, { nullValue: Number.NaN })).toThrow(InvalidOptionError);
      expect(() => test(good, good, { sided: 1 } as never)).toThrow('the options are alternative, level, nullValue');
      expect(() => test({ ...good, variance: -1 }, good)).toThrow(InvalidDataError);
      expect(() => test(good, { ...good, mean: Number.NaN })).toThrow('b.mean must be a finite number');
    }
  });

  it('say what they are', () => {
    const result: TestEstimate = ok(welchTest({ n: 20, mean: 12, variance: 4 }, { n: 25, mean: 11, variance: 9 }));
    expect(result).toMatchObject({ method: 'welch-t', validity: 'fixed-n', n: [20, 25], level: 0.95, warnings: [] });
    expectClose(result.pValue, 0.188_681_210_9, 1e-9);
    expect(ok(studentTest({ n: 20, mean: 12, variance: 4 }, { n: 25, mean: 11, variance: 9 })).df).toBe(43);
  });

  it('the pooled test needs three observations in total, and says so', () => {
    const one = { n: 1, mean: 1, variance: 0 };
    const needs = 'needs an observation in each sample and three in total';
    expect(studentTest(one, one)).toMatchObject({ status: 'inconclusive', reason: needs });
    expect(studentTest({ n: 2, mean: 1, variance: 1 }, { n: 0, mean: 0, variance: 0 }).status).toBe('inconclusive');
  });
});
