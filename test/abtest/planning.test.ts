import { describe, expect, it } from 'vitest';
import { ABTest, detectableEffect } from '../../src/abtest/index.ts';
import { ManualClock } from '../../src/core/index.ts';
import { absoluteError, accuracy, compareFixed, type Metric, MetricSummary } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { expectClose } from '../support/golden.ts';

const sure = <T extends { status: string }>(result: T): Extract<T, { status: 'ok' }> => {
  if (result.status !== 'ok') throw new Error('inconclusive');
  return result as Extract<T, { status: 'ok' }>;
};

describe('ABTest.plan', () => {
  const accuracyOf = { baseline: { rate: 0.9 }, effect: { absolute: 0.01 }, power: 0.8 } as const;

  it('knows that pairing needs a fraction of the requests, looked at once or all the time', () => {
    const split = ABTest.plan({ ...accuracyOf, inference: 'fixed' });
    const paired = ABTest.plan({ ...accuracyOf, inference: 'fixed', mode: 'paired', disagreement: 0.05 });
    // 26,984 and 3,917 by the normal formulas.
    expect(Math.abs(split.requests - 26984)).toBeLessThan(30);
    expect(Math.abs(paired.requests - 3917)).toBeLessThan(10);
    const [watchedSplit, watchedPaired] = [
      ABTest.plan(accuracyOf),
      ABTest.plan({ ...accuracyOf, mode: 'paired', disagreement: 0.05 }),
    ];
    expect(watchedSplit.requests / watchedPaired.requests).toBeGreaterThan(5);
    expect(watchedSplit.medianRequests!).toBeLessThan(watchedSplit.requests);
  });

  it('counts days, uneven shares and what a covariate explains', () => {
    const even = ABTest.plan({ ...accuracyOf, inference: 'fixed', requestsPerDay: 1000 });
    const uneven = ABTest.plan({ ...accuracyOf, inference: 'fixed', trafficShare: 0.1 });
    const adjusted = ABTest.plan({ ...accuracyOf, inference: 'fixed', explained: 0.5 });
    expectClose(even.days!, even.requests / 1000);
    expect(uneven.requests).toBeGreaterThan(2.5 * even.requests);
    expect(uneven.perVariant[0]).toBeGreaterThan(8.9 * uneven.perVariant[1]);
    expect(Math.abs(adjusted.requests / even.requests - 0.5)).toBeLessThan(0.01);
  });

  it('agrees with the smallest effect that it would find', () => {
    const { requests } = ABTest.plan({ baseline: { mean: 10, sd: 3 }, effect: { relative: 0.02 }, inference: 'fixed' });
    expectClose(detectableEffect({ baseline: { mean: 10, sd: 3 }, requests }), 0.2, 0.01);
  });

  it.each([
    [{ ...accuracyOf, effect: { absolute: 0 } }, 'effect'],
    [{ ...accuracyOf, effect: { absolute: 0.2 } }, 'effect'],
    [{ ...accuracyOf, mode: 'paired' as const }, 'disagreement'],
    [{ ...accuracyOf, mode: 'paired' as const, disagreement: 0.001 }, 'disagreement'],
    [{ ...accuracyOf, trafficShare: 0 }, 'trafficShare'],
    [{ ...accuracyOf, sides: 2 }, 'plan.sides'],
  ])('refuses %o', (options, option) => {
    expect(() => ABTest.plan(options)).toThrow(option);
  });
});

describe('ABTest.fromSummary', () => {
  it('says what the observations themselves would say', () => {
    const rng = createRng(2);
    const metric = absoluteError() as Metric;
    const sides = [1e3, 1e3 - 0.2].map((mean) => {
      const summary = new MetricSummary(metric);
      const row = { n: 0, sum: 0, sumSquares: 0 };
      for (let i = 0; i < 400; i += 1) {
        const x = mean + normal(rng);
        summary.push(x);
        row.n += 1;
        row.sum += x;
        row.sumSquares += x * x;
      }
      return { summary, row };
    });
    const [a, b] = sides as [(typeof sides)[0], (typeof sides)[0]];
    const direct = sure(compareFixed([{ reference: a.summary, candidate: b.summary }]));
    const found = sure(
      ABTest.fromSummary({ champion: a.row, challenger: b.row, direction: 'lower', inference: 'fixed' }),
    );
    expectClose(found.pValue, direct.pValue, 1e-6);
    expectClose(found.estimate, direct.estimate, 1e-8);
    expectClose(found.relative!.estimate, direct.relative!.estimate, 1e-8);
  });

  it('detects 30 errors of 1000 beside none', () => {
    const found = sure(
      ABTest.fromSummary({ champion: { n: 1000, sum: 0 }, challenger: { n: 1000, sum: 30 }, direction: 'lower' }),
    );
    expect(found.pValue).toBeLessThan(1e-5);
    expect(found.interval[1]).toBeLessThan(0);
    expect(found).toMatchObject({ reference: { n: 1000, value: 0 }, candidate: { value: 0.03 } });
  });

  it.each([
    [{ n: -1, sum: 0 }, 'champion.n'],
    [{ n: 10, sum: 11 }, 'champion.sum'],
    [{ n: 10, sum: Number.NaN }, 'champion.sum'],
    [{ n: 10, sum: 10, sumSquares: 1 }, 'champion.sumSquares'],
  ])('refuses %o', (champion, where) => {
    const other = 'sumSquares' in champion ? { n: 10, sum: 10, sumSquares: 11 } : { n: 10, sum: 1 };
    expect(() => ABTest.fromSummary({ champion, challenger: other })).toThrow(where);
  });
});

