import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/index.ts';
import { effectTrendTest } from '../../../src/stats/tests/effectTrendTest.ts';
import { heterogeneityTest } from '../../../src/stats/tests/heterogeneityTest.ts';
import {
  chiSquaredTest,
  fisherTest,
  kolmogorovSmirnovTest,
  mannWhitneyTest,
  mcnemarTest,
  oneSampleTTest,
  pairedTTest,
  proportionZTest,
  sampleRatioTest,
  studentTest,
  welchTest,
  wilcoxonTest,
} from '../../../src/stats/tests/index.ts';
import { stratifiedDifferenceTest } from '../../../src/stats/tests/stratifiedDifferenceTest.ts';

const moments = { n: 9, mean: 1, variance: 2 };
const flat = { n: 9, mean: 1, variance: 0 };
const table = [
  [5, 3],
  [2, 8],
];
const values = [1, 2, 4, 8];
const share = { successes: 3, trials: 9 };
const group = { estimate: 1, information: 2 };
const periods = [0, 1, 2].map((at) => ({ ...group, at }));

type Options = Readonly<Record<string, unknown>>;
const tests: Readonly<Record<string, (options: Options) => unknown>> = {
  chiSquaredTest: (options) => chiSquaredTest(table, options),
  effectTrendTest: (options) => effectTrendTest(periods, options),
  fisherTest: (options) => fisherTest(table, options),
  heterogeneityTest: (options) => heterogeneityTest([group, group], options),
  kolmogorovSmirnovTest: (options) => kolmogorovSmirnovTest(values, [3, 5], options),
  mannWhitneyTest: (options) => mannWhitneyTest(values, [3, 5], options),
  mcnemarTest: (options) => mcnemarTest(table, options),
  oneSampleTTest: (options) => oneSampleTTest(moments, options),
  pairedTTest: (options) => pairedTTest(values, [1, 1, 3, 3], options),
  proportionZTest: (options) => proportionZTest(share, share, options),
  sampleRatioTest: (options) => sampleRatioTest([5, 6], [1, 1], options),
  stratifiedDifferenceTest: (options) => stratifiedDifferenceTest([[moments, moments]], options),
  studentTest: (options) => studentTest(moments, moments, options),
  welchTest: (options) => welchTest(moments, moments, options),
  wilcoxonTest: (options) => wilcoxonTest(values, 3, options),
};

function refusal(call: () => unknown): InvalidOptionError {
  try {
    call();
  } catch (error) {
    if (error instanceof InvalidOptionError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('what tests say when they refuse', () => {
  it.each(Object.entries(tests))(
    '%s: its own name for options that it does not know, and the name of a wrong one',
    (name, run) => {
      expect(refusal(() => run({ confidence: 0.9 })).message).toContain(`${name} options`);
      expect(refusal(() => run({ level: 1 })).option).toBe('level');
      const located = [
        'oneSampleTTest',
        'pairedTTest',
        'proportionZTest',
        'stratifiedDifferenceTest',
        'studentTest',
        'welchTest',
      ];
      if (located.includes(name)) expect(refusal(() => run({ nullValue: Number.NaN })).option).toBe('nullValue');
      else expect(refusal(() => run({ nullValue: 0 })).message).toContain(`${name} options`);
    },
  );

  it('the option at fault and what it may be', () => {
    const { chiSquaredTest: chi, mannWhitneyTest: ranks, proportionZTest: z, wilcoxonTest: signed } = tests;
    for (const run of [ranks, signed]) expect(refusal(() => run?.({ continuity: 1 })).option).toBe('continuity');
    expect(refusal(() => z?.({ pooled: 1 })).option).toBe('pooled');
    expect(refusal(() => z?.({ pooled: true, nullValue: 0.1 }))).toMatchObject({
      option: 'pooled',
      rule: 'false where nullValue is not 0',
    });
    expect(refusal(() => chi?.({ correction: 1 })).option).toBe('correction');
    expect(refusal(() => chi?.({ correction: true, statistic: 'likelihood-ratio' }))).toMatchObject({
      option: 'correction',
      rule: expect.stringContaining('2×2') as string,
    });
    const many = Array.from({ length: 1001 }, (_, i) => i);
    for (const call of [
      () => wilcoxonTest(many, -1, { method: 'exact' }),
      () => mannWhitneyTest(many, many, { method: 'exact' }),
      () => kolmogorovSmirnovTest(many, () => 0.5, { method: 'exact' }),
    ]) {
      expect(refusal(call)).toMatchObject({ option: 'method', rule: expect.stringContaining('asymptotic') as string });
    }
    expect(() => effectTrendTest([...periods.slice(0, 2), { ...group, at: 3, information: -1 }])).toThrow(
      /periods\[2\]/,
    );
    expect(() => wilcoxonTest([1, 2], [1, Number.NaN])).toThrow(/\bb\b/);
  });
});

describe('why tests are inconclusive', () => {
  it('is said in words', () => {
    const reasons = {
      'neither sample varies: there is no standard error': [welchTest(flat, flat), studentTest(flat, flat)],
      'the outcomes do not vary: there is no standard error': [
        proportionZTest({ successes: 0, trials: 5 }, { successes: 0, trials: 5 }),
      ],
      'all observations are equal': [mannWhitneyTest([1, 1], [1, 1])],
      'no difference is other than 0': [wilcoxonTest([1, 1], 1)],
    };
    for (const [reason, results] of Object.entries(reasons)) {
      for (const result of results) expect(result).toMatchObject({ status: 'inconclusive', reason });
    }
    expect(mannWhitneyTest([1, 1], [1, 1]).method).toBe('mann-whitney');
    expect(wilcoxonTest([1, 1], 1).method).toBe('wilcoxon');
    expect(
      chiSquaredTest(
        [
          [0, 0],
          [1, 2],
        ],
        { statistic: 'likelihood-ratio' },
      ).method,
    ).toBe('g-test');
    expect(pairedTTest([2], [1])).toMatchObject({ status: 'inconclusive', n: [1] });
    expect(pairedTTest([2, 3], [1, 2])).toMatchObject({ status: 'inconclusive', n: [2] });
  });
});
