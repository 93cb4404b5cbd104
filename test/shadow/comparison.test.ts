import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../src/core/index.ts';
import { accuracy, rmse } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { type ShadowOptions, ShadowRunner } from '../../src/shadow/index.ts';

const oracle = JSON.parse(readFileSync(new URL('../golden/shadow-oracle.json', import.meta.url), 'utf8')) as {
  mcnemar: { b: number; c: number; exact_p: number }[];
  hollander_depression: {
    x: number[];
    y: number[];
    p_exact_two: number;
    t: number;
    p_t: number;
    df: number;
    ci95: [number, number];
  };
  darwin_maize: { d: number[]; p: number };
  ci: { k: number; n: number; wilson95: [number, number] }[];
};

/** One request as a test gives it: what primary and shadow say, and the truth. */
interface Case {
  readonly primary: number;
  readonly shadow: number;
  readonly truth?: number;
  readonly group?: string;
}
type Leaf = { predict(input: Case): unknown };
const primary: Leaf = { predict: (input) => input.primary };
const shadow: Leaf = { predict: (input) => input.shadow };

function run(cases: Iterable<Case>, more: Partial<ShadowOptions<Leaf>> = {}) {
  const clock = new ManualClock(0);
  const runner = new ShadowRunner<Leaf>({ primary, shadows: { next: shadow }, seed: 1, clock, cpuShare: 1, ...more });
  let i = 0;
  for (const one of cases) {
    runner.predict(one, { id: `r${i}`, ...(one.truth === undefined ? {} : { truth: one.truth }) });
    i += 1;
    if (i % 500 === 0) clock.advance(1);
  }
  clock.advance(1);
  return { runner, clock, comparison: runner.compare('next') };
}
const times = (n: number, one: Case): Case[] => Array.from({ length: n }, () => one);

describe('comparisons agree with reference numbers', () => {
  it.each(oracle.mcnemar)('McNemar b = $b, c = $c', ({ b, c, exact_p }) => {
    const right = { primary: 1, shadow: 1, truth: 1 };
    const cases = [...times(40, right), ...times(b, { ...right, shadow: 0 }), ...times(c, { ...right, primary: 0 })];
    const { classification } = run(cases, { classification: {} }).comparison;
    expect(classification?.verdicts).toEqual([40, b, c, 0]);
    const { mcnemar, improvement } = classification!;
    if (mcnemar.status !== 'ok') throw new Error(mcnemar.reason);
    expect(mcnemar.pValue / exact_p).toBeCloseTo(1, 9);
    expect(mcnemar.estimate).toBeCloseTo((b - c) / (40 + b + c), 12);
    expect(improvement.accuracy).toMatchObject({ status: 'ok', validity: 'anytime' });
  });

  it('paired t and Wilcoxon on absolute errors', () => {
    const { x, y, p_exact_two, t, p_t, df, ci95 } = oracle.hollander_depression;
    const cases = x.map((value, i) => ({ primary: value, shadow: y[i]!, truth: 0 }));
    const { regression } = run(cases, { regression: {} }).comparison;
    const { pairedT, wilcoxon, closer } = regression!;
    if (pairedT.status !== 'ok' || wilcoxon.status !== 'ok') throw new Error('inconclusive');
    expect([pairedT.statistic, pairedT.pValue, pairedT.df]).toEqual([
      expect.closeTo(t, 10),
      expect.closeTo(p_t, 10),
      df,
    ]);
    expect(pairedT.interval[0]).toBeCloseTo(ci95[0], 9);
    expect(pairedT.interval[1]).toBeCloseTo(ci95[1], 9);
    expect(wilcoxon.pValue).toBeCloseTo(p_exact_two, 10);
    expect(closer).toEqual({ primary: 2, shadow: 7 });
    const darwin = oracle.darwin_maize.d.map((d) => ({ primary: 100 + d, shadow: 100, truth: 0 }));
    const maize = run(darwin, { regression: {} }).comparison.regression!.wilcoxon;
    expect(maize).toMatchObject({ pValue: expect.closeTo(oracle.darwin_maize.p, 10) });
  });

  it.each(oracle.ci.filter(({ k, n }) => k > 0 && n <= 1000))('Wilson $k of $n', ({ k, n, wilson95 }) => {
    const hit = { primary: 0, shadow: 1, truth: 1 };
    const { classification } = run([...times(k, hit), ...times(n - k, { ...hit, truth: 0 })], {
      classification: {},
    }).comparison;
    const { precision } = classification!.shadow;
    if (precision.status !== 'ok') throw new Error(precision.reason);
    expect(precision.interval[0]).toBeCloseTo(wilson95[0], 12);
    expect(precision.interval[1]).toBeCloseTo(wilson95[1], 12);
  });
});

