import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/errors.ts';
import { chiSquaredTest, proportionZTest } from '../../../src/stats/tests/index.ts';
import { expectClose, readGolden } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';
import { type ProportionsFile, twoProportions } from './proportionsGolden.ts';

describe('proportionZTest agrees with mpmath', () => {
  const golden = readGolden<ProportionsFile>('proportions.json');
  for (const { id, input, expected } of twoProportions(golden)) {
    const a = { successes: input.x1, trials: input.n1 };
    const b = { successes: input.x2, trials: input.n2 };
    for (const [pooled, want] of [
      [true, expected.zPooled],
      [false, expected.zUnpooled],
    ] as const) {
      it(`${id}, ${pooled ? 'pooled' : 'unpooled'}`, () => {
        if (want.degenerate) {
          expect(proportionZTest(a, b, { pooled }).status).toBe('inconclusive');
          return;
        }
        const limit = id === 'two-billion' || id === 'two-large' ? 1e-9 : 1e-10;
        const result = ok(proportionZTest(a, b, { pooled }));
        expectClose(result.statistic, want.statistic, limit, 'z', 1e-300);
        expectClose(result.standardError!, want.se, 1e-13);
        expectClose(result.estimate, expected.difference, limit, 'difference', 1e-300);
        expectClose(result.pValue, want.pTwoSided, limit);
        expectClose(ok(proportionZTest(a, b, { pooled, alternative: 'greater' })).pValue, want.pGreater, limit);
        expectClose(ok(proportionZTest(a, b, { pooled, alternative: 'less' })).pValue, want.pLess, limit);
        const interval = expected.differenceCi95.newcombeWilson;
        expectClose(result.interval[0], interval[0], limit, 'lower');
        expectClose(result.interval[1], interval[1], limit, 'upper');
        expectClose(result.effectSize.value, expected.cohenH, 1e-9, 'h', 1e-300);
      });
    }
  }
});

const proportion = fc
  .tuple(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, share]) => ({ trials, successes: Math.round(trials * share) }));

describe('nasty case 8: zero cells and boundary proportions', () => {
  it('0 of n against 0 of n has no pooled error, n of n against 0 of n no unpooled one: both say so', () => {
    const none = { successes: 0, trials: 50 };
    const all = { successes: 50, trials: 50 };
    expect(proportionZTest(none, none).status).toBe('inconclusive');
    expect(proportionZTest(all, all).status).toBe('inconclusive');
    expect(proportionZTest(all, none, { pooled: false }).status).toBe('inconclusive');
    expect(ok(proportionZTest(all, none)).statistic).toBe(10);
  });

  it('the interval has a width even where the unpooled error is 0', () => {
    const { interval } = ok(proportionZTest({ successes: 50, trials: 50 }, { successes: 0, trials: 50 }));
    expect(interval[0]).toBeLessThan(0.93);
    expect(interval[1]).toBe(1);
  });
});

describe('proportionZTest', () => {
  it('is the chi-squared test of its table', () => {
    fc.assert(
      fc.property(proportion, proportion, (a, b) => {
        const z = proportionZTest(a, b);
        fc.pre(z.status === 'ok');
        const table = [a, b].map(({ successes, trials }) => [successes, trials - successes]);
        const chi = ok(chiSquaredTest(table));
        expectClose(z.statistic ** 2, chi.statistic, 1e-12, 'statistic', 1e-9);
        expectClose(z.pValue, chi.pValue, 1e-9);
      }),
      { seed: 42 },
    );
  });

  it('flips when the samples are swapped, contains its estimate, and p stays within [0, 1]', () => {
    fc.assert(
      fc.property(proportion, proportion, fc.boolean(), (a, b, pooled) => {
        const forth = proportionZTest(a, b, { pooled });
        fc.pre(forth.status === 'ok');
        const back = ok(proportionZTest(b, a, { pooled }));
        expectClose(back.statistic, -forth.statistic, 1e-13, '', 1e-300);
        expectClose(back.interval[0], -forth.interval[1], 1e-13, '', 1e-3);
        const tails = (['greater', 'less'] as const).map((alternative) => {
          const { interval, pValue, estimate } = ok(proportionZTest(a, b, { pooled, alternative }));
          expect(interval[0]).toBeLessThanOrEqual(estimate);
          expect(interval[1]).toBeGreaterThanOrEqual(estimate);
          return pValue;
        });
        expectClose(tails[0]! + tails[1]!, 1, 1e-14);
        expectClose(forth.pValue, 2 * Math.min(...tails), 1e-13);
      }),
      { seed: 42 },
    );
  });

  it('tests against a margin', () => {
    const a = { successes: 80, trials: 100 };
    const b = { successes: 78, trials: 100 };
    const { statistic, method } = ok(proportionZTest(a, b, { nullValue: -0.1, alternative: 'greater' }));
    expectClose(statistic, 0.12 / Math.sqrt((0.8 * 0.2 + 0.78 * 0.22) / 100), 1e-12);
    expect(method).toBe('proportion-z-unpooled');
    expect(() => proportionZTest(a, b, { nullValue: 0.1, pooled: true })).toThrow(InvalidOptionError);
  });

  it('warns of small expected counts', () => {
    const warnings = (successes: number) =>
      ok(proportionZTest({ successes, trials: 100 }, { successes: 1, trials: 100 })).warnings;
    expect(warnings(2)).toHaveLength(1);
    expect(warnings(30)).toEqual([]);
  });

  it('is inconclusive without trials and refuses impossible counts', () => {
    expect(proportionZTest({ successes: 0, trials: 0 }, { successes: 1, trials: 2 }).status).toBe('inconclusive');
    expect(() => proportionZTest({ successes: 3, trials: 2 }, { successes: 1, trials: 2 })).toThrow(InvalidDataError);
    expect(() => proportionZTest({ successes: -1, trials: 2 }, { successes: 1, trials: 2 })).toThrow(InvalidDataError);
  });

  it('does not warn of expected counts of 5', () => {
    const five = { successes: 5, trials: 10 };
    expect(ok(proportionZTest(five, five)).warnings).toEqual([]);
    expect(ok(proportionZTest(five, { successes: 4, trials: 10 })).warnings).toHaveLength(1);
  });
});
