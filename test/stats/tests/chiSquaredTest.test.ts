import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { chiSquaredTest } from '../../../src/stats/tests/index.ts';
import { expectClose, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';
import { type ProportionsFile, type TableReference, tables, twoProportions } from './proportionsGolden.ts';

const golden = readGolden<ProportionsFile>('proportions.json');
const cases: readonly { id: string; table: readonly (readonly number[])[]; want: TableReference }[] = [
  ...twoProportions(golden).map(({ id, input: { x1, n1, x2, n2 }, expected }) => ({
    id,
    table: [
      [x1, n1 - x1],
      [x2, n2 - x2],
    ],
    want: expected.chi2,
  })),
  ...tables(golden).map(({ id, input, expected }) => ({ id, table: input.table, want: expected })),
];

describe('chiSquaredTest agrees with mpmath', () => {
  for (const { id, table, want } of cases) {
    it(id, () => {
      if (want.degenerate) {
        expect(chiSquaredTest(table).status).toBe('inconclusive');
        return;
      }
      // The golden file allows 1e-8 in tables of 1e9; exact products need no such allowance.
      const limit = 1e-10;
      const pearson = ok(chiSquaredTest(table));
      expectClose(pearson.statistic, want.statistic, limit, 'statistic', 1e-300);
      expectClose(pearson.pValue, want.p, limit, 'p');
      expectClose(pearson.effectSize.value, want.cramersV, limit, 'V', 1e-300);
      expect(pearson.df).toBe(want.df);
      const g = ok(chiSquaredTest(table, { statistic: 'likelihood-ratio' }));
      expectClose(g.statistic, want.gStatistic, limit, 'G', 1e-300);
      expectClose(g.pValue, want.gP, limit, 'p of G');
      if (want.yates !== undefined) {
        const yates = ok(chiSquaredTest(table, { correction: true }));
        expectClose(yates.statistic, want.yates.statistic, limit, 'Yates', 1e-300);
        expectClose(yates.pValue, want.yates.p, limit, 'p of Yates');
      }
    });
  }
});

const table = fc.tuple(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 2, max: 4 })).chain(([rows, columns]) =>
  fc.array(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  }),
);
const run = { seed: 42, numRuns: 60 };

describe('nasty case 7: products beyond 2^53 in tables of counts', () => {
  it('a table a million times as large has a million times the statistic', () => {
    const small = [
      [52, 48],
      [45, 55],
    ];
    const large = small.map((row) => row.map((count) => count * 1e7));
    for (const statistic of ['pearson', 'likelihood-ratio'] as const) {
      const [got, want] = [large, small].map((t) => ok(chiSquaredTest(t, { statistic })).statistic);
      expectClose(got! / 1e7, want!, 1e-13);
    }
  });
});

describe('nasty case 8: zero cells', () => {
  it('an empty cell adds 0, not NaN, to G', () => {
    const { statistic } = ok(
      chiSquaredTest(
        [
          [0, 6],
          [8, 7],
        ],
        { statistic: 'likelihood-ratio' },
      ),
    );
    expectClose(statistic, 7.182495144091895, 1e-13);
  });

  it('the correction of Yates does not overshoot', () => {
    expect(
      ok(
        chiSquaredTest(
          [
            [10, 10],
            [10, 10],
          ],
          { correction: true },
        ),
      ).statistic,
    ).toBe(0);
    expect(
      ok(
        chiSquaredTest(
          [
            [1, 0],
            [0, 1],
          ],
          { correction: true },
        ),
      ).pValue,
    ).toBe(1);
  });
});

