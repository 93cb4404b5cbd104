import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cuped } from '../../../src/stats/adjustment/index.ts';
import { meanDifference } from '../../../src/stats/meanDifference.ts';
import { Covariance } from '../../../src/stats/summaries/index.ts';
import { welchTest } from '../../../src/stats/tests/index.ts';
import { type GoldenFile, readGolden } from '../../support/golden.ts';

interface Pairs {
  x: number[];
  y: number[];
}
interface Adjusted {
  theta: number;
  adjustedMeanA: number;
  adjustedMeanB: number;
  adjustedVarianceA: number;
  adjustedVarianceB: number;
  difference: number;
  varianceReductionA: number;
  varianceReductionB: number;
  se?: number;
  welchT?: number;
  welchDf?: number;
  pTwoSided?: number;
  degenerateCovariate?: boolean;
}
const golden =
  readGolden<GoldenFile<{ control: Pairs; treatment: Pairs }, { pooled: Adjusted; withinGroup: Adjusted }>>(
    'cuped.json',
  );
const summary = ({ x, y }: Pairs) => new Covariance().pushAll(x.map((value, i) => [value, y[i]!] as const));

describe('golden/cuped.json', () => {
  for (const { id, input, expected, tolerance } of golden.cases) {
    it.each([
      ['pooled', expected.pooled],
      ['within', expected.withinGroup],
    ] as const)(`${id}: %s`, (theta, want) => {
      const result = cuped([summary(input.control), summary(input.treatment)], { theta });
      const [a, b] = result.arms;
      const got: Record<string, number> = {
        theta: result.theta,
        adjustedMeanA: a!.mean,
        adjustedMeanB: b!.mean,
        adjustedVarianceA: a!.variance,
        adjustedVarianceB: b!.variance,
        difference: meanDifference(b!, a!),
        varianceReductionA: result.varianceReductions[0]!,
        varianceReductionB: result.varianceReductions[1]!,
      };
      const test = welchTest(b!, a!);
      if (want.welchT !== undefined && test.status === 'ok') {
        Object.assign(got, { welchT: test.statistic, welchDf: test.df, pTwoSided: test.pValue });
      }
      if (want.se !== undefined) got.se = Math.sqrt(a!.variance / a!.n + b!.variance / b!.n);
      const rel = tolerance?.rel ?? 1e-10;
      for (const [name, value] of Object.entries(got)) {
        const target = want[name as 'theta'];
        expect(Math.abs(value - target), `${name}: ${value} for ${target}`).toBeLessThanOrEqual(
          1e-12 + rel * Math.abs(target),
        );
      }
      expect(result.warnings).toHaveLength(want.degenerateCovariate ? 1 : 0);
    });
  }
});

const pair = fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 }));
const arm = fc.array(pair, { minLength: 2, maxLength: 20 });

