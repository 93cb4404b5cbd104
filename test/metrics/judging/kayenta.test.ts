import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mannWhitneyJudge } from '../../../src/canary/index.ts';
import { absoluteError } from '../../../src/metrics/index.ts';
import { brentRoot } from '../../../src/metrics/judging/kayenta/brentRoot.ts';
import { classifyMetric } from '../../../src/metrics/judging/kayenta/classifyMetric.ts';
import { outliers, withoutNaN } from '../../../src/metrics/judging/kayenta/cleanValues.ts';
import { classifyScore, scoreGroups } from '../../../src/metrics/judging/kayenta/scoreGroups.ts';
import { shiftByRoots } from '../../../src/metrics/judging/kayenta/shiftByRoots.ts';
import { StageEvidence } from '../../../src/metrics/judging/StageEvidence.ts';
import { tooFewForRanks } from '../../../src/metrics/judging/tooFewForRanks.ts';
import { createRng, normal } from '../../../src/random/index.ts';

describe('brentRoot', () => {
  it('finds the roots of smooth functions, of steep ones and of steps', () => {
    const solve = (f: (x: number) => number, a: number, b: number) => brentRoot(f, a, b, f(a), f(b), 1e-12);
    expect(solve((x) => x * x - 2, 0, 2)).toBeCloseTo(Math.SQRT2, 11);
    expect(solve((x) => Math.exp(20 * x) - 1, -3, 1)).toBeCloseTo(0, 11);
    expect(solve((x) => (x < 0.3 ? -1 : 1), 0, 1)).toBeCloseTo(0.3, 11);
    expect(solve((x) => x, 0, 1)).toBe(0);
  });
});

describe('shiftByRoots', () => {
  it('is the interval of wilcox.test (R 4.2.2, exact = FALSE) for four values each', () => {
    const { interval, estimate } = shiftByRoots([40, 10, 20, 30], [1, 2, 4, 3], 0.95);
    expect(interval[0]).toBeCloseTo(6, 5);
    expect(interval[1]).toBeCloseTo(39, 5);
    expect(estimate).toBeCloseTo(22.5, 5);
  });
});

describe('what Kayenta says of a metric', () => {
  const flat = [1, 1, 1, 1, 1];

  it('convicts at two values each, where no order could be significant', () => {
    expect(classifyMetric([1, 2], [5, 6]).classification).toBe('High');
    expect(tooFewForRanks(2, 2, 0.98)).toBe(true);
    expect(tooFewForRanks(4, 4, 0.98)).toBe(true);
    expect(tooFewForRanks(5, 5, 0.98)).toBe(false);
    expect(tooFewForRanks(100_000, 2, 0.98)).toBe(false);
  });

  it('looks at the sides that it is told to', () => {
    const high = flat.map((x, i) => 20 + x + i);
    const low = flat.map((x, i) => x + i);
    const of = (direction: 'increase' | 'decrease' | 'either', up: boolean) =>
      classifyMetric(up ? low : high, up ? high : low, { direction }).classification;
    expect([of('increase', true), of('decrease', true), of('either', true)]).toEqual(['High', 'Pass', 'High']);
    expect([of('increase', false), of('decrease', false), of('either', false)]).toEqual(['Pass', 'Low', 'Low']);
  });

  it('has a word for missing data, constants, and means of 0', () => {
    expect(classifyMetric(flat, [])).toMatchObject({ classification: 'Nodata', critical: false });
    expect(classifyMetric(flat, [], { critical: true })).toMatchObject({ classification: 'Nodata', critical: true });
    expect(classifyMetric(flat, [], { mustHaveData: true }).classification).toBe('NodataFailMetric');
    expect(classifyMetric(flat, [Number.NaN], { nanStrategy: 'replace' }).classification).toBe('Low');
    expect(classifyMetric(flat, flat).classification).toBe('Pass');
    expect(
      classifyMetric(
        flat,
        flat.map((x) => 9 * x),
      ).classification,
    ).toBe('High');
    const up = classifyMetric(
      flat.map(() => 0),
      [3, 4, 5, 6, 7],
      { effectSizeThresholds: [0.8, 1.2], critical: true },
    );
    expect(up).toMatchObject({ classification: 'High', critical: true, deviation: Number.NaN });
  });

  it('asks the effect to be large enough, by either measure', () => {
    const [x, y] = [
      [11, 12, 13, 14, 15, 16],
      [1, 2, 3, 4, 5, 6],
    ];
    const say = (more: object) => classifyMetric(y, x, more).classification;
    expect(say({ effectSizeThresholds: [1, 3] })).toBe('High');
    expect(say({ effectSizeThresholds: [1, 5] })).toBe('Pass');
    expect(say({ effectSizeMeasure: 'cles' })).toBe('High');
    expect(classifyMetric(x, y, { effectSizeMeasure: 'cles', effectSizeThresholds: [-1, 2] }).classification).toBe(
      'Pass',
    );
  });

  it('leaves out what is no number, and outliers', () => {
    expect(withoutNaN([1, Number.NaN], 'remove')).toEqual([1]);
    expect(withoutNaN([1, Number.NaN], 'replace')).toEqual([1, 0]);
    expect(outliers([1, 2, 1, 2, 1, 2, 90], { kind: 'iqr', factor: 1.5 })).toEqual([...Array(6).fill(false), true]);
    expect(outliers([1, 2, 90], { kind: 'ksigma', factor: 1 })).toEqual([false, false, true]);
    expect(outliers([], { kind: 'ksigma', factor: 1 })).toEqual([]);
    const rule = { outliers: { kind: 'iqr', factor: 3, cautious: true } } as const;
    const [x, y] = [
      [1, 2, 1, 2, 1, 2],
      [1.5, 1, 2, 2, 1, 900],
    ];
    expect(classifyMetric(x, y, rule).deviation).toBeLessThan(1.1);
  });
});

