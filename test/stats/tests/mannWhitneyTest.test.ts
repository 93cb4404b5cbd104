import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { createRng, normal } from '../../../src/random/index.ts';
import { mannWhitneyTest } from '../../../src/stats/tests/index.ts';
import type { Alternative } from '../../../src/stats/types.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

interface Input {
  readonly x: readonly number[];
  readonly y: readonly number[];
}
interface Tails {
  readonly pTwoSided: number;
  readonly pGreater: number;
  readonly pLess: number;
}
interface Expected {
  readonly u1: number;
  readonly u2: number;
  readonly rankBiserial: number;
  readonly commonLanguage: number;
  readonly ties: boolean;
  readonly degenerate?: boolean;
  readonly asymptotic: { readonly continuity: Tails; readonly noContinuity: Tails };
  readonly exact?: Tails;
  readonly hodgesLehmann: number;
  readonly shiftCi?: { readonly ci95: readonly [number, number]; readonly ci99: readonly [number, number] };
}

const golden = readGolden<GoldenFile<Input, Expected>>('mannwhitney.json');
const alternatives: readonly (readonly [Alternative, keyof Tails])[] = [
  ['two-sided', 'pTwoSided'],
  ['greater', 'pGreater'],
  ['less', 'pLess'],
];

describe('mannWhitneyTest agrees with exact counts, SciPy and R', () => {
  for (const { id, input, expected } of golden.cases) {
    const { x, y } = input;
    if (expected.degenerate) {
      it(`${id}: inconclusive`, () => expect(mannWhitneyTest(x, y).status).toBe('inconclusive'));
      continue;
    }
    it(id, () => {
      const result = ok(mannWhitneyTest(x, y));
      expect(result.statistic).toBe(expected.u1);
      expectClose(result.effectSize.value, expected.rankBiserial, 1e-14);
      expectClose(result.commonLanguage, expected.commonLanguage, 1e-14);
      expectClose(result.estimate, expected.hodgesLehmann, 1e-12);
      for (const [alternative, key] of alternatives) {
        for (const [name, continuity] of [
          ['continuity', true],
          ['noContinuity', false],
        ] as const) {
          const { pValue } = ok(mannWhitneyTest(x, y, { method: 'asymptotic', alternative, continuity }));
          expectClose(pValue, expected.asymptotic[name][key], 1e-12, `${name} ${key}`);
        }
        if (expected.exact !== undefined) {
          expectClose(ok(mannWhitneyTest(x, y, { alternative })).pValue, expected.exact[key], 1e-12, `exact ${key}`);
        }
      }
      for (const level of [0.95, 0.99]) {
        const want = expected.shiftCi?.[level === 0.95 ? 'ci95' : 'ci99'];
        const method = expected.exact === undefined ? 'asymptotic' : 'auto';
        const { interval } = ok(mannWhitneyTest(x, y, { level, method }));
        if (want === undefined) continue;
        expectClose(interval[0], want[0], 1e-12);
        expectClose(interval[1], want[1], 1e-12);
      }
    });
  }
});