describe('ABTest.simulate', () => {
  const champion = { predict: (x: number) => x };
  const challenger = { predict: (x: number) => 0.5 * x };
  const world = (rng: { next(): number }) => ({ input: normal(rng as never), truth: 0 });

  it('shows what the rule does to equal and to better models', () => {
    const options = { champion, challenger, metrics: [absoluteError({ role: 'goal' })], horizon: 1000 };
    const { aa, ab, power, falsePositiveRate } = ABTest.simulate({
      test: options,
      world,
      requests: 1000,
      runs: 30,
      every: 100,
    });
    expect(falsePositiveRate).toBeLessThanOrEqual(0.1);
    expect(aa.runs).toBe(30);
    expect(power).toBe(1);
    expect(ab.meanRequests).toBeLessThan(600);
    expect(ab.medianRequests).toBeGreaterThanOrEqual(200);
    const again = ABTest.simulate({ test: options, world, requests: 1000, runs: 30, every: 100 });
    expect(again.aa).toEqual(aa);
  });

  it('refuses what it cannot run', () => {
    const test = { champion, challenger };
    expect(() => ABTest.simulate({ test, world: 3 as never, requests: 10 })).toThrow('world');
    expect(() => ABTest.simulate({ test, world, requests: 0 })).toThrow('requests');
  });
});

describe('the report of a test', () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 5));
  const right = { predict: (x: number) => x % 2 === 0 };
  const wrong = { predict: (x: number) => x % 4 === 0 };
  const build = (more: object = {}) => {
    const test = new ABTest({
      name: 'parity',
      champion: wrong,
      challenger: right,
      seed: 7,
      clock,
      metrics: [accuracy({ role: 'goal' })],
      ...more,
    });
    for (let i = 0; i < 1200; i += 1) test.record(test.serve(i, { unit: i }).requestId, i % 2 === 0);
    return test;
  };

  it('reads as text of 80 columns', () => {
    const text = build().toText();
    expect(text).toContain('A/B test parity: PROMOTE challenger');
    expect(text).toContain('+ goal (challenger): accuracy: better');
    for (const line of text.split('\n').filter((row) => /^[a-z-]+ {2}/i.test(row)))
      expect(line.length).toBeLessThanOrEqual(80);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
  });

  it('reads as Markdown, and goes through JSON', () => {
    const test = build({ mode: 'paired' });
    const markdown = test.toMarkdown();
    expect(markdown.startsWith('# A/B test parity: PROMOTE challenger')).toBe(true);
    expect(markdown).toContain('| variant');
    expect(markdown).toContain('## Disagreement');
    expect(JSON.parse(JSON.stringify(test.summary()))).toMatchObject({
      name: 'parity',
      decision: { decision: 'PROMOTE' },
    });
  });

  it('says little, and nothing false, of an empty test', () => {
    const test = new ABTest({ champion: right, challenger: wrong, clock, metrics: [accuracy({ role: 'goal' })] });
    expect(test.toText()).not.toMatch(/undefined|NaN/);
    expect(test.toText()).toContain('CONTINUE');
  });
});

describe('a belief', () => {
  it('says how likely the challenger is better, and what it may lose', () => {
    const clock = new ManualClock(0);
    const test = new ABTest({
      champion: { predict: () => 0.3 },
      challenger: { predict: () => 0 },
      seed: 7,
      clock,
      inference: 'bayesian',
      metrics: [absoluteError({ role: 'goal' })],
    });
    const rng = createRng(4);
    for (let i = 0; i < 2000; i += 1) test.record(test.serve(0).requestId, normal(rng));
    const found = sure(test.statisticalTest('absoluteError'));
    expect(found.method).toBe('normal-posterior');
    const welch = sure(test.statisticalTest('absoluteError', { method: 'welch' }));
    // The prior draws towards 0.
    expect(Math.abs(found.estimate)).toBeLessThan(Math.abs(welch.estimate));
    expect(found.chanceToWin).toBeGreaterThan(0.5);
    expect(found.expectedLoss).toBeGreaterThanOrEqual(0);
    expect(found.expectedLoss).toBeLessThan(0.02);
    expect(found.statistic).toBeUndefined();
  });
});
