import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/index.ts';
import {
  correlation,
  defineMetric,
  errorRate,
  f1,
  latency,
  type Metric,
  r2,
  rmse,
  rocAuc,
} from '../../src/metrics/index.ts';
import { MetricSummary } from '../../src/metrics/MetricSummary.ts';
import type { Measured } from '../../src/metrics/measure.ts';
import { PairedValues } from '../../src/metrics/PairedValues.ts';
import { createRng } from '../../src/random/index.ts';

const mean = defineMetric({ name: 'm', kind: 'mean', direction: 'lower', value: () => 0 });
const pairs: Measured[] = [
  [0.1, 0],
  [0.4, 1],
  [0.35, 0],
  [0.8, 1],
  [0.4, 0],
];
const cases: [string, Metric, Measured[], number][] = [
  ['mean', mean, [1, 2, 6], 3],
  ['rate', errorRate(), [0, 1, 0, 0], 0.25],
  ['rmse', rmse() as Metric, [3, -4], Math.sqrt(12.5)],
  ['quantile', latency({ quantile: 0.5 }), [5, 1, 9], 5],
  [
    'ratio',
    f1() as Metric,
    [
      [2, 2],
      [0, 1],
      [2, 3],
    ],
    4 / 6,
  ],
  [
    'pearson',
    correlation() as Metric,
    [
      [1, 2],
      [2, 4],
      [3, 7],
    ],
    0.9933992677987828,
  ],
  [
    'r2',
    r2() as Metric,
    [
      [1, 1],
      [2, 3],
      [4, 5],
    ],
    1 - 2 / 8,
  ],
  ['auc', rocAuc() as Metric, pairs, 5.5 / 6],
];
const fill = (metric: Metric, values: Measured[], label = 'a'): MetricSummary => {
  const summary = new MetricSummary(metric, { sampleSize: 50, rng: createRng(1).fork(label) });
  for (const value of values) summary.push(value);
  return summary;
};

describe('MetricSummary', () => {
  it.each(cases)('knows the value of a %s', (_name, metric, values, expected) => {
    expect(fill(metric, values).value).toBeCloseTo(expected, 12);
    expect(fill(metric, values).n).toBe(values.length);
  });

  it.each(cases)('merges and goes through JSON: %s', (_name, metric, values, expected) => {
    const merged = fill(metric, values.slice(0, 1));
    merged.merge(fill(metric, values.slice(1), 'b'));
    expect(merged.value).toBeCloseTo(expected, 12);
    const twin = MetricSummary.fromJSON(metric, JSON.parse(JSON.stringify(merged)) as Json);
    expect(twin.value).toBe(merged.value);
    twin.push(values[0]!);
    merged.push(values[0]!);
    expect(JSON.stringify(twin)).toBe(JSON.stringify(merged));
  });

  it('counts what is invalid and says nothing where there is nothing', () => {
    const summary = fill(mean, [Number.NaN, Number.POSITIVE_INFINITY]);
    expect([summary.n, summary.invalid, summary.value]).toEqual([0, 2, undefined]);
    const pair = fill(correlation() as Metric, [[Number.NaN, 1]]);
    expect([pair.n, pair.invalid, pair.value]).toEqual([0, 1, undefined]);
  });

  it('keeps values for rank tests, and covariates for variance reduction', () => {
    const metric = defineMetric({ name: 'm', kind: 'mean', direction: 'lower', value: () => 0, covariate: () => 1 });
    const summary = fill(metric, [3, 1]);
    summary.push(2, 20);
    expect([...summary.sample].sort()).toEqual([1, 2, 3]);
    expect(summary.adjusted?.n).toBe(1);
  });

  it('refuses the state of another kind', () => {
    expect(() => MetricSummary.fromJSON(mean, fill(rmse() as Metric, [1]).toJSON())).toThrow('of kind rmse, not mean');
  });
});

it('a count of repeated requests that is none is refused, or every variance would be as if nobody came again', () => {
  const saved = new MetricSummary(mean).toJSON() as Record<string, Json>;
  for (const repeats of ['5', -1, null]) {
    expect(() => MetricSummary.fromJSON(mean, { ...saved, repeats })).toThrow('units that come again');
    const pairs = new PairedValues(mean).toJSON() as Record<string, Json>;
    expect(() => PairedValues.fromJSON(mean, { ...pairs, repeats })).toThrow('units that come again');
  }
});