describe('nasty case 6: ties', () => {
  it('-0 ties with 0', () => {
    expect(ok(mannWhitneyTest([0, 0, 1], [-0, -0, 2])).statistic).toBe(4);
  });

  it('the continuity correction stops at the mean and the exact two-sided p-value at 1', () => {
    const same = [1, 2, 3, 4];
    expect(ok(mannWhitneyTest(same, same)).pValue).toBe(1);
    expect(ok(mannWhitneyTest([1, 4], [2, 3], { method: 'exact' })).pValue).toBe(1);
  });

  it('numbers are sorted as numbers', () => {
    expect(ok(mannWhitneyTest([9, 10, 100], [1, 2, 11])).statistic).toBe(7);
  });

  it('NaN never reaches a comparison', () => {
    expect(() => mannWhitneyTest([1, Number.NaN], [2])).toThrow(InvalidDataError);
    expect(() => mannWhitneyTest([1], [2, Number.POSITIVE_INFINITY])).toThrow('b[1] must be a finite number');
  });

  it('the exact distribution given the ties is that of all relabellings', () => {
    const x = [3, 3, 1];
    const y = [2, 3, 5, 1];
    const pool = [...x, ...y];
    const u = (first: readonly number[], second: readonly number[]) =>
      first.flatMap((a) => second.map((b) => (a > b ? 1 : a === b ? 0.5 : 0))).reduce<number>((s, v) => s + v, 0);
    let atMost = 0;
    let all = 0;
    for (let mask = 0; mask < 1 << pool.length; mask += 1) {
      const first = pool.filter((_, i) => (mask >> i) & 1);
      if (first.length !== 3) continue;
      all += 1;
      if (
        u(
          first,
          pool.filter((_, i) => !((mask >> i) & 1)),
        ) <= u(x, y)
      )
        atMost += 1;
    }
    const { pValue } = ok(mannWhitneyTest(x, y, { method: 'exact', alternative: 'less' }));
    expectClose(pValue, atMost / all, 1e-14);
  });

  it('the variance keeps its digits when nearly all observations are tied', () => {
    const mostlyZero = (ones: number) => Float64Array.from({ length: 100_000 }, (_, i) => (i < ones ? 1 : 0));
    const { pValue } = ok(mannWhitneyTest(mostlyZero(3), mostlyZero(1), { continuity: false }));
    // With two values, U is the number of ones: the hypergeometric variance n^2 k (N - k) / (N^2 (N - 1)), k = 4.
    const n = 100_000;
    const z = 1 / Math.sqrt((n * n * 4 * (2 * n - 4)) / (4 * n * n * (2 * n - 1)));
    // Two-sided normal tail at z, from mpmath: erfc(z / sqrt 2).
    expectClose(z, 1.000_007_5, 1e-9);
    expectClose(pValue, 0.317_306_878_171_9, 1e-9);
  });
});

const sample = fc.array(fc.integer({ min: -15, max: 15 }), { minLength: 1, maxLength: 25 });
const run = { seed: 42, numRuns: 150 };

