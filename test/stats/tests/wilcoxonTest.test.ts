import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { createRng, normal } from '../../../src/random/index.ts';
import { wilcoxonTest } from '../../../src/stats/tests/index.ts';
import type { Alternative } from '../../../src/stats/types.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

interface Tails {
  readonly pTwoSided: number;
  readonly pGreater: number;
  readonly pLess: number;
}
interface Expected {
  readonly degenerate?: boolean;
  readonly wPlus: number;
  readonly rankBiserial: number;
  readonly asymptotic: { readonly continuity: Tails; readonly noContinuity: Tails };
  readonly exact?: Tails;
  readonly pseudoMedian?: { readonly estimate: number; readonly ci95: readonly [number, number] };
}
interface Input {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const golden = readGolden<GoldenFile<Input, Expected>>('paired.json');
const oracle = readGolden<{
  readonly hollander_depression: { readonly x: number[]; readonly y: number[] } & Readonly<Record<string, number>>;
  readonly darwin_maize: { readonly d: number[]; readonly W: number; readonly p: number };
  readonly ties_zeros: { readonly d: number[] } & Readonly<
    Record<'wilcox' | 'pratt' | 'zsplit', { readonly W: number; readonly p: number }>
  >;
}>('shadow-oracle.json');
const alternatives: readonly (readonly [Alternative, keyof Tails])[] = [
  ['two-sided', 'pTwoSided'],
  ['greater', 'pGreater'],
  ['less', 'pLess'],
];

describe('wilcoxonTest agrees with exact counts, SciPy and R', () => {
  for (const { id, input, expected } of golden.cases.filter(({ kind }) => kind === 'wilcoxonSignedRank')) {
    it(id, () => {
      const { x, y } = input;
      if (expected.degenerate) {
        expect(wilcoxonTest(x, y).status).toBe('inconclusive');
        return;
      }
      const result = ok(wilcoxonTest(x, y));
      expect(result.statistic).toBe(expected.wPlus);
      expectClose(result.effectSize.value, expected.rankBiserial, 1e-14);
      for (const [alternative, key] of alternatives) {
        for (const [name, continuity] of [
          ['continuity', true],
          ['noContinuity', false],
        ] as const) {
          const { pValue } = ok(wilcoxonTest(x, y, { method: 'asymptotic', alternative, continuity }));
          expectClose(pValue, expected.asymptotic[name][key], 1e-12, `${name} ${key}`);
        }
        if (expected.exact === undefined) continue;
        expectClose(ok(wilcoxonTest(x, y, { alternative })).pValue, expected.exact[key], 1e-13, `exact ${key}`);
      }
      if (expected.pseudoMedian === undefined) return;
      expectClose(result.estimate, expected.pseudoMedian.estimate, 1e-11, 'pseudo-median');
      expectClose(result.interval[0], expected.pseudoMedian.ci95[0], 1e-11, 'lower');
      expectClose(result.interval[1], expected.pseudoMedian.ci95[1], 1e-11, 'upper');
    });
  }

  it('the depression data of Hollander & Wolfe', () => {
    const { x, y, ...want } = oracle.hollander_depression;
    const exact = ok(wilcoxonTest(x, y));
    expect([exact.statistic, exact.pValue]).toEqual([want.W_greater, want.p_exact_two]);
    expect(ok(wilcoxonTest(x, y, { alternative: 'greater' })).pValue).toBe(want.p_exact_greater);
    const normalised = { method: 'asymptotic', continuity: false } as const;
    expectClose(ok(wilcoxonTest(x, y, normalised)).pValue, want.p_normal!, 1e-12);
    expectClose(ok(wilcoxonTest(x, y, { method: 'asymptotic' })).pValue, want.p_normal_cc!, 1e-12);
  });

  it("Darwin's maize, against one number", () => {
    const { d, W, p } = oracle.darwin_maize;
    const { statistic, pValue } = ok(wilcoxonTest(d, 0));
    expect(statistic).toBe(120 - W);
    expect(pValue).toBe(p);
  });

  for (const zeros of ['wilcox', 'pratt', 'zsplit'] as const) {
    it(`zeros: ${zeros}`, () => {
      const { d, ...want } = oracle.ties_zeros;
      const { statistic, pValue, effectSize } = ok(wilcoxonTest(d, 0, { zeros, continuity: false }));
      expectClose(pValue, want[zeros].p, 1e-12);
      // SciPy gives the smaller of the two sums; together they are the sum of the ranks that count.
      const total = zeros === 'wilcox' ? 36 : zeros === 'pratt' ? 52 : 55;
      expect(Math.min(statistic, total - statistic)).toBe(want[zeros].W);
      expectClose(effectSize.value, (2 * statistic) / total - 1, 1e-14);
    });
  }
});

describe('nasty case 6: ties among differences of decimals', () => {
  it('differences that are equal on paper are tied, and 0 on paper is 0', () => {
    // 0.3 - 0.1, 0.5 - 0.3 and 1.2 - 1 are three doubles.
    const plain = ok(wilcoxonTest([2, 2, 2, -4, 6, 0], 0, { method: 'asymptotic' }));
    const decimal = ok(
      wilcoxonTest([0.3, 0.5, 1.2, 0.1, 0.9, 0.7], [0.1, 0.3, 1, 0.5, 0.3, 0.7], { method: 'asymptotic' }),
    );
    expect(decimal.statistic).toBe(plain.statistic);
    expect(decimal.pValue).toBe(plain.pValue);
    expect(ok(wilcoxonTest([0.1 + 0.2, 5], [0.3, 1])).statistic).toBe(1);
  });

  it('the exact distribution given the ties is that of all changes of signs', () => {
    const d = [1, 1, -1, 2, -3, 3, 4];
    const ranks = [2, 2, 2, 4, 5.5, 5.5, 7];
    const observed = ranks.reduce((sum, rank, i) => sum + (d[i]! > 0 ? rank : 0), 0);
    let atLeast = 0;
    for (let mask = 0; mask < 128; mask += 1) {
      const sum = ranks.reduce((s, rank, i) => s + ((mask >> i) & 1 ? rank : 0), 0);
      if (sum >= observed) atLeast += 1;
    }
    const { pValue, statistic } = ok(wilcoxonTest(d, 0, { method: 'exact', alternative: 'greater' }));
    expect([statistic, pValue]).toEqual([observed, atLeast / 128]);
  });

  it('the exact distribution with zeros ranked first is that of the changes of the other signs', () => {
    const d = [0, 0, 1, -2, 3];
    // Ranks 3, 4, 5; W+ is 8 of the sums 0, 3, 4, 5, 7, 8, 9, 12.
    const { pValue } = ok(wilcoxonTest(d, 0, { method: 'exact', zeros: 'pratt', alternative: 'greater' }));
    expect(pValue).toBe(3 / 8);
  });
});

const sample = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 25 });
const run = { seed: 42, numRuns: 120 };