describe('both models are compared', () => {
  const rng = createRng(3);
  const scored = Array.from({ length: 3000 }, (_, i) => {
    const truth = Number(rng.next() < 0.3);
    const signal = 0.5 + (truth - 0.5) * 0.3;
    const score = (noise: number): number => Math.min(0.99, Math.max(0.01, signal + noise * normal(rng)));
    return { primary: score(0.25), shadow: score(0.12), truth, group: i % 4 === 0 ? 'a' : 'b' };
  });

  it('as classifiers: rates, areas, calibration, and the better one is known as such at every look', () => {
    const { classification, drift, labelled } = run(scored, { classification: {} }).comparison;
    const { primary: old, shadow: next, rocAucDifference, improvement } = classification!;
    expect(labelled).toBe(3000);
    const auc = (side: typeof old): number => (side.rocAuc.status === 'ok' ? side.rocAuc.estimate : Number.NaN);
    expect(auc(next)).toBeGreaterThan(auc(old) + 0.05);
    expect(rocAucDifference).toMatchObject({ status: 'ok', estimate: expect.closeTo(auc(next) - auc(old), 12) });
    for (const name of ['accuracy', 'recall', 'specificity'] as const) {
      const result = improvement[name];
      expect(result.status === 'ok' && result.interval[0], name).toBeGreaterThan(0);
    }
    expect(next.calibration.bins.length).toBeGreaterThan(5);
    expect(drift).toMatchObject({ status: 'ok' });
    expect(drift.status === 'ok' && drift.populationStabilityIndex).toBeGreaterThan(0.1);
  });

  it('as what the user reads of their answers', () => {
    const wrapped = (of: Leaf): Leaf => ({ predict: (x) => ({ p: of.predict(x), kind: 'claim' }) });
    type Answer = { p: number };
    const plain = run(scored, { classification: {} }).comparison.classification;
    const read = run(scored, {
      primary: wrapped(primary),
      shadows: { next: wrapped(shadow) },
      classification: { score: ({ p }: Answer) => p, positive: ({ p }: Answer) => p >= 0.5 } as never,
    });
    expect(read.comparison.classification).toEqual(plain);
  });

  it('by metrics of the user, with what may be concluded at every look', () => {
    const cases = scored.map(({ primary: a, shadow: b }) => ({ primary: a, shadow: b, truth: 0.5 }));
    const { metrics } = run(cases, { metrics: [rmse(), accuracy()] }).comparison;
    expect(metrics).toMatchObject([
      { metric: 'rmse', n: 3000, improvement: { status: 'ok', validity: 'anytime' } },
      { metric: 'accuracy', n: 3000, primary: 0, shadow: 0 },
    ]);
  });

  it('in subgroups, with gaps to the rest that are corrected for their number', () => {
    // The shadow is blind in group a: the primary is not.
    const cases = scored.map((one) => (one.group === 'a' ? { ...one, shadow: 0.1 } : one));
    const { subgroups } = run(cases, {
      classification: {},
      subgroup: ({ group = '?' }: Case) => ({ site: group, kind: 'all' }),
    }).comparison;
    expect(subgroups.map(({ attribute, group }) => `${attribute} ${group}`)).toEqual(
      ['site a', 'kind all', 'site b'].sort((x, y) => (x[0]! > y[0]! ? -1 : 1)),
    );
    const blind = subgroups.find(({ group }) => group === 'a')!.gaps.find(({ metric }) => metric === 'recall')!;
    expect(blind.shadow).toBe(0);
    expect(blind.primary).toBeGreaterThan(0.5);
    const { gap, adjustedPValue } = blind;
    if (gap.status !== 'ok') throw new Error(gap.reason);
    expect(gap.interval[1]).toBeLessThan(-0.5);
    expect(gap.level).toBeCloseTo(1 - 0.05 / 12, 12);
    expect(adjustedPValue).toBeGreaterThanOrEqual(gap.pValue);
    expect(subgroups.find(({ group }) => group === 'all')!.gaps).toEqual([]);
  });

  it('as predictors of numbers', () => {
    const cases = Array.from({ length: 2000 }, () => {
      const truth = 10 * normal(rng);
      return { primary: truth + 1 + normal(rng), shadow: truth + 0.5 * normal(rng), truth };
    });
    const { regression } = run(cases, { regression: {}, sampleSize: 500 }).comparison;
    const { primary: old, shadow: next, improvement, wilcoxon, pairedT } = regression!;
    expect(old.meanError).toMatchObject({ status: 'ok', estimate: expect.closeTo(1, 0) });
    for (const test of [wilcoxon, pairedT]) expect(test.status === 'ok' && test.pValue).toBeLessThan(1e-6);
    for (const kind of ['meanAbsoluteError', 'rmse', 'closer'] as const) {
      const result = improvement[kind];
      expect(result.status === 'ok' && result.interval[0], kind).toBeGreaterThan(0);
    }
    expect(next.rSquared).toMatchObject({ n: [500] });
    expect(regression!.n).toBe(2000);
  });
});

