import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { fisherTest } from '../../../src/stats/tests/index.ts';
import { expectClose, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';
import { type ProportionsFile, twoProportions } from './proportionsGolden.ts';

describe('fisherTest agrees with exact integers and R', () => {
  for (const { id, input, expected } of twoProportions(readGolden<ProportionsFile>('proportions.json'))) {
    const { fisher } = expected;
    if (fisher === undefined) continue;
    const table = [
      [input.x1, input.n1 - input.x1],
      [input.x2, input.n2 - input.x2],
    ];
    it(id, () => {
      if (input.x1 + input.x2 === 0 || input.x1 + input.x2 === input.n1 + input.n2) {
        // R says p = 1 and any odds ratio; the library says that there is nothing to be said.
        expect(fisherTest(table).status).toBe('inconclusive');
        return;
      }
      const result = ok(fisherTest(table));
      expectClose(result.pValue, fisher.pTwoSided, 1e-11, 'two-sided');
      expectClose(ok(fisherTest(table, { alternative: 'greater' })).pValue, fisher.pGreater, 1e-11, 'greater');
      expectClose(ok(fisherTest(table, { alternative: 'less' })).pValue, fisher.pLess, 1e-11, 'less');
      expectClose(result.estimate, fisher.oddsRatioConditionalMle, 1e-10, 'estimate');
      expectClose(result.interval[0], fisher.oddsRatioCi95[0], 1e-10, 'lower');
      expectClose(result.interval[1], fisher.oddsRatioCi95[1], 1e-10, 'upper');
      expectClose(result.effectSize.value, fisher.oddsRatioSample, 1e-12, 'sample');
    });
  }
});

const table = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: 4, maxLength: 4 })
  .filter(([a, b, c, d]) => ![a! + b!, c! + d!, a! + c!, b! + d!].includes(0))
  .map(([a, b, c, d]) => [
    [a!, b!],
    [c!, d!],
  ]);
const run = { seed: 42, numRuns: 100 };

/** ln n! by adding up. */
const logFactorial = (n: number) => Array.from({ length: n }, (_, i) => Math.log(i + 1)).reduce((x, y) => x + y, 0);

describe('nasty case 7: factorials and equally likely tables', () => {
  it('counts beyond 170 do not overflow', () => {
    const { pValue } = ok(
      fisherTest([
        [300, 200],
        [200, 300],
      ]),
    );
    // Twice the sum of the binomial products from 300 to 500, mpmath with 40 digits.
    expectClose(pValue, 3.352_611_631_971_74e-10, 1e-12);
    expect(
      ok(
        fisherTest([
          [50_000, 49_000],
          [49_500, 50_500],
        ]),
      ).pValue,
    ).toBeGreaterThan(0);
  });

  it('a symmetric table counts its mirror image, whatever the rounding', () => {
    for (const [a, b] of [
      [3, 7],
      [13, 29],
      [101, 153],
      [260, 240],
    ] as const) {
      const { pValue } = ok(
        fisherTest([
          [a, b],
          [b, a],
        ]),
      );
      const less = ok(
        fisherTest(
          [
            [Math.min(a, b), Math.max(a, b)],
            [Math.max(a, b), Math.min(a, b)],
          ],
          { alternative: 'less' },
        ),
      );
      expectClose(pValue, Math.min(1, 2 * less.pValue), 1e-12);
    }
  });

  it('is the sum over all tables that are not more likely', () => {
    fc.assert(
      fc.property(table, (t) => {
        const [[a, b], [c, d]] = t as [[number, number], [number, number]];
        const log = (cell: number) =>
          -[cell, a + b - cell, a + c - cell, d - a + cell].map(logFactorial).reduce((x, y) => x + y);
        const cells = Array.from({ length: a + b + 1 }, (_, i) => i).filter((i) => i <= a + c && d - a + i >= 0);
        const weights = cells.map((cell) => Math.exp(log(cell) - log(a)));
        const all = weights.reduce((x, y) => x + y);
        const want = weights.filter((w) => w <= 1 + 1e-7).reduce((x, y) => x + y) / all;
        expectClose(ok(fisherTest(t)).pValue, want, 1e-9);
      }),
      run,
    );
  });
});

