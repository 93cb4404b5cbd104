import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { normalDistribution } from '../../../src/stats/distributions/index.ts';
import { kolmogorovSmirnovTest } from '../../../src/stats/tests/index.ts';
import type { Alternative } from '../../../src/stats/types.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

interface Input {
  readonly x: readonly number[];
  readonly y?: readonly number[];
  readonly mean?: number;
  readonly sd?: number;
}
interface Expected {
  readonly statistic: number;
  readonly dPlus: number;
  readonly dMinus: number;
  readonly location?: number;
  readonly ties?: boolean;
  readonly pKolmogorov: number;
  readonly pGreaterAsymptotic?: number;
  readonly pLessAsymptotic?: number;
  readonly pExact?: number;
}

const golden = readGolden<GoldenFile<Input, Expected>>('ks.json');
const oracle = readGolden<{ ks: { a: number[]; b: number[]; D: number; p_exact: number } }>('shadow-oracle.json').ks;

describe('kolmogorovSmirnovTest agrees with lattice paths, SciPy and mpmath', () => {
  for (const { id, input, expected } of golden.cases) {
    it(id, () => {
      const { x, y, mean, sd } = input;
      const other = y ?? ((value: number) => normalDistribution.cdf(value, mean, sd));
      const asymptotic = ok(kolmogorovSmirnovTest(x, other, { method: 'asymptotic' }));
      expectClose(asymptotic.statistic, expected.statistic, 1e-12, 'D');
      expectClose(asymptotic.pValue, expected.pKolmogorov, 1e-10, 'Kolmogorov');
      for (const [alternative, d, p] of [
        ['greater', expected.dPlus, expected.pGreaterAsymptotic],
        ['less', expected.dMinus, expected.pLessAsymptotic],
      ] as const) {
        const one = ok(kolmogorovSmirnovTest(x, other, { alternative, method: 'asymptotic' }));
        expectClose(one.statistic, d, 1e-9, alternative);
        if (p !== undefined) expectClose(one.pValue, p, 1e-10, alternative);
      }
      if (expected.location !== undefined) expect(asymptotic.location).toBe(expected.location);
      if (expected.ties !== undefined) expect(asymptotic.warnings.length > 0).toBe(expected.ties);
      if (expected.pExact === undefined) return;
      // SciPy, the reference for one sample, is good to 1e-8.
      const exact = ok(kolmogorovSmirnovTest(x, other));
      expect(exact.method).toBe('kolmogorov-smirnov-exact');
      expectClose(exact.pValue, expected.pExact, y === undefined ? 1e-9 : 1e-12, 'exact');
    });
  }

  it('50 values against 40', () => {
    const { statistic, pValue } = ok(kolmogorovSmirnovTest(oracle.a, oracle.b));
    expectClose(statistic, oracle.D, 1e-12);
    expectClose(pValue, oracle.p_exact, 1e-11);
  });
});