describe('what is no difference', () => {
  it('noise of the primary itself is not called one', () => {
    const rng = createRng(5);
    const noisy: Leaf = { predict: () => (rng.next() < 0.2 ? 1 : 0) };
    const options = { primary: noisy, shadows: { next: noisy }, noise: { rate: 0.5 } };
    const { comparison, runner } = run(times(4000, { primary: 0, shadow: 0 }), options);
    const { noise, agreement } = comparison;
    expect(agreement).toBeCloseTo(0.68, 1);
    expect(noise!.compared).toBeGreaterThan(1800);
    if (noise!.beyondNoise.status !== 'ok') throw new Error('inconclusive');
    const [low, high] = noise!.beyondNoise.interval;
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
    expect(runner.compare('next').waiting).toBe(0);
    const same = { primary: 0, shadow: 0 };
    const other = run([...times(3000, same), ...times(1000, { primary: 0, shadow: 1 })], { noise: { rate: 1 } });
    const beyond = other.comparison.noise!.beyondNoise;
    expect(beyond.status === 'ok' && beyond.interval[0]).toBeGreaterThan(0.2);
  });

  it('a strategy is not asked twice', () => {
    const inner = new ShadowRunner<Leaf>({ primary, shadows: { next: shadow }, name: 'inner', seed: 1 });
    expect(() => new ShadowRunner({ primary: inner, shadows: { next: shadow }, noise: { rate: 1 } })).toThrow(
      'noise must be left out where the primary is a strategy',
    );
  });
});

describe('the worst disagreements', () => {
  it('are those, however late they come, and a fair draw where they tie', () => {
    const cases = Array.from({ length: 1000 }, (_, i) => ({ primary: 0, shadow: i }));
    const { worst } = run(cases, { worst: 5 }).comparison;
    expect(worst.map(({ distance, requestId }) => [distance, requestId])).toEqual(
      [999, 998, 997, 996, 995].map((i) => [i, `r${i}`]),
    );
    const tied = run(times(2000, { primary: 0, shadow: 1 }), { worst: 50 }).comparison.worst;
    const places = tied.map(({ requestId }) => Number(requestId!.slice(1)));
    expect(new Set(places).size).toBe(50);
    const mean = places.reduce((sum, place) => sum + place, 0) / 50;
    expect(Math.abs(mean - 1000)).toBeLessThan(4 * Math.sqrt(2000 ** 2 / 12 / 50));
  });
});

describe('labels that come for one side only', () => {
  it('are warned of', () => {
    const cases = Array.from({ length: 1000 }, (_, i) => {
      const positive = i % 2;
      const known = positive === 1 || i % 10 === 0;
      return { primary: positive, shadow: positive, ...(known ? { truth: positive } : {}) };
    });
    const { labelCoverage, warnings } = run(cases, { classification: {} }).comparison;
    expect(labelCoverage).toEqual({ predicted: [500, 500], labelled: [100, 500] });
    expect(warnings.join()).toContain('labels are selective');
  });
});