describe('fisherTest', () => {
  it('turns around when rows or columns are swapped', () => {
    fc.assert(
      fc.property(table, (t) => {
        const { pValue, estimate, interval } = ok(fisherTest(t));
        for (const other of [[...t].reverse(), t.map((row) => [...row].reverse())]) {
          const swapped = ok(fisherTest(other));
          expectClose(swapped.pValue, pValue, 1e-11);
          expectClose(swapped.estimate, 1 / estimate, 1e-9);
          expectClose(swapped.interval[0], 1 / interval[1], 1e-9);
        }
        const turned = [
          [t[0]![0]!, t[1]![0]!],
          [t[0]![1]!, t[1]![1]!],
        ];
        expectClose(ok(fisherTest(turned)).pValue, pValue, 1e-11);
        expectClose(ok(fisherTest(turned)).estimate, estimate, 1e-9);
      }),
      run,
    );
  });

  it('keeps p within (0, 1], the estimate in the interval, and one-sided tests in accord with their bounds', () => {
    fc.assert(
      fc.property(table, (t) => {
        for (const alternative of ['two-sided', 'less', 'greater'] as const) {
          const { pValue, estimate, interval } = ok(fisherTest(t, { alternative }));
          expect(pValue).toBeGreaterThan(0);
          expect(pValue).toBeLessThanOrEqual(1);
          expect(interval[0]).toBeLessThanOrEqual(estimate);
          expect(interval[1]).toBeGreaterThanOrEqual(estimate);
          if (alternative === 'greater') expect(interval[0] > 1).toBe(pValue < 0.05);
          if (alternative === 'less') expect(interval[1] < 1).toBe(pValue < 0.05);
        }
      }),
      run,
    );
  });

  it('has open intervals where a cell is empty', () => {
    const empty = ok(
      fisherTest([
        [0, 10],
        [5, 5],
      ]),
    );
    expect([empty.estimate, empty.interval[0]]).toEqual([0, 0]);
    const full = ok(
      fisherTest([
        [10, 0],
        [5, 5],
      ]),
    );
    expect([full.estimate, full.interval[1]]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(full.interval[0]).toBeGreaterThan(1);
  });

  it('refuses what is no 2×2 table of counts', () => {
    for (const bad of [
      [],
      [[1, 2]],
      [[1, 2], [3]],
      [
        [1, 2],
        [3, 4.5],
      ],
      [
        [1, 2],
        [3, -4],
      ],
    ]) {
      expect(() => fisherTest(bad)).toThrow(InvalidDataError);
    }
    expect(() =>
      fisherTest(
        [
          [1, 2],
          [3, 4],
        ],
        { level: 0 },
      ),
    ).toThrow(InvalidOptionError);
  });

  it('knows which empty cell makes the odds ratio 0 and which Infinity, and where a one-sided interval ends', () => {
    const table = (a: number, b: number, c: number, d: number) => [
      [a, b],
      [c, d],
    ];
    expect(ok(fisherTest(table(5, 3, 2, 0))).estimate).toBe(0);
    expect(ok(fisherTest(table(5, 3, 2, 0))).interval[0]).toBe(0);
    expect(ok(fisherTest(table(5, 3, 0, 2))).estimate).toBe(Number.POSITIVE_INFINITY);
    const interval = (alternative: 'less' | 'greater') => ok(fisherTest(table(3, 9, 8, 2), { alternative })).interval;
    expect(interval('less')[0]).toBe(0);
    expect(interval('less')[1]).toBeLessThan(1);
    expect(interval('greater')[1]).toBe(Number.POSITIVE_INFINITY);
    expect(interval('greater')[0]).toBeGreaterThan(0);
  });
});
