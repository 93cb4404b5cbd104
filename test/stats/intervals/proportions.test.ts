import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agrestiCaffoInterval,
  clopperPearsonInterval,
  jeffreysInterval,
  newcombeInterval,
  oddsRatioInterval,
  riskRatioInterval,
  wilsonInterval,
} from '../../../src/stats/intervals/index.ts';
import type { IntervalEstimate, IntervalResult, Proportion } from '../../../src/stats/types.ts';
import { type GoldenFile, readGolden } from '../../support/golden.ts';

const ok = (result: IntervalResult): IntervalEstimate => {
  if (result.status !== 'ok') throw new Error(result.reason);
  return result;
};
type Pair = [number, number];
type OneExpected = Record<'ci95' | 'ci99', Record<string, Pair>>;
interface TwoExpected {
  difference: number;
  differenceCi95: Record<string, Pair>;
  riskRatio?: { estimate: number; logSe: number; ciKatz95: Pair };
  oddsRatio?: { estimate: number; logSe: number; ciWoolf95: Pair };
}
const golden = readGolden<GoldenFile<Record<string, number>, unknown>>('proportions.json');
function near(got: readonly number[], want: readonly number[], rel: number, label: string): void {
  got.forEach((value, i) => {
    expect(Math.abs(value - want[i]!), `${label}: ${value} for ${want[i]}`).toBeLessThanOrEqual(
      1e-14 + rel * Math.abs(want[i]!),
    );
  });
}
const one = {
  wilson: wilsonInterval,
  wilsonContinuity: (p: Proportion, options: { level: number }) => wilsonInterval(p, { ...options, continuity: true }),
  clopperPearson: clopperPearsonInterval,
  jeffreys: jeffreysInterval,
};

describe('golden/proportions.json: one proportion', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'oneProportion') continue;
    it.each(Object.keys(one) as (keyof typeof one)[])(`${id}: %s`, (name) => {
      const proportion = { successes: input.x!, trials: input.n! };
      near(ok(one[name](proportion, { level: 0.95 })).interval, (expected as OneExpected).ci95[name]!, 1e-10, '95 %');
      near(ok(one[name](proportion, { level: 0.99 })).interval, (expected as OneExpected).ci99[name]!, 1e-10, '99 %');
    });
  }
});

describe('golden/proportions.json: two proportions', () => {
  for (const { id, kind, input, expected } of golden.cases) {
    if (kind !== 'twoProportions') continue;
    const rel = id === 'two-billion' || id === 'two-large' ? 1e-8 : 1e-10;
    const a = { successes: input.x1!, trials: input.n1! };
    const b = { successes: input.x2!, trials: input.n2! };
    const { difference, differenceCi95, riskRatio, oddsRatio } = expected as TwoExpected;
    it(id, () => {
      near(ok(newcombeInterval(a, b)).interval, differenceCi95.newcombeWilson!, rel, 'newcombe');
      near(ok(agrestiCaffoInterval(a, b)).interval, differenceCi95.agrestiCaffo!, rel, 'agresti-caffo');
      near([ok(newcombeInterval(a, b)).estimate], [difference], 1e-10, 'difference');
      if (riskRatio) {
        const { estimate, standardError, interval } = ok(riskRatioInterval(a, b));
        near(
          [estimate, standardError!, ...interval],
          [riskRatio.estimate, riskRatio.logSe, ...riskRatio.ciKatz95],
          1e-10,
          'RR',
        );
      } else expect(riskRatioInterval(a, b).status).toBe('inconclusive');
      if (oddsRatio) {
        const { estimate, standardError, interval } = ok(oddsRatioInterval(a, b));
        near(
          [estimate, standardError!, ...interval],
          [oddsRatio.estimate, oddsRatio.logSe, ...oddsRatio.ciWoolf95],
          1e-10,
          'OR',
        );
      } else expect(oddsRatioInterval(a, b).status).toBe('inconclusive');
    });
  }
});

describe('golden/shadow-oracle.json', () => {
  interface Oracle {
    ci: { k: number; n: number; wilson95: Pair; clopper95: Pair }[];
    [threshold: `n_${string}`]: number;
  }
  const oracle = readGolden<Oracle>('shadow-oracle.json');
  it.each(oracle.ci)('$k of $n', ({ k, n, wilson95, clopper95 }) => {
    near(ok(wilsonInterval({ successes: k, trials: n })).interval, wilson95, 1e-12, 'wilson');
    near(ok(clopperPearsonInterval({ successes: k, trials: n })).interval, clopper95, 1e-12, 'clopper-pearson');
  });
  const firstWhere = (
    rate: number,
    check: (interval: readonly number[]) => boolean,
    alternative: 'greater' | 'less',
  ) => {
    for (let n = 1; ; n += 1) {
      const { interval } = ok(wilsonInterval({ successes: Math.round(n * rate), trials: n }, { alternative }));
      if (check(interval)) return n;
    }
  };
  it.each([0.96, 0.97, 0.98])('the first n at which a precision of %d clears 0.95, one-sided', (rate) => {
    const n = firstWhere(rate, ([lower]) => lower! > 0.95, 'greater');
    expect(n).toBe(oracle[`n_for_precision_${rate}_gt_.95`]);
  });
  it.each([0.005, 0.007, 0.008])('the first n at which a false positive rate of %d is below 0.01', (rate) => {
    const n = firstWhere(rate, ([, upper]) => upper! < 0.01, 'less');
    expect(n).toBe(oracle[`n_neg_for_fpr_${rate}_lt_.01`]);
  });
});

