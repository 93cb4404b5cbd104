import { describe, expect, it } from 'vitest';
import { createRng, normal } from '../../../src/random/index.ts';
import { chiSquaredDistribution } from '../../../src/stats/distributions/index.ts';
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
