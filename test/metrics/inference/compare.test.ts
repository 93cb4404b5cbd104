import { describe, expect, it } from 'vitest';
import {
  absoluteError,
  accuracy,
  compareAnytime,
  compareFixed,
  compareRanks,
  defineMetric,
  errorRate,
  latency,
  type Metric,
  MetricSummary,
  rmse,
} from '../../../src/metrics/index.ts';
import { createRng, normal } from '../../../src/random/index.ts';
import { asymptoticDifferenceSequence } from '../../../src/stats/sequential/index.ts';
import { welchTest } from '../../../src/stats/tests/index.ts';
import { expectClose } from '../../support/golden.ts';

function summaryOf(metric: Metric, values: Iterable<number>): MetricSummary {
  const summary = new MetricSummary(metric, { sampleSize: 5000, rng: createRng(1) });
  for (const value of values) summary.push(value);
  return summary;
}
const rng = createRng(11);
const draws = (n: number, mean: number, sd = 1): number[] => Array.from({ length: n }, () => mean + sd * normal(rng));
const sure = <T extends { status: string }>(result: T): Extract<T, { status: 'ok' }> => {
  if (result.status !== 'ok') throw new Error('inconclusive');
  return result as Extract<T, { status: 'ok' }>;
};

describe('a comparison', () => {
  const lower = absoluteError() as Metric;
  const higher = defineMetric({ name: 'sales', kind: 'mean', direction: 'higher', value: () => 1 }) as Metric;
  const [a, b] = [draws(600, 5), draws(500, 4.5)];

  it('is positive where the candidate is better, whichever way the metric goes', () => {
    for (const compare of [compareAnytime, compareFixed, compareRanks]) {
      const down = sure(compare([{ reference: summaryOf(lower, a), candidate: summaryOf(lower, b) }]));
      const up = sure(compare([{ reference: summaryOf(higher, b), candidate: summaryOf(higher, a) }]));
      expect(down.estimate).toBeGreaterThan(0);
      expect(up.estimate).toBeGreaterThan(0);
      expect([down.n, up.n]).toEqual([
        [600, 500],
        [500, 600],
      ]);
      expect(down.relative!.estimate).toBeGreaterThan(0.05);
      expect(up.relative!.interval[0]).toBeGreaterThan(0);
    }
  });

  it('says what the statistics beneath say', () => {
    const [reference, candidate] = [summaryOf(lower, a), summaryOf(lower, b)];
    const stratum = [{ reference, candidate }];
    const anytime = sure(compareAnytime(stratum, { horizon: 2000, burnIn: 50 }));
    const sequence = sure(
      asymptoticDifferenceSequence(reference.moments, candidate.moments, { horizon: 2000, burnIn: 50 }),
    );
    expectClose(anytime.pValue, sequence.pValue, 1e-12);
    expectClose(anytime.interval[0], sequence.interval[0], 1e-12);
    expect(sure(compareFixed(stratum)).pValue).toBe(sure(welchTest(reference.moments, candidate.moments)).pValue);
    expect(compareFixed(stratum, { method: 'student' })).toMatchObject({ method: 'student-t' });
  });

  it('tests relative thresholds by scaling the reference, and reports the improvement itself', () => {
    const [reference, candidate] = [summaryOf(lower, a), summaryOf(lower, b)];
    const stratum = [{ reference, candidate }];
    const plain = sure(compareFixed(stratum));
    const margin = sure(compareFixed(stratum, { threshold: { relative: -0.1 }, alternative: 'greater' }));
    const scaled = a.map((x) => 1.1 * x);
    const direct = sure(welchTest(summaryOf(lower, scaled).moments, candidate.moments, { alternative: 'greater' }));
    expectClose(margin.pValue, direct.pValue, 1e-9);
    expect(margin.estimate).toBe(plain.estimate);
    const absolute = sure(compareFixed(stratum, { threshold: { absolute: 0.4 } }));
    expect(absolute.pValue).toBeGreaterThan(plain.pValue);
  });

  it('is inconclusive where there is too little, and never NaN', () => {
    const empty = [{ reference: new MetricSummary(lower), candidate: new MetricSummary(lower) }];
    for (const compare of [compareAnytime, compareFixed, compareRanks]) {
      const result = compare(empty);
      expect(result).toMatchObject({
        status: 'inconclusive',
        relative: undefined,
        reference: { n: 0, value: undefined },
      });
    }
    expect(() => compareFixed([])).toThrow('strata must be at least one stratum');
    expect(() => compareRanks(empty, { threshold: { absolute: 1 } })).toThrow('threshold');
  });

  it('warns of what was left out', () => {
    const reference = summaryOf(lower, [...a, Number.NaN]);
    const result = compareFixed([{ reference, candidate: summaryOf(lower, b) }]);
    expect(result.warnings).toEqual(['1 values were NaN or infinite and are left out']);
  });
});

