import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { mcnemarTest } from '../../../src/stats/tests/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

interface Expected {
  readonly degenerate?: boolean;
  readonly exact?: { readonly pTwoSided: number };
  readonly midP?: { readonly pTwoSided: number };
  readonly chi2?: { readonly statistic: number; readonly p: number };
  readonly chi2Corrected?: { readonly statistic: number; readonly p: number };
  readonly oddsRatio?: number;
}
type Table = readonly [readonly [number, number], readonly [number, number]];

const golden = readGolden<GoldenFile<{ readonly table: Table }, Expected>>('paired.json');
const oracle = readGolden<{ readonly mcnemar: readonly Record<string, number>[] }>('shadow-oracle.json').mcnemar;

describe('mcnemarTest agrees with exact rationals and mpmath', () => {
  for (const { id, input, expected } of golden.cases.filter(({ kind }) => kind === 'mcnemar')) {
    it(id, () => {
      const { table } = input;
      if (expected.degenerate) {
        expect(mcnemarTest(table).status).toBe('inconclusive');
        return;
      }
      const p = (method: 'exact' | 'mid-p' | 'corrected' | 'uncorrected') => ok(mcnemarTest(table, { method }));
      if (expected.exact) expectClose(p('exact').pValue, expected.exact.pTwoSided, 1e-12, 'exact');
      if (expected.midP) expectClose(p('mid-p').pValue, expected.midP.pTwoSided, 1e-12, 'mid-p');
      for (const [method, want] of [
        ['uncorrected', expected.chi2],
        ['corrected', expected.chi2Corrected],
      ] as const) {
        if (want === undefined) continue;
        expectClose(p(method).statistic, want.statistic, 1e-13, method);
        expectClose(p(method).pValue, want.p, 1e-12, method);
      }
      if (expected.oddsRatio !== undefined) expectClose(p('exact').effectSize.value, expected.oddsRatio, 1e-13);
    });
  }

  for (const { b, c, exact_p, midp, chi2, chi2_cc, p, p_cc } of oracle) {
    it(`SciPy and statsmodels: ${b} against ${c}`, () => {
      const table = [
        [500, b!],
        [c!, 20],
      ];
      expectClose(ok(mcnemarTest(table)).pValue, exact_p!, 1e-12);
      expectClose(ok(mcnemarTest(table, { method: 'mid-p' })).pValue, midp!, 1e-12);
      const corrected = ok(mcnemarTest(table, { method: 'corrected' }));
      const uncorrected = ok(mcnemarTest(table, { method: 'uncorrected' }));
      expectClose(uncorrected.statistic, chi2!, 1e-13);
      expectClose(uncorrected.pValue, p!, 1e-11);
      // The reference moves |b - c| by 1 even past 0; the library stops there, as the golden file of pairs has it.
      if (b !== c) {
        expectClose(corrected.statistic, chi2_cc!, 1e-13);
        expectClose(corrected.pValue, p_cc!, 1e-11);
      }
    });
  }
});

describe('mcnemarTest', () => {
  const methods = ['exact', 'mid-p', 'corrected', 'uncorrected'] as const;
  const count = fc.integer({ min: 0, max: 80 });

  it('flips when the models are swapped; p within [0, 1]; the interval contains the estimate', () => {
    fc.assert(
      fc.property(count, count, count, count, fc.constantFrom(...methods), (a, b, c, d, method) => {
        fc.pre(b + c > 0);
        const table = [
          [a, b],
          [c, d],
        ];
        const turned = [
          [a, c],
          [b, d],
        ];
        const forth = ok(mcnemarTest(table, { method }));
        const back = ok(mcnemarTest(turned, { method }));
        expect(back.estimate + 0).toBe(-forth.estimate + 0);
        expectClose(back.pValue, forth.pValue, 1e-13);
        expectClose(back.interval[0], -forth.interval[1], 1e-12, '', 1e-3);
        for (const [mine, yours] of [
          ['greater', 'less'],
          ['less', 'greater'],
        ] as const) {
          const one = ok(mcnemarTest(table, { method, alternative: mine }));
          expectClose(ok(mcnemarTest(turned, { method, alternative: yours })).pValue, one.pValue, 1e-13);
          expect(one.pValue).toBeLessThanOrEqual(1);
          expect(one.interval[0]).toBeLessThanOrEqual(one.estimate);
          expect(one.interval[1]).toBeGreaterThanOrEqual(one.estimate);
        }
        expect(forth.pValue).toBeGreaterThan(0);
        expect(forth.pValue).toBeLessThanOrEqual(1);
      }),
      { seed: 42 },
    );
  });

  it('is least willing when exact and most when uncorrected', () => {
    fc.assert(
      fc.property(count, count, (b, c) => {
        fc.pre(b + c > 0);
        const [exact, mid, corrected, uncorrected] = methods.map(
          (method) =>
            ok(
              mcnemarTest(
                [
                  [10, b],
                  [c, 10],
                ],
                { method },
              ),
            ).pValue,
        );
        expect(mid!).toBeLessThanOrEqual(exact!);
        expect(uncorrected!).toBeLessThanOrEqual(corrected!);
      }),
      { seed: 42 },
    );
  });

  it('has the interval of Newcombe (1998), table III: 36, 12, 2, 0 of 50', () => {
    const { estimate, interval } = ok(
      mcnemarTest([
        [36, 12],
        [2, 0],
      ]),
    );
    expect(estimate).toBe(0.2);
    // Method 10, published as 0.0569 to 0.3404.
    expect(interval[0]).toBeCloseTo(0.0569, 4);
    expect(interval[1]).toBeCloseTo(0.3404, 4);
  });

  it('points at the better model', () => {
    const table = [
      [80, 15],
      [3, 2],
    ];
    const { estimate, effectSize } = ok(mcnemarTest(table));
    expect([estimate, effectSize.value]).toEqual([0.12, 5]);
    expect(ok(mcnemarTest(table, { alternative: 'greater' })).pValue).toBeLessThan(0.01);
    expect(ok(mcnemarTest(table, { alternative: 'less' })).pValue).toBeGreaterThan(0.99);
  });

  it('refuses what is no table, and unknown methods', () => {
    expect(() => mcnemarTest([[1, 2]])).toThrow(InvalidDataError);
    expect(() =>
      mcnemarTest([
        [1, 2],
        [1.5, 2],
      ]),
    ).toThrow('table[1][0] must be a whole number at least 0');
    expect(() =>
      mcnemarTest(
        [
          [1, 2],
          [1, 2],
        ],
        { method: 'yates' as never },
      ),
    ).toThrow(InvalidOptionError);
  });

  it('is in the middle where both models are right equally often', () => {
    const p = (alternative: 'less' | 'greater' | 'two-sided') =>
      ok(
        mcnemarTest(
          [
            [1, 3],
            [3, 1],
          ],
          { alternative, method: 'mid-p' },
        ),
      ).pValue;
    expectClose(p('less'), 0.5, 1e-15);
    expectClose(p('greater'), 0.5, 1e-15);
    // But for the observed count: 1 - C(6, 3) / 2^6.
    expectClose(p('two-sided'), 1 - 20 / 64, 1e-15);
  });
});