describe('exact tails', () => {
  it('far apart: complete separation of n and m has probability 2 / C(n + m, n)', () => {
    const x = Array.from({ length: 30 }, (_, i) => i);
    const { pValue } = ok(
      kolmogorovSmirnovTest(
        x,
        x.map((v) => v + 100),
      ),
    );
    // C(60, 30), cut to the digits of a double.
    expectClose(pValue, 2 / 1.182_645_815_648_614e17, 1e-13);
    expectClose(
      ok(
        kolmogorovSmirnovTest(
          x,
          x.map((v) => v + 100),
          { alternative: 'greater' },
        ),
      ).pValue,
      pValue / 2,
      1e-13,
    );
    expect(
      ok(
        kolmogorovSmirnovTest(
          x,
          x.map((v) => v + 100),
          { alternative: 'less' },
        ),
      ).pValue,
    ).toBe(1);
  });

  it('counts as all orders of small samples do', () => {
    // 3 against 2: the ten orders of xxxyy, and the largest distances in sixths.
    const probabilities = new Map<number, number>();
    for (let mask = 0; mask < 32; mask += 1) {
      const order = [0, 1, 2, 3, 4].map((i) => (mask >> i) & 1);
      if (order.reduce((a, b) => a + b) !== 3) continue;
      const x = [0, 1, 2, 3, 4].filter((i) => order[i]);
      const y = [0, 1, 2, 3, 4].filter((i) => !order[i]);
      const { statistic } = ok(kolmogorovSmirnovTest(x, y));
      const sixths = Math.round(6 * statistic);
      for (let d = 1; d <= sixths; d += 1) probabilities.set(d, (probabilities.get(d) ?? 0) + 0.1);
    }
    for (const [x, y] of [
      [
        [0, 1, 2],
        [3, 4],
      ],
      [
        [0, 2, 3],
        [1, 4],
      ],
      [
        [0, 1, 4],
        [2, 3],
      ],
    ] as const) {
      const { statistic, pValue } = ok(kolmogorovSmirnovTest(x, y));
      expectClose(pValue, probabilities.get(Math.round(6 * statistic))!, 1e-12);
    }
  });

  it('one sample: D of n values at least 1 - e has probability 2 e^n, and matches published critical values', () => {
    const uniform = (value: number) => Math.min(1, Math.max(0, value));
    const near = [0.93, 0.95, 0.97, 0.99];
    // All four values above 0.93: D = 0.93.
    expectClose(ok(kolmogorovSmirnovTest(near, uniform)).pValue, 2 * 0.07 ** 4, 1e-12);
    // Massey (1951): critical values at 5%, n = 10: 0.409, n = 20: 0.294 (three digits), here reached exactly.
    for (const [n, critical] of [
      [10, 0.409_25],
      [20, 0.294_08],
    ] as const) {
      const values = Array.from({ length: n }, (_, i) => Math.min(1, critical + i / n));
      const { statistic, pValue } = ok(kolmogorovSmirnovTest(values, uniform));
      expectClose(statistic, critical, 1e-12);
      expect(Math.abs(pValue - 0.05)).toBeLessThan(1e-5);
    }
  });

  it('one sample: both ways of computing the exact tail meet', () => {
    const uniform = (value: number) => Math.min(1, Math.max(0, value));
    const tail = (n: number, d: number) =>
      ok(
        kolmogorovSmirnovTest(
          Array.from({ length: n }, (_, i) => Math.min(1, d + i / n)),
          uniform,
        ),
      ).pValue;
    for (const n of [30, 100, 400]) {
      const edge = Math.sqrt(4.7 / n);
      const [before, after] = [tail(n, edge * (1 - 1e-9)), tail(n, edge * (1 + 1e-9))];
      expect(after).toBeLessThan(before);
      // The slope of the tail is about -4 n d p: nothing more than that may lie between them.
      expectClose(before / after - 1, 4 * n * edge * 2e-9 * edge, 0.5);
    }
  });
});

const sample = fc.array(fc.integer({ min: -15, max: 15 }), { minLength: 1, maxLength: 25 });
const run = { seed: 42, numRuns: 120 };