describe('cuped', () => {
  it('never adds variance within the arms taken together, and keeps the overall mean', () => {
    fc.assert(
      fc.property(arm, arm, arm, (...data) => {
        const arms = data.map((pairs) => new Covariance().pushAll(pairs));
        const within = (list: readonly { n: number; variance: number }[]) =>
          list.reduce((sum, { n, variance }) => sum + (n - 1) * variance, 0);
        const overall = (list: readonly { n: number; mean: number }[]) =>
          list.reduce((sum, { n, mean }) => sum + n * mean, 0);
        const { arms: adjusted } = cuped(arms, { theta: 'within' });
        expect(within(adjusted)).toBeLessThanOrEqual(within(arms.map(({ y }) => y)) * (1 + 1e-12));
        expect(overall(adjusted)).toBeCloseTo(overall(arms.map(({ y }) => y)), 6);
      }),
      { seed: 42, numRuns: 200 },
    );
  });
  it('gives what the adjusted observations give, whatever the arms', () => {
    fc.assert(
      fc.property(arm, arm, (first, second) => {
        const { theta, arms } = cuped([new Covariance().pushAll(first), new Covariance().pushAll(second)]);
        const all = [...first, ...second];
        const centre = all.reduce((sum, [x]) => sum + x, 0) / all.length;
        for (const [i, pairs] of [first, second].entries()) {
          const adjusted = pairs.map(([x, y]) => y - theta * (x - centre));
          const mean = adjusted.reduce((sum, y) => sum + y, 0) / adjusted.length;
          const variance = adjusted.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (adjusted.length - 1);
          expect(arms[i]!.mean).toBeCloseTo(mean, 8);
          expect(arms[i]!.variance).toBeCloseTo(variance, 6);
        }
      }),
      { seed: 42, numRuns: 200 },
    );
  });
  it('keeps a difference at a mean of 1e9 with a deviation of 1e-3', () => {
    const build = (shift: number) =>
      new Covariance().pushAll(
        Array.from({ length: 50 }, (_, i) => [i % 5, 1e9 + shift + (i % 7) * 2 ** -10] as const),
      );
    const { arms } = cuped([build(0), build(2 ** -12)]);
    expect(meanDifference(arms[1]!, arms[0]!)).toBe(2 ** -12);
  });
  it('takes arms of one pair or none: no variance, but a mean', () => {
    const some = new Covariance().pushAll([
      [1, 1],
      [2, 3],
      [3, 5],
    ]);
    const { arms, theta } = cuped([some, new Covariance().push(2, 4), new Covariance()], { theta: 'within' });
    expect(theta).toBe(2);
    expect(arms[1]).toMatchObject({ n: 1, mean: 4 });
    expect(arms[1]!.variance).toBeNaN();
    expect(arms[2]!.n).toBe(0);
  });
  it('leaves an arm without pairs out of the pooled slope, wherever it stands', () => {
    const [first, second] = [
      new Covariance().pushAll([
        [1, 1],
        [2, 4],
        [4, 5],
      ]),
      new Covariance().pushAll([
        [3, 9],
        [5, 9],
      ]),
    ];
    const { theta } = cuped([first, second]);
    expect(cuped([new Covariance(), first, second]).theta).toBeCloseTo(theta, 14);
    expect(cuped([first, new Covariance(), second]).theta).toBeCloseTo(theta, 14);
    // Of a metric that is large beside what its arms differ by, the first arm with pairs gives the height.
    const high = [
      new Covariance().pushAll([
        [1, 1e9 + 1],
        [2, 1e9 + 4],
        [4, 1e9 + 5],
      ]),
      new Covariance().pushAll([
        [3, 1e9 + 9],
        [5, 1e9 + 9],
      ]),
    ];
    expect(cuped([new Covariance(), ...high]).theta).toBeCloseTo(theta, 12);
  });
  it('adjusts nothing, and says so, where the covariate does not vary in the way that theta asks for', () => {
    const warnings = ['the covariate does not vary: nothing was adjusted'];
    const [low, high] = [1, 2].map((x) =>
      new Covariance().pushAll([
        [x, 3 * x],
        [x, 3 * x + 2],
      ]),
    ) as [Covariance, Covariance];
    expect(cuped([low, high], { theta: 'within' })).toMatchObject({ theta: 0, warnings });
    expect(cuped([low, high])).toMatchObject({ theta: 3, warnings: [] });
    expect(cuped([low, low])).toMatchObject({ theta: 0, warnings });
    const nothing = cuped([new Covariance(), new Covariance()]);
    expect(nothing).toMatchObject({ theta: 0, warnings });
    expect(nothing.arms.map(({ offset }) => offset)).toEqual([0, 0]);
    // Two arms of one pair each vary only between them.
    expect(cuped([new Covariance().push(1, 5), new Covariance().push(3, 9)]).theta).toBe(2);
  });
  it('takes moments without a pivot, and gives one observation no variance whatever it came with', () => {
    const arm = (n: number, mean: number) => ({ n, mean, variance: n < 2 ? 0 : 1 });
    const { theta, arms } = cuped(
      [
        { n: 5, x: arm(5, 1), y: arm(5, 10), covariance: 0.5 },
        { n: 1, x: arm(1, 7), y: arm(1, 12), covariance: 0 },
      ],
      { theta: 'within' },
    );
    expect(theta).toBe(0.5);
    // The covariate is 2 on average: 1 below it in the first arm, 5 above it in the second.
    expect(arms.map(({ mean }) => mean)).toEqual([10.5, 9.5]);
    expect(arms[1]!.variance).toBeNaN();
  });
  it('refuses fewer than two arms, and moments that are none', () => {
    const good = new Covariance().pushAll([
      [1, 1],
      [2, 3],
    ]);
    expect(() => cuped([good])).toThrow('arms.length must be at least 2, got 1');
    expect(() => cuped([good, { n: 2, x: good.x, y: good.y, covariance: Number.NaN }])).toThrow(
      'arms[1].covariance must be a finite number, got NaN',
    );
    expect(() => cuped([good, { n: 3, x: good.x, y: good.y, covariance: 1 }])).toThrow(
      'arms[1].x.n must be 3, the number of pairs, got 2',
    );
    expect(() => cuped([good, good], { theta: 'best' as never })).toThrow('theta must be one of');
  });
});