describe('chiSquaredTest', () => {
  it('does not care for the order of rows and columns, nor which is which', () => {
    fc.assert(
      fc.property(table, (t) => {
        const { statistic, pValue } = ok(chiSquaredTest(t));
        const turned = t[0]!.map((_, j) => t.map((row) => row[j]!));
        const shuffled = [...t].reverse().map((row) => [...row].reverse());
        for (const other of [turned, shuffled]) {
          expectClose(ok(chiSquaredTest(other)).statistic, statistic, 1e-12, '', 1e-9);
          expectClose(ok(chiSquaredTest(other)).pValue, pValue, 1e-9);
        }
      }),
      run,
    );
  });

  it('keeps p, V and the interval within [0, 1], with the estimate inside', () => {
    fc.assert(
      fc.property(table, fc.double({ min: 0.05, max: 0.999, noNaN: true }), (t, level) => {
        const { pValue, estimate, interval, effectSize } = ok(chiSquaredTest(t, { level }));
        for (const value of [pValue, effectSize.value, ...interval]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        expect(interval[0]).toBeLessThanOrEqual(estimate);
        expect(interval[1]).toBeGreaterThanOrEqual(estimate);
      }),
      run,
    );
  });

  it('has an interval above 0 exactly where it rejects (both invert the same distribution)', () => {
    fc.assert(
      fc.property(table, (t) => {
        const { pValue, interval } = ok(chiSquaredTest(t, { level: 0.9 }));
        expect(interval[0] > 0).toBe(pValue < 0.05);
      }),
      run,
    );
  });

  it('has the interval that SciPy finds by inverting its non-central chi-squared', () => {
    // scipy 1.17: brentq of ncx2.cdf(15.237238488692947, 1, nc) - 0.975 and - 0.025, divided by 1882, square root.
    const { interval } = ok(
      chiSquaredTest([
        [61, 883],
        [109, 829],
      ]),
    );
    expectClose(interval[0], 0.044_800_273_214_696_394, 1e-8);
    expectClose(interval[1], 0.135_158_621_144_573_58, 1e-8);
  });

  it('also does where the non-centrality is large', () => {
    const { estimate, interval } = ok(
      chiSquaredTest(
        [
          [700, 300],
          [300, 700],
        ].map((row) => row.map((c) => 10 * c)),
      ),
    );
    expectClose(estimate, Math.sqrt((3200 - 1) / 20_000), 1e-12);
    // scipy 1.17, as above with df 1 and a statistic of 3200.
    expectClose(interval[0] ** 2 * 20_000, 2982.096_846_924_748_7, 1e-6);
    expectClose(interval[1] ** 2 * 20_000, 3425.586_070_716_642_6, 1e-6);
  });

  it('warns of small expected counts', () => {
    expect(
      ok(
        chiSquaredTest([
          [3, 6],
          [8, 7],
        ]),
      ).warnings,
    ).toEqual(['expected counts below 5: use fisherTest']);
    expect(
      ok(
        chiSquaredTest([
          [30, 60],
          [80, 70],
        ]),
      ).warnings,
    ).toEqual([]);
  });

  it('refuses what is no table, and corrections that do not exist', () => {
    for (const bad of [
      [],
      [[1, 2]],
      [[1], [2]],
      [[1, 2], [3]],
      [
        [1, -2],
        [3, 4],
      ],
      [
        [1, Number.NaN],
        [3, 4],
      ],
    ]) {
      expect(() => chiSquaredTest(bad)).toThrow(InvalidDataError);
    }
    expect(() =>
      chiSquaredTest(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        { correction: true },
      ),
    ).toThrow(InvalidOptionError);
    expect(() =>
      chiSquaredTest(
        [
          [1, 2],
          [4, 5],
        ],
        { correction: true, statistic: 'likelihood-ratio' },
      ),
    ).toThrow(InvalidOptionError);
    expect(() =>
      chiSquaredTest(
        [
          [1, 2],
          [4, 5],
        ],
        { level: 2 },
      ),
    ).toThrow(InvalidOptionError);
  });

  it('does not warn of expected counts of 5, and sends only 2×2 tables to Fisher', () => {
    const square = [
      [5, 5],
      [5, 5],
    ];
    expect(ok(chiSquaredTest(square)).warnings).toEqual([]);
    const small = [
      [3, 4],
      [4, 3],
    ];
    expect(ok(chiSquaredTest(small)).warnings).toEqual(['expected counts below 5: use fisherTest']);
    for (const table of [
      [...small, [2, 2]],
      [
        [3, 4, 2],
        [4, 3, 2],
      ],
    ]) {
      expect(ok(chiSquaredTest(table)).warnings).toEqual(['expected counts below 5']);
      expect(() => chiSquaredTest(table, { correction: true })).toThrow(InvalidOptionError);
    }
  });
});
