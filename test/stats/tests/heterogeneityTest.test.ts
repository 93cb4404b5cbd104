import { describe, expect, it } from 'vitest';
import { createRng, normal } from '../../../src/random/index.ts';
import { chiSquaredDistribution, studentTDistribution } from '../../../src/stats/distributions/index.ts';
import { effectTrendTest, heterogeneityTest } from '../../../src/stats/tests/index.ts';
import { expectClose } from '../../support/golden.ts';

const sure = <T extends { status: string }>(result: T): Extract<T, { status: 'ok' }> => {
  if (result.status !== 'ok') throw new Error('inconclusive');
  return result as Extract<T, { status: 'ok' }>;
};

describe('heterogeneityTest', () => {
  it('is chi-squared, computed by hand', () => {
    // Combined (9 * 2 + 1 * 0) / 10 = 1.8; Q = 9 * 0.04 + 1 * 3.24 = 3.6; P(chi2_1 > 3.6) = 0.0577795711...
    const result = sure(
      heterogeneityTest([
        { estimate: 2, information: 9 },
        { estimate: 0, information: 1 },
      ]),
    );
    expectClose(result.estimate, 1.8, 1e-14);
    expectClose(result.statistic, 3.6, 1e-14);
    expectClose(result.pValue, 0.05777957112359711, 1e-9);
    expectClose(result.effectSize.value, 2.6 / 3.6, 1e-12);
    expect(result.qualitativePValue).toBe(1);
  });

  it('tells a winner that differs from a win of another size', () => {
    const size = sure(
      heterogeneityTest([
        { estimate: 5, information: 25 },
        { estimate: 1, information: 25 },
      ]),
    );
    const sign = sure(
      heterogeneityTest([
        { estimate: 2, information: 25 },
        { estimate: -2, information: 25 },
      ]),
    );
    expect(size.pValue).toBe(sign.pValue);
    expect(size.qualitativePValue).toBe(1);
    // Two groups: half the tail of chi-squared with one degree of freedom at 100.
    expectClose(sign.qualitativePValue, 7.61985302416047e-24, 1e-6);
  });

  it('keeps its level', () => {
    const rng = createRng(17);
    let [differs, qualitative] = [0, 0];
    for (let i = 0; i < 4000; i += 1) {
      const groups = Array.from({ length: 4 }, (_, g) => ({
        estimate: normal(rng) / Math.sqrt(1 + g),
        information: 1 + g,
      }));
      const result = sure(heterogeneityTest(groups));
      if (result.pValue <= 0.05) differs += 1;
      if (result.qualitativePValue <= 0.05) qualitative += 1;
    }
    expect(Math.abs(differs / 4000 - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / 4000));
    expect(qualitative / 4000).toBeLessThan(0.05);
  });

  it('mixes chi-squared tails by the signs that the other groups may have', () => {
    const groups = [2, 2, -1.5, -1].map((estimate) => ({ estimate, information: 1 }));
    const { sf } = chiSquaredDistribution;
    // The weaker side has 1.5^2 + 1; of the three others 0, 1, 2 or 3 lie on one side: 1, 3, 3, 1 ways of 8.
    const want = (3 * sf(3.25, 1) + 3 * sf(3.25, 2) + sf(3.25, 3)) / 8;
    expectClose(sure(heterogeneityTest(groups)).qualitativePValue, want, 1e-14);
  });

  it('is inconclusive below two groups', () => {
    expect(
      heterogeneityTest([
        { estimate: 1, information: 4 },
        { estimate: 0, information: 0 },
      ]).status,
    ).toBe('inconclusive');
    expect(() => heterogeneityTest([{ estimate: 1, information: -1 }])).toThrow('groups[0].information');
  });
});

describe('effectTrendTest', () => {
  it('finds the slope exactly where there is nothing else', () => {
    const periods = [1, 2, 5, 9].map((at, i) => ({ at, estimate: 3 - 0.5 * at, information: 1 + i }));
    expectClose(sure(effectTrendTest(periods)).estimate, -0.5, 1e-12);
  });

  it('keeps its level', () => {
    const rng = createRng(23);
    let found = 0;
    for (let i = 0; i < 4000; i += 1) {
      const periods = Array.from({ length: 8 }, (_, at) => ({ at, estimate: 7 + normal(rng) / 2, information: 4 }));
      if (sure(effectTrendTest(periods)).pValue <= 0.05) found += 1;
    }
    expect(Math.abs(found / 4000 - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / 4000));
  });

  it('does not count periods without information', () => {
    const periods = [0, 1, 2, 3].map((at) => ({ at, estimate: at * at, information: at === 1 ? 0 : 2 }));
    expect(sure(effectTrendTest(periods)).n).toEqual([3]);
    expect(effectTrendTest(periods.slice(0, 3))).toMatchObject({ status: 'inconclusive', n: [2] });
  });

  it('is inconclusive below three periods, or without time between them', () => {
    expect(effectTrendTest([]).status).toBe('inconclusive');
    expect(effectTrendTest([1, 1, 1].map((at) => ({ at, estimate: 1, information: 1 }))).status).toBe('inconclusive');
  });
});