describe('wilcoxonTest', () => {
  it('flips when the samples are swapped', () => {
    fc.assert(
      fc.property(sample, fc.constantFrom('wilcox', 'pratt', 'zsplit'), fc.boolean(), (d, zeros, continuity) => {
        const forth = wilcoxonTest(d, 0, { zeros, continuity });
        fc.pre(forth.status === 'ok');
        const back = ok(
          wilcoxonTest(
            d.map((v) => -v),
            0,
            { zeros, continuity },
          ),
        );
        expectClose(back.pValue, forth.pValue, 1e-13);
        expectClose(back.effectSize.value, -forth.effectSize.value, 1e-13, '', 1);
        expect(back.estimate + 0).toBe(-forth.estimate + 0);
        expect(back.interval.map((v) => v + 0)).toEqual([-forth.interval[1] + 0, -forth.interval[0] + 0]);
      }),
      run,
    );
  });

  it('does not care for the unit', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: -9, max: 9 }), (d, power) => {
        const plain = wilcoxonTest(d, 0);
        fc.pre(plain.status === 'ok');
        const scaled = ok(
          wilcoxonTest(
            d.map((v) => v * 10 ** power),
            0,
          ),
        );
        expect([scaled.statistic, scaled.pValue]).toEqual([plain.statistic, plain.pValue]);
        expectClose(scaled.estimate / 10 ** power, plain.estimate, 1e-12, '', 1);
      }),
      run,
    );
  });

  it('keeps p within (0, 1] and the estimate within the interval, at any level', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0.01, max: 0.9999, noNaN: true }), (d, level) => {
        fc.pre(wilcoxonTest(d, 0).status === 'ok');
        for (const method of ['auto', 'exact', 'asymptotic'] as const) {
          for (const [alternative] of alternatives) {
            const { pValue, interval, estimate } = ok(wilcoxonTest(d, 0, { method, alternative, level }));
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

  it('has an interval that excludes 0 exactly where the exact test rejects', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 8, maxLength: 14 }),
        fc.integer({ min: 0, max: 2 ** 14 }),
        (sizes, signs) => {
          // A random offset below 1 keeps averages away from 0.
          const d = sizes.map((size, i) => ((signs >> i) & 1 ? size : -size) + 0.137 * (i + 1));
          const { pValue, interval } = ok(wilcoxonTest(d, 0));
          expect(interval[0] > 0 || interval[1] < 0).toBe(pValue <= 0.05);
        },
      ),
      run,
    );
  });

  it('finds the centre of large samples', () => {
    const rng = createRng(5);
    const d = Float64Array.from({ length: 30_000 }, () => normal(rng) + 1);
    const { estimate, interval } = ok(wilcoxonTest(d, 0));
    expect(Math.abs(estimate - 1)).toBeLessThan(0.03);
    expectClose(interval[1] - interval[0], 2 * 1.96 * Math.sqrt(Math.PI / 3 / 30_000), 0.03);
  });

  it('refuses wrong options and pairs that are none', () => {
    expect(wilcoxonTest([], []).status).toBe('inconclusive');
    expect(() => wilcoxonTest([1, 2], [1])).toThrow(InvalidDataError);
    expect(() => wilcoxonTest([1, Number.NaN], 0)).toThrow('a[1] must be a finite number');
    expect(() => wilcoxonTest([1, 2], Number.NaN)).toThrow(InvalidOptionError);
    expect(() => wilcoxonTest([1], [2], { zeros: 'drop' as never })).toThrow(InvalidOptionError);
    expect(() => wilcoxonTest([1], [2], { method: 'fast' as never })).toThrow(InvalidOptionError);
    expect(() => wilcoxonTest([1, 0], 0, { method: 'exact', zeros: 'zsplit' })).toThrow('split zeros');
    expect(() => wilcoxonTest(new Float64Array(501).fill(1), 0, { method: 'exact' })).toThrow('above 500 differences');
  });

  it('is exact by itself below 50 differences, and on demand up to 500', () => {
    const numbers = (length: number) => Array.from({ length }, (_, i) => (i + 1) * (i % 3 === 0 ? -1 : 1));
    expect(ok(wilcoxonTest(numbers(49), 0)).method).toBe('wilcoxon-exact');
    expect(ok(wilcoxonTest(numbers(50), 0)).method).toBe('wilcoxon-asymptotic');
    expect(ok(wilcoxonTest(numbers(500), 0, { method: 'exact' })).method).toBe('wilcoxon-exact');
    expect(() => wilcoxonTest(numbers(501), 0, { method: 'exact' })).toThrow(InvalidOptionError);
  });

  it('has the interval of the normal approximation with ties or zeros, that of the exact distribution without', () => {
    const untied = [1, -2, 3, 4, 5.5, 6.1, 7.7];
    const tied = [1, -1, 3, 4, 5.5, 6.1, 7.7];
    const zero = [0, -2, 3, 4, 5.5, 6.1, 7.7, 9];
    const both = (values: readonly number[], level: number) =>
      (['exact', 'asymptotic'] as const).map((method) => ok(wilcoxonTest(values, 0, { method, level })).interval);
    const levels = Array.from({ length: 40 }, (_, i) => 0.6 + i / 100);
    const differs = (values: readonly number[]) =>
      levels.some((level) => {
        const [exact, asymptotic] = both(values, level);
        return exact![0] !== asymptotic![0];
      });
    expect(differs(untied)).toBe(true);
    expect(differs(tied)).toBe(false);
    expect(differs(zero)).toBe(false);
  });

  it('names itself and the option at fault', () => {
    expect(() => wilcoxonTest([1, 2], Number.NaN)).toThrow(/^b/);
    expect(() => wilcoxonTest([1, 2], 3, { margin: 1 } as never)).toThrow(/wilcoxonTest options/);
    expect(() => wilcoxonTest([1, 2], 3, { continuity: 1 as never })).toThrow(/^continuity/);
    expect(() => wilcoxonTest([1, 2], 3, { method: 'mc' as never })).toThrow(/^method/);
  });
});