const proportion = fc
  .tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, share]) => ({ successes: Math.round(trials * share), trials }));
const level = fc.constantFrom(0.5, 0.8, 0.95, 0.999, 1 - 1e-9);
const singles = Object.entries(one) as [string, (p: Proportion, options: object) => IntervalResult][];
const doubles = [
  ['newcombe', newcombeInterval],
  ['agresti-caffo', agrestiCaffoInterval],
] as const;
const flip = ({ successes, trials }: Proportion) => ({ successes: trials - successes, trials });

describe('intervals of a proportion', () => {
  it.each(singles)(
    '%s: contains the estimate, stays within [0, 1], mirrors failures, grows with the level',
    (_n, method) => {
      fc.assert(
        fc.property(proportion, level, (p, confidence) => {
          const { estimate, interval } = ok(method(p, { level: confidence }));
          expect(interval[0]).toBeGreaterThanOrEqual(0);
          expect(interval[1]).toBeLessThanOrEqual(1);
          expect(interval[0]).toBeLessThanOrEqual(estimate);
          expect(interval[1]).toBeGreaterThanOrEqual(estimate);
          expect(interval[1]).toBeGreaterThan(interval[0]);
          const mirrored = ok(method(flip(p), { level: confidence })).interval;
          expect(mirrored[0]).toBeCloseTo(1 - interval[1], 12);
          expect(mirrored[1]).toBeCloseTo(1 - interval[0], 12);
          const wider = ok(method(p, { level: (1 + confidence) / 2 })).interval;
          expect(wider[0]).toBeLessThanOrEqual(interval[0]);
          expect(wider[1]).toBeGreaterThanOrEqual(interval[1]);
        }),
        { seed: 42, numRuns: 150 },
      );
    },
  );
  it.each(singles)('%s: one-sided bounds are those of the two-sided interval at twice the error', (_name, method) => {
    fc.assert(
      fc.property(proportion, (p) => {
        const both = ok(method(p, { level: 0.9 })).interval;
        const greater = ok(method(p, { level: 0.95, alternative: 'greater' })).interval;
        const less = ok(method(p, { level: 0.95, alternative: 'less' })).interval;
        near([greater[0], less[1]], both, 1e-12, 'bounds');
        expect([less[0], greater[1]]).toEqual([0, 1]);
      }),
      { seed: 42, numRuns: 50 },
    );
  });
  it('Clopper–Pearson holds the interval of Wilson with continuity correction at its centre', () => {
    // Both invert nearly the same test: at n = 1000 they agree to 2e-3 everywhere.
    for (let x = 0; x <= 1000; x += 50) {
      const p = { successes: x, trials: 1000 };
      const [exact, corrected] = [
        ok(clopperPearsonInterval(p)).interval,
        ok(one.wilsonContinuity(p, { level: 0.95 })).interval,
      ];
      expect(Math.abs(exact[0] - corrected[0])).toBeLessThan(2e-3);
      expect(Math.abs(exact[1] - corrected[1])).toBeLessThan(2e-3);
    }
  });
});

