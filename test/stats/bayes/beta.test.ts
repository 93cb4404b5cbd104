import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BetaShapes, betaBinomial, probabilityBest } from '../../../src/stats/bayes/index.ts';
import { integrateLogConcave } from '../../../src/stats/bayes/integrateLogConcave.ts';
import { expectClose, type GoldenFile, readGolden } from '../../support/golden.ts';

type Input = Record<'successesA' | 'trialsA' | 'successesB' | 'trialsB' | 'priorAlpha' | 'priorBeta', number> & {
  arms?: [number, number][];
};
type Expected = Record<string, number | number[] | null>;
const golden = readGolden<GoldenFile<Input, Expected>>('bayes.json');

describe('golden/bayes.json: beta', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind === 'betaBinomial') {
      it(id, () => {
        const got = betaBinomial(
          { successes: input.successesA, trials: input.trialsA },
          { successes: input.successesB, trials: input.trialsB },
          { prior: { a: input.priorAlpha, b: input.priorBeta } },
        );
        expect([got.a.a, got.a.b, got.b.a, got.b.b]).toEqual([
          ...(expected.posteriorA as number[]),
          ...(expected.posteriorB as number[]),
        ]);
        const pairs: [number | undefined, unknown, string][] = [
          [got.a.mean, expected.meanA, 'meanA'],
          [got.b.mean, expected.meanB, 'meanB'],
          [got.a.variance, expected.varianceA, 'varianceA'],
          [got.b.variance, expected.varianceB, 'varianceB'],
          [got.probabilityBBeatsA, expected.probBBeatsA, 'P'],
          [got.expectedLossChooseA, expected.expectedLossChooseA, 'loss A'],
          [got.expectedLossChooseB, expected.expectedLossChooseB, 'loss B'],
          [got.expectedRelativeUplift, expected.expectedRelativeUplift, 'uplift'],
          ...[0, 1].map(
            (i) => [got.a.interval[i], (expected.credible95A as number[])[i], 'interval A'] as [number, number, string],
          ),
          ...[0, 1].map(
            (i) => [got.b.interval[i], (expected.credible95B as number[])[i], 'interval B'] as [number, number, string],
          ),
        ];
        for (const [value, want, label] of pairs) {
          if (want === null) expect(value, label).toBeUndefined();
          else expectClose(value!, want as number, 1e-11, label);
        }
      });
    }
    if (kind === 'probabilityBest') {
      it(id, () => {
        const got = probabilityBest(input.arms!.map(([a, b]) => ({ a, b })));
        got.forEach((p, i) => {
          // The file is good to 1e-8 itself.
          expect(Math.abs(p - (expected.probabilityBest as number[])[i]!)).toBeLessThan(1e-8);
        });
      });
    }
  }
});

const shape = fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0.3, max: 50, noNaN: true }));
const shapes = fc.record({ a: shape, b: shape });

describe('probabilityBest', () => {
  it('sums to 1, and goes with the arms', () => {
    fc.assert(
      fc.property(fc.array(shapes, { minLength: 2, maxLength: 5 }), (arms) => {
        const p = probabilityBest(arms);
        expectClose(
          p.reduce((sum, value) => sum + value, 0),
          1,
          1e-10,
        );
        [...probabilityBest([...arms].reverse())].reverse().forEach((value, i) => {
          expectClose(value, p[i]!, 1e-9, 'reversed', 1e-6);
        });
      }),
      { seed: 42, numRuns: 60 },
    );
  });
  it('is exact where the answer is: 1/k of k equal arms, a / (a + b) of powers', () => {
    for (const k of [2, 3, 7]) {
      const arms = new Array<BetaShapes>(k).fill({ a: 3.7, b: 9.1 });
      for (const p of probabilityBest(arms)) expectClose(p, 1 / k, 1e-12);
    }
    // Beta(a, 1) is a uniform number to the power 1/a: the greatest is each with probability a / sum.
    const powers = [0.5, 2, 7].map((a) => ({ a, b: 1 }));
    probabilityBest(powers).forEach((p, i) => {
      expectClose(p, powers[i]!.a / 9.5, 1e-12);
    });
  });
  it('keeps its digits far out: two arms forty standard deviations apart', () => {
    // mpmath: 1000 B(1001, 1000) = 4.9e-601 is 0 as a double
    const [p, q] = probabilityBest([
      { a: 1, b: 1000 },
      { a: 1000, b: 1 },
    ]) as [number, number];
    expect(p).toBe(0);
    expectClose(q, 1, 1e-12);
    // mpmath: 300 B(101, 300) = ∫ f_X F_Y for X ~ Beta(1, 300), Y ~ Beta(100, 1)
    expectClose(
      probabilityBest([
        { a: 1, b: 300 },
        { a: 100, b: 1 },
      ])[0]!,
      4.460592201454196e-97,
      1e-11,
    );
  });
  it('sees a narrow arm beside a wide one: a new arm against one with millions of pulls', () => {
    // The narrow one is nearly a number, p0: the wide one beats it with probability 1 - p0 of its own distribution.
    const [wide, narrow] = probabilityBest([
      { a: 1, b: 1 },
      { a: 3e6, b: 7e6 },
    ]) as [number, number];
    expectClose(wide, 0.7, 1e-10);
    expectClose(narrow, 0.3, 1e-10);
    const many = probabilityBest([
      { a: 1e6, b: 1e6 },
      { a: 1e6 + 1, b: 1e6 },
      { a: 0.1, b: 0.1 },
    ]);
    expectClose(
      many.reduce((sum, p) => sum + p, 0),
      1,
      1e-11,
    );
    expectClose(many[2]!, 0.5, 1e-3);
  });
  it('integrates what is below all doubles to 0', () => {
    expect(integrateLogConcave(() => Number.NEGATIVE_INFINITY, 0, 1, [])).toBe(0);
  });
  it('refuses one arm and shapes that are none', () => {
    expect(() => probabilityBest([{ a: 1, b: 1 }])).toThrow('arms.length must be at least 2, got 1');
    expect(() =>
      probabilityBest([
        { a: 1, b: 1 },
        { a: 0, b: 1 },
      ]),
    ).toThrow('arms[1].a must be a finite number at least 0.1');
  });
});

