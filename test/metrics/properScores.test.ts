import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { InvalidOptionError, ManualClock } from '../../src/core/index.ts';
import { brier, logLoss, type Metric, type NumberMetric, type Outcome } from '../../src/metrics/index.ts';
import { createRng } from '../../src/random/index.ts';

const scoreOf = (
  metric: NumberMetric<unknown, number, number | boolean>,
  prediction: number,
  truth: number | boolean,
) => metric.value({ status: 'ok', prediction, truth } as Outcome<unknown, number, number | boolean>) as number;

describe('the log loss of clipped probabilities', () => {
  it('has a range where it is narrow enough to bet in, and never leaves it', () => {
    for (const epsilon of [0.001, 0.01, 0.2]) {
      const metric = logLoss({ epsilon });
      const [low, high] = metric.range!;
      expect([low, high]).toEqual([0, -Math.log(epsilon)]);
      for (const p of [0, 1e-300, epsilon, 0.5, 1 - epsilon, 1]) {
        for (const truth of [0, 0.3, 1, true, false]) {
          const score = scoreOf(metric, p, truth);
          expect(score).toBeGreaterThanOrEqual(low);
          expect(score).toBeLessThanOrEqual(high + 1e-12);
        }
      }
      // Differences of two models stay within the width, whatever is rounded.
      expect(scoreOf(metric, 0, 1) - scoreOf(metric, 1, 1)).toBeLessThan(high);
    }
    for (const epsilon of [undefined, 1e-15, 0.0009]) {
      expect(logLoss(epsilon === undefined ? {} : { epsilon }).range).toBeUndefined();
    }
    expect(scoreOf(logLoss(), 0, 1)).toBeCloseTo(34.5388, 4);
    for (const epsilon of [0, 0.5, Number.NaN]) expect(() => logLoss({ epsilon })).toThrow(InvalidOptionError);
  });
});

describe('two models that answer the same requests', () => {
  const cases: readonly (readonly [string, Metric, string])[] = [
    ['Brier score', brier({ role: 'goal' }) as Metric, 'betting'],
    ['clipped log loss', logLoss({ role: 'goal', epsilon: 0.01 }) as Metric, 'betting'],
    ['log loss', logLoss({ role: 'goal' }) as Metric, 'paired-difference-sequence'],
  ];

  it.each(cases)('are compared by differences of proper scores: %s', (_, metric, method) => {
    const test = new ABTest({
      ...{ name: 'scores', seed: 1, clock: new ManualClock(0), mode: 'paired', metrics: [metric] },
      champion: { predict: (p: number) => 0.25 + 0.5 * p },
      challenger: { predict: (p: number) => p },
    });
    const rng = createRng('scores');
    const differences: number[] = [];
    for (let i = 0; i < 1500; i += 1) {
      const p = rng.next();
      const truth = rng.next() < p;
      test.record(test.serve(p).requestId, truth);
      const score = (prediction: number) =>
        scoreOf(metric as NumberMetric<unknown, number, number | boolean>, prediction, truth);
      differences.push(score(0.25 + 0.5 * p) - score(p));
    }
    const found = test.statisticalTest(metric.name);
    if (found.status !== 'ok') throw new Error(found.reason);
    expect(found.method).toContain(method);
    expect(found.validity).toBe('anytime');
    expect(found.n).toEqual([1500, 1500]);
    expect(found.estimate).toBeCloseTo(differences.reduce((a, b) => a + b, 0) / 1500, 10);
    expect(found.interval[0]).toBeGreaterThan(0);
    expect(test.decide().decision).toBe('PROMOTE');
  });
});