describe('intervals of a difference of proportions', () => {
  it.each(doubles)('%s: change sign with the order, and grow with the level', (_name, method) => {
    fc.assert(
      fc.property(proportion, proportion, level, (a, b, confidence) => {
        const { interval, estimate } = ok(method(a, b, { level: confidence }));
        const swapped = ok(method(b, a, { level: confidence }));
        near(swapped.interval, [0 - interval[1], 0 - interval[0]], 1e-12, 'swapped');
        near([swapped.estimate], [0 - estimate], 1e-12, 'estimate');
        expect(interval[1]).toBeGreaterThan(interval[0]);
        const wider = ok(method(a, b, { level: (1 + confidence) / 2 })).interval;
        expect(wider[0]).toBeLessThanOrEqual(interval[0]);
        expect(wider[1]).toBeGreaterThanOrEqual(interval[1]);
      }),
      { seed: 42, numRuns: 150 },
    );
  });
  it('newcombe: contains the estimate and stays within [-1, 1]', () => {
    fc.assert(
      fc.property(proportion, proportion, level, (a, b, confidence) => {
        const { interval, estimate } = ok(newcombeInterval(a, b, { level: confidence }));
        expect(interval[0]).toBeGreaterThanOrEqual(-1);
        expect(interval[1]).toBeLessThanOrEqual(1);
        expect(interval[0]).toBeLessThanOrEqual(estimate);
        expect(interval[1]).toBeGreaterThanOrEqual(estimate);
      }),
      { seed: 42, numRuns: 150 },
    );
  });
  it('ratios: the ends are reciprocal when the samples swap', () => {
    const [a, b] = [
      { successes: 30, trials: 100 },
      { successes: 20, trials: 90 },
    ];
    for (const method of [riskRatioInterval, oddsRatioInterval]) {
      const [forth, back] = [ok(method(a, b)), ok(method(b, a))];
      near(back.interval, [1 / forth.interval[1], 1 / forth.interval[0]], 1e-14, 'reciprocal');
      expect(ok(method(a, b, { alternative: 'greater' })).interval[1]).toBe(Number.POSITIVE_INFINITY);
      expect(ok(method(a, b, { alternative: 'less' })).interval[0]).toBe(0);
    }
  });
});

describe('nasty case 8: empty cells and boundary proportions', () => {
  const none = { successes: 0, trials: 77 };
  const all = { successes: 41, trials: 41 };
  it('no interval of a proportion or a difference has width 0 at the boundary', () => {
    for (const [, method] of singles) {
      expect(ok(method(none, {})).interval[1]).toBeGreaterThan(0.02);
      expect(ok(method(none, {})).interval[0]).toBe(0);
      expect(ok(method(all, {})).interval[0]).toBeLessThan(0.98);
      expect(ok(method(all, {})).interval[1]).toBe(1);
    }
    for (const [, method] of doubles) {
      const [lower, upper] = ok(method(none, { successes: 0, trials: 83 })).interval;
      expect(upper - lower).toBeGreaterThan(0.05);
    }
  });
  it('a ratio without successes is inconclusive, and one of certainties warns of its width 0', () => {
    expect(riskRatioInterval(none, all)).toMatchObject({
      status: 'inconclusive',
      reason: 'no successes in one of the samples',
    });
    expect(oddsRatioInterval(all, { successes: 3, trials: 9 })).toMatchObject({
      status: 'inconclusive',
      reason: 'one of the four cells is empty',
    });
    const certain = ok(riskRatioInterval(all, { successes: 46, trials: 46 }));
    expect(certain.interval).toEqual([1, 1]);
    expect(certain.warnings).toEqual(['no failures in either sample: the interval has no width and covers nothing']);
    expect(ok(riskRatioInterval(all, { successes: 45, trials: 46 })).warnings).toEqual([]);
  });
  it('Wilson without successes starts at 0 also at a one-sided level of one half, where it has no width', () => {
    const options = { level: 0.5, alternative: 'less' } as const;
    expect(ok(wilsonInterval({ successes: 0, trials: 10 }, options)).interval).toEqual([0, 0]);
    expect(ok(wilsonInterval({ successes: 0, trials: 10 }, { ...options, alternative: 'greater' })).interval).toEqual([
      0, 1,
    ]);
  });
  it('nothing is concluded without trials', () => {
    const empty = { successes: 0, trials: 0 };
    for (const [, method] of singles)
      expect(method(empty, {})).toMatchObject({ status: 'inconclusive', reason: 'no trials', n: [0] });
    for (const [, method] of doubles) {
      expect(method(empty, none)).toMatchObject({ status: 'inconclusive', n: [0, 77] });
      expect(method(none, empty).status).toBe('inconclusive');
    }
  });
});

describe('bad input', () => {
  const good = { successes: 1, trials: 2 };
  it('Wilson refuses a continuity that is neither true nor false', () => {
    expect(() => wilsonInterval(good, { continuity: 'yes' as never })).toThrow('continuity must be');
  });
  it.each(singles)('%s', (_name, method) => {
    expect(() => method({ successes: 3, trials: 2 }, {})).toThrow('proportion.successes must be within [0, 2]');
    expect(() => method(good, { level: 95 })).toThrow('level must be strictly between 0 and 1, got 95');
    expect(() => method(good, { alternative: 'larger' })).toThrow('alternative must be one of');
    expect(() => method(good, { alpha: 0.05 })).toThrow('options.alpha must be left out');
  });
  it.each([...doubles, ['risk ratio', riskRatioInterval], ['odds ratio', oddsRatioInterval]] as const)(
    '%s',
    (_name, method) => {
      expect(() => method({ successes: -1, trials: 2 }, good)).toThrow('a.successes');
      expect(() => method(good, { successes: 1, trials: -2 })).toThrow('b.trials');
      expect(() => method(good, good, { level: 1 })).toThrow('level');
    },
  );
});