describe('kolmogorovSmirnovTest', () => {
  it('is symmetric, depends on the order alone, and keeps p and interval within [0, 1]', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: -9, max: 9 }), (x, y, power) => {
        const forth = ok(kolmogorovSmirnovTest(x, y));
        const back = ok(kolmogorovSmirnovTest(y, x));
        const scaled = ok(
          kolmogorovSmirnovTest(
            x.map((v) => v * 10 ** power),
            y.map((v) => v * 10 ** power),
          ),
        );
        for (const other of [back, scaled]) {
          expect(other.statistic).toBe(forth.statistic);
          expectClose(other.pValue, forth.pValue, 1e-12);
        }
        expectClose(
          ok(kolmogorovSmirnovTest(y, x, { alternative: 'less' })).pValue,
          ok(kolmogorovSmirnovTest(x, y, { alternative: 'greater' })).pValue,
          1e-12,
        );
        for (const alternative of ['two-sided', 'less', 'greater'] as const) {
          const { pValue, interval, estimate } = ok(kolmogorovSmirnovTest(x, y, { alternative }));
          expect(pValue).toBeGreaterThan(0);
          expect(pValue).toBeLessThanOrEqual(1);
          expect(interval[0]).toBeGreaterThanOrEqual(0);
          expect(interval[0]).toBeLessThanOrEqual(estimate);
          expect(interval[1]).toBeGreaterThanOrEqual(estimate);
          expect(interval[1]).toBeLessThanOrEqual(1);
        }
      }),
      run,
    );
  });

  it('comes close to the limit law for large samples', () => {
    const x = Array.from({ length: 1000 }, (_, i) => i);
    const y = Array.from({ length: 1000 }, (_, i) => i + 60.5);
    const exact = ok(kolmogorovSmirnovTest(x, y)).pValue;
    expectClose(ok(kolmogorovSmirnovTest(x, y, { method: 'asymptotic' })).pValue, exact, 0.1);
    const longer = Array.from({ length: 1001 }, (_, i) => i);
    expect(ok(kolmogorovSmirnovTest(longer, y)).method).toBe('kolmogorov-smirnov-asymptotic');
  });

  it('is inconclusive without values and refuses what it cannot read', () => {
    expect(kolmogorovSmirnovTest([], [1]).status).toBe('inconclusive');
    expect(kolmogorovSmirnovTest([], () => 0.5).status).toBe('inconclusive');
    expect(() => kolmogorovSmirnovTest([1, Number.NaN], [1])).toThrow(InvalidDataError);
    expect(() => kolmogorovSmirnovTest([1, 3], (v) => v)).toThrow('b(3) must be a probability within [0, 1]');
    expect(() => kolmogorovSmirnovTest([1], [1], { method: 'mc' as never })).toThrow(InvalidOptionError);
    const many = Array.from({ length: 1001 }, (_, i) => i);
    expect(() => kolmogorovSmirnovTest(many, many, { method: 'exact' })).toThrow(InvalidOptionError);
    expect(() => kolmogorovSmirnovTest(many, () => 0.5, { method: 'exact' })).toThrow('1000 values');
  });

  it('answers by hand what few values say, to either side', () => {
    const p = (a: readonly number[], b: readonly number[] | ((v: number) => number), alternative: Alternative) => {
      const { statistic, pValue } = ok(kolmogorovSmirnovTest(a, b, { alternative }));
      return [statistic, pValue];
    };
    for (const [a, b, swapped] of [
      [[1, 2], [3], 'greater'],
      [[3], [1, 2], 'less'],
    ] as const) {
      expect(p(a, b, 'two-sided')).toEqual([1, 2 / 3]);
      expect(p(a, b, swapped)).toEqual([1, 1 / 3]);
      expect(p(a, b, swapped === 'less' ? 'greater' : 'less')).toEqual([0, 1]);
    }
    // One value, evenly distributed: D+ = 1 - x, D- = x.
    const uniform = (value: number): number => value;
    expect(p([0.75], uniform, 'less')).toEqual([0.75, 0.25]);
    expect(p([0.75], uniform, 'greater')).toEqual([0.25, 0.75]);
    expect(p([0.75], uniform, 'two-sided')).toEqual([0.75, 0.5]);
    expect(p([0.25], uniform, 'two-sided')).toEqual([0.75, 0.5]);
  });

  it('shares the error probability of its interval between samples and sides', () => {
    const x = Array.from({ length: 200 }, (_, i) => (i + 0.5) / 400);
    const y = Array.from({ length: 150 }, (_, i) => 0.5 + i);
    const margin = (n: number, tail: number): number => Math.sqrt(-Math.log(tail) / (2 * n));
    const uniform = (value: number): number => Math.min(value, 1);
    const interval = (alternative: Alternative) => ok(kolmogorovSmirnovTest(x, uniform, { alternative })).interval;
    const reach = 0.5 + 0.5 / 400;
    expectClose(interval('two-sided')[0], reach - margin(200, 0.025), 1e-12);
    expectClose(interval('two-sided')[1], reach + margin(200, 0.025), 1e-12);
    expectClose(interval('greater')[0], reach - margin(200, 0.05), 1e-12);
    expect(interval('greater')[1]).toBe(1);
    expect(interval('less')).toEqual([0, 1]);
    const two = ok(kolmogorovSmirnovTest(x, y)).interval;
    expectClose(two[0], 1 - margin(200, 0.0125) - margin(150, 0.0125), 1e-12);
    expect(two[1]).toBe(1);
  });

  it('is exact up to a million pairs, whatever their sizes, or a thousand values', () => {
    const numbers = (length: number) => Array.from({ length }, (_, i) => i);
    expect(ok(kolmogorovSmirnovTest(numbers(1500), numbers(3))).method).toBe('kolmogorov-smirnov-exact');
    expect(ok(kolmogorovSmirnovTest(numbers(1000), () => 0.5)).method).toBe('kolmogorov-smirnov-exact');
    expect(ok(kolmogorovSmirnovTest(numbers(1001), () => 0.5)).method).toBe('kolmogorov-smirnov-asymptotic');
    expect(() => kolmogorovSmirnovTest([1, 3], () => -0.1)).toThrow('b(1) must be a probability within [0, 1]');
    expect(ok(kolmogorovSmirnovTest([1, 3], () => 0)).statistic).toBe(1);
  });

  it('names itself and the option at fault', () => {
    expect(() => kolmogorovSmirnovTest([1], [2], { zeros: 'pratt' } as never)).toThrow(/kolmogorovSmirnovTest options/);
    expect(() => kolmogorovSmirnovTest([1], [2], { method: 'auto', level: 2 })).toThrow(/level/);
    expect(() => kolmogorovSmirnovTest([1], [2], { method: 'mc' as never })).toThrow(/^method/);
    const many = Array.from({ length: 1001 }, (_, i) => i);
    expect(() => kolmogorovSmirnovTest(many, () => 0.5, { method: 'exact' })).toThrow(/^method/);
  });
});