describe('scores', () => {
  const metric = (classification: 'Pass' | 'High' | 'Nodata', group: string, critical = false) => ({
    classification,
    groups: [group],
    critical,
  });

  it('weighs groups, gives the rest to those without a weight, and knows no mercy for critical metrics', () => {
    const metrics = [metric('Pass', 'x'), metric('High', 'y'), metric('Pass', 'z')];
    expect(scoreGroups(metrics, { x: 50 })).toBe(75);
    expect(scoreGroups([...metrics, metric('High', 'x', true)], { x: 50 })).toBe(0);
    expect(scoreGroups([metric('Pass', 'x'), metric('Nodata', 'y')])).toBe(0);
    expect(scoreGroups([metric('Pass', 'x'), metric('Pass', 'x'), metric('Nodata', 'y')])).toBe(100);
    expect([95, 94, 10].map((score) => classifyScore(score, { pass: 95, marginal: 75 }))).toEqual([
      'Pass',
      'Marginal',
      'Fail',
    ]);
  });
});

describe('mannWhitneyJudge', () => {
  const metric = absoluteError({ role: 'goal', limit: { relative: 0.2 } });
  const rules = { alpha: 0.01, passAlpha: 0.05, minSamples: 2, passSamples: 2 };

  function verdict(canary: readonly number[], baseline: readonly number[], options = {}): string {
    const judge = mannWhitneyJudge(options);
    const { sampleSize } = judge as { sampleSize: number };
    const stage = new StageEvidence(metric as never, { rng: createRng(1), sampleSize, clustered: false, alpha: 0.001 });
    for (const x of canary) stage.push('canary', x, 0);
    for (const y of baseline) stage.push('baseline', y, 0);
    return judge.check({ metric: metric as never, stages: [stage], stage: 0, guard: false }, rules).verdict;
  }

  it('says nothing while no order could be significant, where the compatible form convicts', () => {
    expect(verdict([5, 6], [1, 2])).toBe('inconclusive');
    expect(verdict([5, 6], [1, 2], { compat: true })).toBe('fail');
  });

  it('does not depend on the unit of the data, where the compatible form does', () => {
    const rng = createRng(3);
    const draw = (mean: number) => Array.from({ length: 40 }, () => Math.abs(mean + 0.3 * normal(rng)));
    fc.assert(
      fc.property(fc.double({ min: -9, max: 9, noNaN: true }), fc.boolean(), (exponent, worse) => {
        const [x, y] = [draw(worse ? 2 : 1), draw(1)];
        const scale = 10 ** exponent;
        expect(
          verdict(
            x.map((v) => v * scale),
            y.map((v) => v * scale),
          ),
        ).toBe(verdict(x, y));
      }),
      { numRuns: 60 },
    );
    const [x, y] = [draw(2), draw(1)];
    expect(verdict(x, y, { compat: true })).toBe('fail');
    expect(
      verdict(
        x.map((v) => v * 1e-6),
        y.map((v) => v * 1e-6),
        { compat: true },
      ),
    ).toBe('pass');
  });
});