const proportion = fc
  .tuple(fc.integer({ min: 0, max: 3000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, share]) => ({ successes: Math.round(trials * share), trials }));

describe('betaBinomial', () => {
  it('is symmetric in the arms and in successes and failures', () => {
    const flip = ({ successes, trials }: { successes: number; trials: number }) => ({
      successes: trials - successes,
      trials,
    });
    fc.assert(
      fc.property(proportion, proportion, (a, b) => {
        const one = betaBinomial(a, b);
        const two = betaBinomial(b, a);
        const three = betaBinomial(flip(a), flip(b));
        expectClose(one.probabilityBBeatsA + two.probabilityBBeatsA, 1, 1e-10);
        expectClose(two.expectedLossChooseA, one.expectedLossChooseB, 1e-9, 'swapped', 1e-200);
        expectClose(three.expectedLossChooseB, one.expectedLossChooseA, 1e-9, 'flipped', 1e-200);
        expectClose(three.probabilityBBeatsA, two.probabilityBBeatsA, 1e-9, 'flipped', 1e-200);
      }),
      { seed: 42, numRuns: 60 },
    );
  });
  it('the losses differ by the difference of the means', () => {
    fc.assert(
      fc.property(proportion, proportion, (a, b) => {
        const {
          a: first,
          b: second,
          expectedLossChooseA,
          expectedLossChooseB,
        } = betaBinomial(a, b, { prior: { a: 0.5, b: 2.5 } });
        expectClose(expectedLossChooseA - expectedLossChooseB, second.mean - first.mean, 1e-9, 'difference', 1);
        expect(Math.min(expectedLossChooseA, expectedLossChooseB)).toBeGreaterThanOrEqual(0);
      }),
      { seed: 42, numRuns: 60 },
    );
  });
  it('the losses differ by the difference of the means also of a million trials, far to either side of one half', () => {
    for (const [first, second] of [
      [18_000, 18_100],
      [982_000, 982_100],
    ] as const) {
      const got = betaBinomial({ successes: first, trials: 1e6 }, { successes: second, trials: 1e6 });
      expect(got.expectedLossChooseB).toBeGreaterThan(0);
      expectClose(got.expectedLossChooseA - got.expectedLossChooseB, got.b.mean - got.a.mean, 1e-9);
    }
    // A new arm against a certain rate p: E max(p - x, 0) = p² / 2 of a uniform x.
    const { expectedLossChooseA, expectedLossChooseB } = betaBinomial(
      { successes: 0, trials: 0 },
      { successes: 3e9, trials: 1e10 },
    );
    expectClose(expectedLossChooseA, 0.045, 1e-9);
    expectClose(expectedLossChooseB, 0.245, 1e-9);
  });
  it('agrees with Miller’s sum at millions of trials', () => {
    // mpmath 30 digits: sum_{i<aB} B(aA + i, bA + bB) / ((bB + i) B(1 + i, bB) B(aA, bA)) for 200 of 4000 and 240 of 4000
    const { probabilityBBeatsA } = betaBinomial({ successes: 200, trials: 4000 }, { successes: 240, trials: 4000 });
    expectClose(probabilityBBeatsA, 0.9750292014069024, 1e-11);
    const { probabilityBBeatsA: large } = betaBinomial(
      { successes: 50_000, trials: 1e6 },
      { successes: 50_400, trials: 1e6 },
    );
    expect(Math.abs(large - 0.9028)).toBeLessThan(0.01);
  });
  it('knows when there is nothing left to doubt', () => {
    const sure = betaBinomial({ successes: 0, trials: 1e9 }, { successes: 1e9, trials: 1e9 });
    expect(sure.probabilityBBeatsA).toBe(1);
    expect(sure.expectedLossChooseB).toBe(0);
    expectClose(sure.expectedLossChooseA, 1, 1e-8);
  });
  it('credible intervals follow the level', () => {
    const [a, b] = [
      { successes: 5, trials: 50 },
      { successes: 9, trials: 60 },
    ];
    const narrow = betaBinomial(a, b, { level: 0.5 });
    const wide = betaBinomial(a, b, { level: 0.99 });
    expect(narrow.a.interval[0]).toBeGreaterThan(wide.a.interval[0]);
    expect(narrow.b.interval[1]).toBeLessThan(wide.b.interval[1]);
    expect(wide.level).toBe(0.99);
  });
  it('refuses counts, priors and levels that are none', () => {
    const good = { successes: 1, trials: 2 };
    expect(() => betaBinomial({ successes: 3, trials: 2 }, good)).toThrow('a.successes');
    expect(() => betaBinomial(good, good, { prior: { a: 0, b: 1 } })).toThrow('prior.a must be');
    expect(() => betaBinomial(good, good, { level: 1 })).toThrow('level must be');
    expect(() => betaBinomial(good, good, { priors: {} } as never)).toThrow('options.priors');
  });
});
