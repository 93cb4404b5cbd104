import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { pairedTTest } from '../../../src/stats/tests/index.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

interface Input {
  readonly x: readonly number[];
  readonly y: readonly number[];
}
type Expected = Record<string, number> & { ci95: readonly [number, number]; ci99: readonly [number, number] };

const cases = readGolden<GoldenFile<Input, Expected>>('paired.json').cases.filter(({ kind }) => kind === 'pairedT');
const oracle = readGolden<{ hollander_depression: { x: number[]; y: number[] } & Record<string, number> }>(
  'shadow-oracle.json',
).hollander_depression;

describe('pairedTTest agrees with mpmath', () => {
  for (const { id, input, expected } of cases) {
    it(id, () => {
      if (expected.degenerate) {
        expect(pairedTTest(input.x, input.y).status).toBe('inconclusive');
        return;
      }
      const limit = id === 'ttest-offset' ? 1e-9 : 1e-10;
      for (const [alternative, key] of [
        ['two-sided', 'pTwoSided'],
        ['greater', 'pGreater'],
        ['less', 'pLess'],
      ] as const) {
        expectClose(ok(pairedTTest(input.x, input.y, { alternative })).pValue, expected[key]!, limit, key);
      }
      const result = ok(pairedTTest(input.x, input.y));
      expectClose(result.statistic, expected.statistic!, limit);
      expectClose(result.estimate, expected.meanDifference!, limit);
      expectClose(result.standardError!, expected.se!, limit);
      expectClose(result.effectSize.value, expected.cohenDz!, limit);
      expect(result.df).toBe(expected.df);
      for (const level of [0.95, 0.99]) {
        const want = level === 0.95 ? expected.ci95 : expected.ci99;
        const { interval } = ok(pairedTTest(input.x, input.y, { level }));
        expectClose(interval[0], want[0], limit);
        expectClose(interval[1], want[1], limit);
      }
    });
  }
});

describe('pairedTTest', () => {
  it('agrees with SciPy on the depression data of Hollander & Wolfe', () => {
    const { statistic, pValue, df } = ok(pairedTTest(oracle.x, oracle.y));
    expectClose(statistic, oracle.t!, 1e-12);
    expectClose(pValue, oracle.p_t!, 1e-12);
    expect(df).toBe(oracle.df);
  });

  it('says inconclusive, not significant, where the differences vary by their rounding alone', () => {
    // 0.3 - 0.1 and its kin are not the same double.
    const a = [1.3, 2.3, 4.3, 8.3];
    const result = pairedTTest(
      a,
      a.map((x) => x - 0.1),
    );
    expect(result).toMatchObject({ status: 'inconclusive', reason: expect.stringMatching('rounding') });
  });

  it('is inconclusive below two pairs', () => {
    expect(pairedTTest([], []).status).toBe('inconclusive');
    expect(pairedTTest([1], [2])).toMatchObject({ status: 'inconclusive', method: 'paired-t', n: [1] });
  });

  it('refuses pairs that are none', () => {
    expect(() => pairedTTest([1, 2], [1])).toThrow(InvalidDataError);
    expect(() => pairedTTest([1, Number.NaN], [1, 2])).toThrow('a[1] must be a finite number');
    expect(() => pairedTTest([1], [2], { alternative: 'up' as never })).toThrow(InvalidOptionError);
  });
});