describe('mannWhitneyTest', () => {
  it('flips when the samples are swapped', () => {
    fc.assert(
      fc.property(sample, sample, fc.boolean(), (x, y, continuity) => {
        const forth = mannWhitneyTest(x, y, { continuity });
        fc.pre(forth.status === 'ok');
        const back = ok(mannWhitneyTest(y, x, { continuity }));
        expect(back.statistic + forth.statistic).toBe(x.length * y.length);
        expectClose(back.pValue, forth.pValue, 1e-13);
        expectClose(back.effectSize.value, -forth.effectSize.value, 1e-13, '', 1);
        expect(back.estimate + 0).toBe(-forth.estimate + 0);
        expect(back.interval.map((v) => v + 0)).toEqual([-forth.interval[1] + 0, -forth.interval[0] + 0]);
        const less = ok(mannWhitneyTest(y, x, { continuity, alternative: 'less' })).pValue;
        expectClose(ok(mannWhitneyTest(x, y, { continuity, alternative: 'greater' })).pValue, less, 1e-13);
      }),
      run,
    );
  });

  it('depends on the order alone: any rising map leaves U and p as they are', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: -9, max: 9 }), (x, y, power) => {
        const plain = mannWhitneyTest(x, y);
        fc.pre(plain.status === 'ok');
        const map = (v: number) => v * 10 ** power;
        const scaled = ok(mannWhitneyTest(x.map(map), y.map(map)));
        expect([scaled.statistic, scaled.pValue]).toEqual([plain.statistic, plain.pValue]);
        const cubed = ok(
          mannWhitneyTest(
            x.map((v) => v ** 3),
            y.map((v) => v ** 3),
          ),
        );
        expect([cubed.statistic, cubed.pValue]).toEqual([plain.statistic, plain.pValue]);
      }),
      run,
    );
  });

  it('keeps p within [0, 1] and the estimate within the interval, at any level', () => {
    fc.assert(
      fc.property(sample, sample, fc.double({ min: 0.01, max: 0.9999, noNaN: true }), (x, y, level) => {
        fc.pre(mannWhitneyTest(x, y).status === 'ok');
        for (const method of ['auto', 'exact', 'asymptotic'] as const) {
          for (const [alternative] of alternatives) {
            const { pValue, interval, estimate } = ok(mannWhitneyTest(x, y, { method, alternative, level }));
            expect(pValue).toBeGreaterThan(0);
            expect(pValue).toBeLessThanOrEqual(1);
            expect(interval[0]).toBeLessThanOrEqual(estimate);
            expect(interval[1]).toBeGreaterThanOrEqual(estimate);
          }
        }
      }),
      run,
    );
  });

  it('rejects more the farther apart the samples are', () => {
    const x = [1, 4, 2, 8, 5, 7, 3];
    let before = 1;
    for (let shift = 0; shift <= 8; shift += 1) {
      const { pValue } = ok(
        mannWhitneyTest(
          x,
          [1.5, 3.5, 2.5, 9.5, 4.5].map((v) => v - shift),
          { alternative: 'greater' },
        ),
      );
      expect(pValue).toBeLessThanOrEqual(before);
      before = pValue;
    }
    expect(before).toBeLessThan(0.05);
  });

  it('has an interval that excludes 0 exactly where the exact test rejects', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 16, maxLength: 24 }), (values) => {
        const x = values.slice(0, 9).map((v) => v + 100.5);
        const y = values.slice(9);
        const { pValue, interval } = ok(mannWhitneyTest(x, y));
        expect(interval[0] > 0 || interval[1] < 0).toBe(pValue <= 0.05);
      }),
      run,
    );
  });

  it('finds the shift of large samples, whose differences nobody could write down', () => {
    const rng = createRng(7);
    const x = Float64Array.from({ length: 40_000 }, () => normal(rng) + 0.5);
    const y = Float64Array.from({ length: 30_000 }, () => normal(rng));
    const { estimate, interval } = ok(mannWhitneyTest(x, y));
    expect(interval[0]).toBeLessThan(0.5);
    expect(interval[1]).toBeGreaterThan(0.5);
    expect(Math.abs(estimate - 0.5)).toBeLessThan(0.03);
    // The width of a Hodges-Lehmann interval under normality: 2 z sqrt(pi / 3) times the standard error of the mean.
    expectClose(
      interval[1] - interval[0],
      2 * 1.96 * Math.sqrt(Math.PI / 3) * Math.sqrt(1 / 40_000 + 1 / 30_000),
      0.02,
    );
  });

  it('warns where the level is out of reach', () => {
    expect(ok(mannWhitneyTest([1, 2], [3, 4])).warnings).toHaveLength(1);
    expect(ok(mannWhitneyTest([1, 2], [3, 4], { method: 'asymptotic', level: 0.99 })).warnings).toHaveLength(1);
    expect(ok(mannWhitneyTest([1, 2, 3, 4], [5, 6, 7, 8])).warnings).toEqual([]);
  });

  it('refuses wrong options; an empty sample is inconclusive', () => {
    expect(mannWhitneyTest([], [1]).status).toBe('inconclusive');
    expect(() => mannWhitneyTest([1], [2], { method: 'fast' as never })).toThrow(InvalidOptionError);
    expect(() => mannWhitneyTest([1], [2], { continuity: 1 as never })).toThrow(InvalidOptionError);
    const large = Float64Array.from({ length: 101 }, (_, i) => i);
    expect(() => mannWhitneyTest(large, large, { method: 'exact' })).toThrow('more than 10000 pairs (here 10201)');
    expect(
      ok(
        mannWhitneyTest(
          large.slice(1),
          large.slice(1).map((v) => v + 0.5),
          { method: 'exact' },
        ),
      ).method,
    ).toBe('mann-whitney-exact');
  });

  it('is exact by itself below 50 values in either sample', () => {
    const numbers = (length: number) => Array.from({ length }, (_, i) => i + 1 / length);
    for (const [n, m, method] of [
      [3, 49, 'exact'],
      [49, 3, 'exact'],
      [3, 50, 'asymptotic'],
      [50, 3, 'asymptotic'],
    ] as const) {
      expect(ok(mannWhitneyTest(numbers(n), numbers(m))).method).toBe(`mann-whitney-${method}`);
    }
  });

  it('has one-sided intervals that are open', () => {
    const interval = (alternative: Alternative) => ok(mannWhitneyTest([1, 4, 6], [2, 9], { alternative })).interval;
    expect(interval('greater')[1]).toBe(Number.POSITIVE_INFINITY);
    expect(interval('less')[0]).toBe(Number.NEGATIVE_INFINITY);
    expect(interval('two-sided').every(Number.isFinite)).toBe(true);
  });

  it('names itself and the option at fault', () => {
    expect(mannWhitneyTest([1, 1], [1]).method).toBe('mann-whitney');
    expect(() => mannWhitneyTest([1, 2], [3], { margin: 1 } as never)).toThrow(/mannWhitneyTest options/);
    expect(() => mannWhitneyTest([1, 2], [3], { continuity: 1 as never })).toThrow(/^continuity/);
    expect(() => mannWhitneyTest([1, 2], [3], { method: 'mc' as never })).toThrow(/^method/);
  });
});