describe('estimates that are not independent', () => {
  const errors = [0.5, 0.7, 0.4, 0.6, 0.5, 0.8];
  const informed = (estimates: readonly number[]) =>
    estimates.map((estimate, at) => ({ at, estimate, information: 1 / errors[at]! ** 2 }));
  const matrix = (of: (i: number, j: number) => number) => errors.map((a, i) => errors.map((b, j) => a * b * of(i, j)));

  it('are as without covariances where those are 0', () => {
    const groups = informed([1, 0, 2, 1, 3, 0]);
    const covariance = matrix((i, j) => (i === j ? 1 : 0));
    const [plain, given] = [sure(heterogeneityTest(groups)), sure(heterogeneityTest(groups, { covariance }))];
    for (const field of ['estimate', 'standardError', 'pValue', 'statistic', 'df'] as const) {
      expectClose(given[field]!, plain[field]!, 1e-12);
    }
    const [slope, with0] = [sure(effectTrendTest(groups)), sure(effectTrendTest(groups, { covariance }))];
    for (const field of ['estimate', 'standardError', 'pValue'] as const)
      expectClose(with0[field]!, slope[field]!, 1e-12);
  });

  it('keep their level: two periods of the same users after another, three times', () => {
    const rng = createRng('shared users');
    const covariance = matrix((i, j) => (i === j ? 1 : Math.floor(i / 3) === Math.floor(j / 3) ? 0.9 : 0));
    const runs = 4000;
    const found = { groups: 0, trend: 0, blind: 0 };
    let squares = 0;
    for (let run = 0; run < runs; run += 1) {
      const shared = [normal(rng), normal(rng)];
      const groups = informed(
        errors.map((e, i) => e * (Math.sqrt(0.9) * shared[Math.floor(i / 3)]! + Math.sqrt(0.1) * normal(rng))),
      );
      const both = sure(heterogeneityTest(groups, { covariance }));
      squares += (both.estimate / both.standardError!) ** 2;
      if (both.pValue <= 0.05) found.groups += 1;
      if (sure(effectTrendTest(groups, { covariance })).pValue <= 0.05) found.trend += 1;
      if (sure(effectTrendTest(groups)).pValue <= 0.05) found.blind += 1;
    }
    const se = Math.sqrt((0.05 * 0.95) / runs);
    expect(Math.abs(found.trend / runs - 0.05)).toBeLessThan(4 * se);
    // Box's approximation is one of the first two moments.
    expect(Math.abs(found.groups / runs - 0.05)).toBeLessThan(4 * se + 0.01);
    expect(Math.abs(squares / runs - 1)).toBeLessThan(4 * Math.sqrt(2 / runs));
    expect(found.blind / runs).toBeGreaterThan(0.1);
  });

  it('ask t where the covariances are known from a few units alone', () => {
    const groups = informed([1, 0, 2, 1, 3, 0]);
    const [normalTail, t] = [sure(effectTrendTest(groups)), sure(effectTrendTest(groups, { df: 5 }))];
    expect(t.df).toBe(5);
    expect(t.standardError).toBe(normalTail.standardError);
    expectClose(t.pValue, 2 * studentTDistribution.sf(Math.abs(t.statistic), 5), 1e-12);
    expectClose((t.interval[1] - t.interval[0]) / 2, studentTDistribution.isf(0.025, 5) * t.standardError!, 1e-12);
    expect(() => effectTrendTest(groups, { df: 0 })).toThrow('df must be');
  });

  it('leave out what has no information, and refuse what is no matrix of theirs', () => {
    const groups = informed([1, 0, 2, 1, 3, 0]).map((group, i) => (i === 2 ? { ...group, information: 0 } : group));
    const covariance = matrix((i, j) => (i === j ? 1 : 0.2));
    const fewer = covariance.filter((_, i) => i !== 2).map((row) => row.filter((_, j) => j !== 2));
    const [all, five] = [groups, groups.filter((_, i) => i !== 2)];
    expect(heterogeneityTest(all, { covariance })).toEqual(heterogeneityTest(five, { covariance: fewer }));
    expect(effectTrendTest(all, { covariance })).toEqual(effectTrendTest(five, { covariance: fewer }));
    const oneWrong = (row: unknown) => covariance.map((sound, i) => (i === 1 ? row : sound));
    const wrongs = [
      fewer,
      [[1]],
      7,
      { length: all.length },
      covariance.slice(1),
      covariance.map((row) => row.map(() => Number.NaN)),
      oneWrong(7),
      oneWrong({ length: all.length, every: () => true }),
      oneWrong(covariance[1]!.slice(1)),
      oneWrong(covariance[1]!.with(0, Number.NaN)),
    ];
    const message = `covariance must be a matrix of ${all.length} by ${all.length} finite numbers`;
    for (const wrong of wrongs) {
      expect(() => heterogeneityTest(all, { covariance: wrong as never })).toThrow(message);
      expect(() => effectTrendTest(all, { covariance: wrong as never })).toThrow(message);
    }
    const none = matrix(() => 0);
    const reason = 'the covariances leave no error to the slope';
    expect(effectTrendTest(all, { covariance: none })).toMatchObject({ status: 'inconclusive', reason });
    expect(sure(heterogeneityTest(all, { covariance: none }))).toMatchObject({ pValue: 1, df: 1 });
    for (const df of [0, -1, Number.NaN]) expect(() => effectTrendTest(all, { df })).toThrow('df must be');
  });
});
