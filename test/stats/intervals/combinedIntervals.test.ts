import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, normal } from '../../../src/random/index.ts';
import { normalDistribution } from '../../../src/stats/distributions/normalDistribution.ts';
import { inconclusive } from '../../../src/stats/inconclusive.ts';
import {
  differenceOfIntervals,
  largestDifference,
  ratioOfIntervals,
  rootOfInterval,
} from '../../../src/stats/intervals/combinedIntervals.ts';
import type { IntervalResult } from '../../../src/stats/types.ts';

const of = (estimate: number, half: number, level = 0.975, n = 10): IntervalResult => ({
  status: 'ok',
  method: 'given',
  validity: 'anytime',
  n: [n],
  warnings: [],
  estimate,
  interval: [estimate - half, estimate + half],
  level,
});
const none = inconclusive('given', [0], 'nothing yet', 'anytime', ['beware']);
const known = (result: IntervalResult) => {
  if (result.status !== 'ok') throw new Error(result.reason);
  return result;
};

describe('a difference and a ratio of intervals', () => {
  it('are as wide as both ends together, at the level that both leave', () => {
    const difference = known(differenceOfIntervals(of(5, 1), of(2, 0.5, 0.95, 20)));
    expect(difference).toMatchObject({ estimate: 3, interval: [1.5, 4.5], n: [10, 20], validity: 'anytime' });
    expect(difference.method).toBe('difference-of-intervals');
    expect(difference.level).toBeCloseTo(0.925, 12);
    const ratio = known(ratioOfIntervals(of(6, 3), of(2, 1)));
    expect(ratio).toMatchObject({ method: 'ratio-of-intervals', estimate: 3, interval: [1, 9] });
    expect(ratio.level).toBeCloseTo(0.95, 12);
  });

  it('are inconclusive where one of them is, with its reason and its warnings', () => {
    for (const result of [differenceOfIntervals(none, of(1, 1)), ratioOfIntervals(of(1, 1), none)]) {
      expect(result).toMatchObject({ status: 'inconclusive', reason: 'nothing yet', warnings: ['beware'] });
    }
    expect(ratioOfIntervals(of(1, 1), of(0, 1))).toMatchObject({
      reason: 'the second estimate is not above 0',
      n: [10, 10],
    });
  });

  it('have no upper end where the second may be 0, and none below 0', () => {
    expect(known(ratioOfIntervals(of(1, 2), of(1, 1))).interval).toEqual([0, Number.POSITIVE_INFINITY]);
    expect(known(ratioOfIntervals(of(-1, 1), of(1, 1))).interval).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it('are valid at every look only where both are', () => {
    const fixed = { ...of(1, 1), validity: 'fixed-n' } as IntervalResult;
    expect(differenceOfIntervals(of(1, 1), fixed).validity).toBe('fixed-n');
  });

  it('hold every pair of values within both, and contain their own estimate', () => {
    const part = fc.record({
      estimate: fc.double({ min: 0.1, max: 100, noNaN: true }),
      half: fc.double({ min: 0, max: 50, noNaN: true }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(part, part, (a, b) => {
        const inside = ({ estimate, half, at }: typeof a): number => estimate + half * (2 * at - 1);
        const [x, y] = [inside(a), inside(b)];
        const holds = ({ interval: [low, high] }: { interval: readonly [number, number] }, value: number) =>
          value >= low - 1e-9 * (1 + Math.abs(low)) && value <= high + 1e-9 * (1 + Math.abs(high));
        const [first, second] = [of(a.estimate, a.half), of(b.estimate, b.half)];
        const difference = known(differenceOfIntervals(first, second));
        expect(holds(difference, x - y) && holds(difference, difference.estimate)).toBe(true);
        const ratio = known(ratioOfIntervals(first, second));
        if (x > 0 && y > 0) expect(holds(ratio, x / y)).toBe(true);
        expect(holds(ratio, ratio.estimate)).toBe(true);
      }),
    );
  });
});

it('the root of an interval is that of its ends, none below 0', () => {
  expect(rootOfInterval({ ...of(4, 5), interval: [-1, 9] } as IntervalResult)).toMatchObject({
    estimate: 2,
    interval: [0, 3],
  });
  expect(rootOfInterval(none)).toBe(none);
});

describe('the largest difference between groups', () => {
  const asked: number[] = [];
  const fixed =
    (estimate: number, n = 10) =>
    (alpha: number) => {
      asked.push(alpha);
      return of(estimate, 0.5, 1 - alpha, n);
    };

  it('is that of one family: its upper bound takes two intervals, its lower bound all', () => {
    const families = [[fixed(1), fixed(4, 7), fixed(2)], [fixed(100)], [fixed(10), fixed(12)]];
    asked.length = 0;
    const upper = known(largestDifference(families, { alpha: 0.1, alternative: 'less' }));
    expect(upper).toMatchObject({ estimate: 3, interval: [0, 4], n: [7], level: 0.9, warnings: [] });
    expect(upper.method).toBe('largest-difference-of-intervals');
    expect(asked).toEqual([0.05, 0.05, 0.05, 0.05, 0.05]);
    asked.length = 0;
    const lower = known(largestDifference(families, { alpha: 0.1, alternative: 'greater' }));
    expect(lower).toMatchObject({ estimate: 3, interval: [2, Number.POSITIVE_INFINITY] });
    expect(asked).toEqual([0.02, 0.02, 0.02, 0.02, 0.02]);
  });

  it('does not take how little is known of one group for a difference', () => {
    const families = [[() => of(1, 5), () => of(1, 0.5)]];
    const { interval } = known(largestDifference(families, { alpha: 0.1, alternative: 'less' }));
    expect(interval).toEqual([0, 5.5]);
  });

  it('is inconclusive where there are no two groups, or one says nothing', () => {
    const options = { alpha: 0.1, alternative: 'less' } as const;
    expect(largestDifference([[fixed(1)]], options)).toMatchObject({
      reason: 'there are no two groups to compare',
      n: [0],
      validity: 'anytime',
    });
    expect(largestDifference([[fixed(1), () => none]], options)).toMatchObject({ reason: 'nothing yet', n: [0] });
  });

  it('has bounds that fail with alpha at most, however many groups there are', () => {
    const rng = createRng('largest difference');
    const [runs, alpha] = [4000, 0.1];
    const z = (level: number) => normalDistribution.isf(level / 2);
    const failures = (alternative: 'less' | 'greater', means: readonly number[], share?: number): number => {
      const truth = Math.max(...means) - Math.min(...means);
      let failed = 0;
      for (let run = 0; run < runs; run += 1) {
        const groups = means.map((mean) => {
          const estimate = mean + normal(rng);
          return (level: number) => of(estimate, z(share ?? level), 1 - level);
        });
        const [low, high] = known(largestDifference([groups], { alpha, alternative })).interval;
        if (low > truth || high < truth) failed += 1;
      }
      return failed / runs;
    };
    const most = alpha + 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
    const alike = new Array<number>(12).fill(0);
    expect(failures('greater', alike)).toBeLessThan(most);
    // With half of alpha for each group, as for the upper bound, it would fail too often: the test can fail.
    expect(failures('greater', alike, alpha / 2)).toBeGreaterThan(most);
    expect(failures('less', [0, 0.5, 3])).toBeLessThan(most);
  });
});