describe('a comparison of rates', () => {
  const count = (metric: Metric, hits: number, n: number): MetricSummary =>
    summaryOf(
      metric,
      Array.from({ length: n }, (_, i) => Number(i < hits)),
    );
  const errors = errorRate() as Metric;

  it('sees 30 errors of 1000 beside none, at every look', () => {
    const result = sure(
      compareAnytime([{ reference: count(errors, 0, 1000), candidate: count(errors, 30, 1000), share: 0.5 }]),
    );
    expect(result.method).toBe('rate-mixture-sequence');
    expect(result.pValue).toBeLessThan(1e-5);
    expect(result.interval[0]).toBeLessThan(-0.03);
    expect(result.interval[1]).toBeLessThan(0);
    expect(result.estimate).toBeCloseTo(-0.03, 12);
  });

  it('sees them before the burn-in is over, with an open interval', () => {
    const result = sure(
      compareAnytime([{ reference: count(errors, 0, 40), candidate: count(errors, 20, 40), share: 0.5 }]),
    );
    expect(result.pValue).toBeLessThan(0.001);
    expect(result.interval).toEqual([-1, 1]);
  });

  it('counts the failures where nearly everything succeeds', () => {
    const metric = accuracy() as Metric;
    const result = sure(
      compareAnytime([{ reference: count(metric, 970, 1000), candidate: count(metric, 1000, 1000) }]),
    );
    expect(result.estimate).toBeCloseTo(0.03, 12);
    expect(result.pValue).toBeLessThan(1e-4);
    const worse = sure(
      compareAnytime([{ reference: count(metric, 1000, 1000), candidate: count(metric, 970, 1000) }], {
        alternative: 'greater',
      }),
    );
    expect(worse.pValue).toBeGreaterThan(0.9);
  });

  it('proves no worse than an absolute margin where nobody fails', () => {
    const pair = [{ reference: count(errors, 0, 3000), candidate: count(errors, 0, 3000) }];
    const result = sure(compareAnytime(pair, { threshold: { absolute: -0.01 }, alternative: 'greater' }));
    expect(result.pValue).toBeLessThan(0.05);
  });
});

describe('metrics that are no means', () => {
  it('have standard errors of the right size', () => {
    // Over 300 pairs of equal samples the standardised differences must have a spread of one.
    const kinds: [Metric, (x: number) => number][] = [
      [rmse() as Metric, (x) => x],
      [latency({ quantile: 0.9 }) as Metric, (x) => Math.exp(x)],
    ];
    for (const [metric, shape] of kinds) {
      let squares = 0;
      for (let i = 0; i < 300; i += 1) {
        const side = (): MetricSummary => summaryOf(metric, draws(400, 0).map(shape));
        const { statistic } = sure(compareFixed([{ reference: side(), candidate: side() }]));
        squares += statistic! ** 2;
      }
      // The mean of 300 squared deviates has a standard deviation of about sqrt(2 / 300) = 0.08.
      expect(Math.abs(squares / 300 - 1), metric.name).toBeLessThan(0.35);
    }
  });

  it('compare correlations and ratios in their own unit', () => {
    const metric = defineMetric({
      name: 'cost',
      kind: 'ratio',
      direction: 'lower',
      value: () => [1, 1] as const,
    }) as Metric;
    const side = (price: number): MetricSummary => {
      const summary = new MetricSummary(metric);
      for (const x of draws(500, 10)) summary.push([price * x + normal(rng), x]);
      return summary;
    };
    const result = sure(compareAnytime([{ reference: side(2), candidate: side(1) }]));
    expect(result.estimate).toBeCloseTo(1, 1);
    expect(result.relative!.estimate).toBeCloseTo(0.5, 1);
  });

  it('use a covariate where there is one', () => {
    const metric = { ...absoluteError(), covariate: () => 0 } as Metric;
    const side = (shift: number): MetricSummary => {
      const summary = new MetricSummary(metric);
      for (const x of draws(400, 10, 5)) summary.push(x + shift + normal(rng), x);
      return summary;
    };
    const result = sure(compareFixed([{ reference: side(0.5), candidate: side(0) }]));
    expect(result.standardError).toBeLessThan(0.1);
    expect(result.estimate).toBeCloseTo(0.5, 0);
  });

  it('compare quantiles, not adjusted means, whatever a metric claims of a covariate', () => {
    const metric = { ...latency({ quantile: 0.95 }), covariate: () => 0 } as Metric;
    const side = (tail: number): MetricSummary => {
      const summary = new MetricSummary(metric);
      // A tenth of the values is the tail: the means differ by a tenth of what the quantiles do.
      for (let i = 0; i < 400; i += 1) summary.push((i % 10 === 0 ? tail : 1) + normal(rng) / 100, normal(rng));
      return summary;
    };
    const result = sure(compareFixed([{ reference: side(20), candidate: side(10) }]));
    expect(result.estimate).toBeCloseTo(10, 0);
  });
});
