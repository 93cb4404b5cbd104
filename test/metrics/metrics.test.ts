import { describe, expect, it } from 'vitest';
import {
  absoluteError,
  accuracy,
  brier,
  closeness,
  correlation,
  defineMetric,
  errorRate,
  f1,
  falseNegativeRate,
  falsePositiveRate,
  latency,
  logLoss,
  type Outcome,
  pinballLoss,
  precision,
  recall,
  rmse,
  serviceTime,
  specificity,
  squaredError,
} from '../../src/metrics/index.ts';
import { measure } from '../../src/metrics/measure.ts';

const outcome = (prediction: unknown, truth: unknown, more: Partial<Outcome> = {}): Outcome => ({
  requestId: 'r',
  variant: 'v',
  unit: undefined,
  input: [1],
  context: undefined,
  status: 'ok',
  prediction,
  error: undefined,
  latencyMs: 7,
  at: 0,
  truth,
  note: undefined,
  ...more,
});

describe('metrics of the truth', () => {
  it.each([
    [absoluteError(), 3, 5, 2],
    [squaredError(), 3, 5, 4],
    [rmse(), 3, 5, -2],
    [closeness({ scale: 4 }), 3, 5, 0.5],
    [closeness({ scale: 1 }), 3, 5, 0],
    [pinballLoss({ tau: 0.9 }), 3, 5, 1.8],
    [accuracy(), 'a', 'a', 1],
    [accuracy(), 'a', 'b', 0],
    [brier(), 0.2, true, 0.64],
    [logLoss(), 0.5, 1, Math.LN2],
    [logLoss({ epsilon: 1e-3 }), 0, 1, -Math.log(1e-3)],
  ])('%o', (metric, prediction, truth, value) => {
    expect(measure(metric, outcome(prediction, truth))).toBeCloseTo(value, 12);
  });

  it('count each cell of the confusion table where they should, and nowhere else', () => {
    const cells = [
      [0.9, 1],
      [0.9, 0],
      [0.1, 1],
      [0.1, 0],
    ] as const;
    const row = (metric: Parameters<typeof measure>[0]) => cells.map(([p, t]) => measure(metric, outcome(p, t)));
    expect(row(precision())).toEqual([1, 0, undefined, undefined]);
    expect(row(recall())).toEqual([1, undefined, 0, undefined]);
    expect(row(specificity())).toEqual([undefined, 0, undefined, 1]);
    expect(row(falsePositiveRate())).toEqual([undefined, 1, undefined, 0]);
    expect(row(falseNegativeRate())).toEqual([0, undefined, 1, undefined]);
    expect(row(f1())).toEqual([
      [2, 2],
      [0, 1],
      [0, 1],
      [0, 0],
    ]);
  });

  it('have no value where the model failed or the truth is not known', () => {
    for (const metric of [absoluteError(), rmse(), accuracy(), precision(), logLoss(), correlation()]) {
      expect(measure(metric, outcome(1, undefined))).toBeUndefined();
      expect(measure(metric, outcome(undefined, 1, { status: 'error' }))).toBeUndefined();
    }
  });

  it('read numbers out of objects', () => {
    const metric = absoluteError({ of: (p: { score: number }) => p.score, truthOf: (t: { label: number }) => t.label });
    expect(measure(metric as never, outcome({ score: 2 }, { label: 5 }))).toBe(3);
  });

  it('apply their cap', () => {
    expect(measure(absoluteError({ cap: 1.5 }), outcome(3, 5))).toBe(1.5);
  });
});

describe('metrics of the service', () => {
  it('know errors, timeouts, invalid answers and cancelled requests apart', () => {
    const row = (metric: Parameters<typeof measure>[0]) =>
      (['ok', 'error', 'timeout', 'invalid', 'cancelled'] as const).map((status) =>
        measure(metric, outcome(1, undefined, { status })),
      );
    expect(row(errorRate())).toEqual([0, 1, 1, 1, undefined]);
    expect(row(latency({ quantile: 0.95 }))).toEqual([7, undefined, 7, 7, undefined]);
    expect(row(serviceTime())).toEqual([7, 7, 7, 7, undefined]);
  });

  it('are named after their quantile', () => {
    expect(latency({ quantile: 0.95 }).name).toBe('latencyP95');
    expect(latency({ quantile: 0.999 }).name).toBe('latencyP99.9');
  });
});

describe('defineMetric', () => {
  const base = { name: 'm', kind: 'mean', direction: 'lower', value: () => 1 } as const;
  it('fills in the defaults and freezes', () => {
    const metric = defineMetric(base);
    expect(metric).toMatchObject({
      role: 'secondary',
      due: 'truth',
      margin: { relative: 0 },
      missing: 'hold',
      weight: 1,
    });
    expect(Object.isFrozen(metric)).toBe(true);
    expect(defineMetric({ ...base, kind: 'rate' }).range).toEqual([0, 1]);
  });
  it.each([
    [{ ...base, name: '' }, 'metric.name must be a non-empty string'],
    [{ ...base, kind: 'median' }, 'm.kind must be one of'],
    [{ ...base, kind: 'quantile' }, 'm.quantile must be strictly between 0 and 1, got undefined'],
    [{ ...base, direction: 'up' }, 'm.direction must be one of "lower", "higher", got "up"'],
    [{ ...base, margin: { relative: -1 } }, 'm.margin.relative must be a finite number at least 0, got -1'],
    [{ ...base, minEffect: { percent: 5 } }, 'm.minEffect must be an object with one of the keys absolute, relative'],
    [{ ...base, limit: { relative: Number.NaN } }, 'm.limit.relative must be a finite number'],
    [{ ...base, range: [1, 1] }, 'm.range[1] must be a finite number greater than 1'],
    [{ ...base, value: 3 }, 'm.value must be a function, got 3'],
    [{ ...base, weigth: 3 }, 'metric.weigth must be left out'],
    [{ ...base, minSamples: 0.5 }, 'm.minSamples must be an integer'],
    [{ ...base, quantile: 0.5 }, 'm.quantile must be left out for other metrics than quantiles'],
    [{ ...base, bins: 5 }, 'm.bins must be left out for other metrics than calibrations'],
    [{ ...base, kind: 'ratio', cap: 3 }, 'm.cap must be left out for other metrics than single numbers'],
    [
      { ...base, kind: 'rmse', covariate: () => 1 },
      'm.covariate must be left out for other metrics than means and rates',
    ],
  ])('refuses %j', (definition, message) => {
    expect(() => defineMetric(definition as never)).toThrow(message);
  });
});

it('a quantile of the data that no pilot can reach is the fault of the quantile', () => {
  expect(() => absoluteError({ cap: { quantile: 0.9999999 } })).toThrow('absoluteError.cap.quantile must be at most');
  expect(absoluteError({ cap: { quantile: 0.9, pilot: 10 } }).cap).toEqual({ quantile: 0.9, pilot: 10 });
});
