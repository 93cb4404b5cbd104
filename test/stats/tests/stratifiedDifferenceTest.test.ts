import { describe, expect, it } from 'vitest';
import { InvalidDataError, InvalidOptionError } from '../../../src/core/index.ts';
import { stratifiedDifferenceTest } from '../../../src/stats/tests/stratifiedDifferenceTest.ts';
import { welchTest } from '../../../src/stats/tests/welchTest.ts';
import { expectClose } from '../../support/golden.ts';
import { ok } from '../../support/ok.ts';

const a = { n: 20, mean: 12, variance: 4 };
const b = { n: 25, mean: 11, variance: 9 };
const flat = { n: 5, mean: 3, variance: 0 };

describe('stratifiedDifferenceTest', () => {
  it('is Welch’s test with one stratum', () => {
    const [got, want] = [ok(stratifiedDifferenceTest([[a, b]])), ok(welchTest(a, b))];
    for (const key of ['estimate', 'standardError', 'df', 'pValue', 'statistic'] as const) {
      expectClose(got[key] as number, want[key] as number, 1e-14, key);
    }
  });

  it('weights by harmonic sizes; strata that do not vary count towards the estimate alone', () => {
    const both = [
      [a, b],
      [flat, { ...flat, mean: 5 }],
    ] as const;
    const result = ok(stratifiedDifferenceTest(both));
    const [first, second] = [500 / 45, 2.5];
    const whole = first + second;
    expectClose(result.estimate, (first * 1 + second * -2) / whole, 1e-14);
    expectClose(result.standardError as number, (first / whole) * Math.sqrt(4 / 20 + 9 / 25), 1e-14);
    expectClose(result.df as number, ok(welchTest(a, b)).df as number, 1e-13);
    expectClose(result.effectSize.value, result.estimate / Math.sqrt((19 * 4 + 24 * 9) / 51), 1e-14);
    expect(result.n).toEqual([25, 30]);
  });

  it('counts a stratum in which one sample alone varies', () => {
    for (const pair of [
      [a, { ...b, variance: 0 }],
      [{ ...a, variance: 0 }, b],
    ] as const) {
      const result = ok(stratifiedDifferenceTest([pair]));
      expectClose(result.standardError as number, ok(welchTest(pair[0], pair[1])).standardError as number, 1e-14);
    }
  });

  it('leaves out strata with one observation in a sample', () => {
    const one = { n: 1, mean: 1000, variance: 0 };
    for (const pair of [
      [one, b],
      [a, one],
      [one, one],
    ] as const) {
      expect(stratifiedDifferenceTest([[a, b], pair])).toEqual(stratifiedDifferenceTest([[a, b]]));
      expect(stratifiedDifferenceTest([pair])).toMatchObject({
        status: 'inconclusive',
        reason: 'no stratum has two observations in each sample',
        n: [0, 0],
      });
    }
    const two = { n: 2, mean: 1, variance: 1 };
    expect(ok(stratifiedDifferenceTest([[two, two]])).n).toEqual([2, 2]);
  });

  it('is inconclusive where nothing varies, and refuses what is no sample', () => {
    expect(stratifiedDifferenceTest([[flat, flat]])).toMatchObject({
      status: 'inconclusive',
      reason: 'neither sample varies: there is no standard error',
    });
    expect(() => stratifiedDifferenceTest([])).toThrow(InvalidDataError);
    const wrong = { n: 5, mean: 1, variance: -1 };
    expect(() =>
      stratifiedDifferenceTest([
        [a, b],
        [wrong, b],
      ]),
    ).toThrow(/strata\[1\]\[0\]/);
    expect(() =>
      stratifiedDifferenceTest([
        [a, b],
        [a, wrong],
      ]),
    ).toThrow(/strata\[1\]\[1\]/);
    expect(() => stratifiedDifferenceTest([[a, b]], { margin: 1 } as never)).toThrow(InvalidOptionError);
  });
});
