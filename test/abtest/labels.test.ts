import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { InvalidOptionError, ManualClock, type Request } from '../../src/core/index.ts';
import { accuracy, brier, defineMetric, latency, precision, rmse } from '../../src/metrics/index.ts';
import { createRng } from '../../src/random/index.ts';

/** Blocks a payment whose risk is above a limit. Fraud is as likely as its risk. */
const blocker = (limit: number) => ({ predict: (risk: number) => risk > limit });
const [CAREFUL, EASY] = [0.5, 0.8];
/** Right where it blocks fraud, or lets honest payments through: over uniform risks. */
const accuracyOf = (limit: number): number => limit - limit ** 2 / 2 + (1 - limit ** 2) / 2;
/** One blocked payment in ten is let through to learn from. */
const LET_THROUGH = 0.1;

const labels = {
  propensity: ({ prediction }: { readonly prediction: unknown }) => (prediction === true ? LET_THROUGH : 1),
  floor: LET_THROUGH,
};

function run(more: object, requests = 40_000, seed = 'fraud') {
  const test = new ABTest({
    name: 'fraud',
    seed: 7,
    clock: new ManualClock(0),
    champion: blocker(CAREFUL),
    challenger: blocker(EASY),
    metrics: [accuracy({ role: 'goal' })],
    ...more,
  });
  const rng = createRng(seed);
  for (let i = 0; i < requests; i += 1) {
    const risk = rng.next();
    const fraud = rng.next() < risk;
    const { requestId, prediction } = test.serve(risk, { unit: i });
    const seen = !prediction || rng.next() < LET_THROUGH;
    if (seen) test.record(requestId, fraud);
  }
  return test;
}

describe('truths that the answer decides about', () => {
  const truth = accuracyOf(EASY) - accuracyOf(CAREFUL);

  it('mislead a test that takes them as they come, and do not where each stands for 1 / propensity requests', () => {
    const naive = run({});
    const fair = run({ labels });
    const [wrong, right] = [naive.statisticalTest('accuracy'), fair.statisticalTest('accuracy')];
    if (wrong.status !== 'ok' || right.status !== 'ok') throw new Error('inconclusive');
    expect(truth).toBeCloseTo(-0.09, 12);
    expect(Math.abs(wrong.estimate - truth)).toBeGreaterThan(5 * (wrong.standardError ?? Number.NaN));
    expect(Math.abs(right.estimate - truth)).toBeLessThan(3 * (right.standardError ?? Number.NaN));
    expect(right.reference.value).toBeCloseTo(accuracyOf(CAREFUL), 1);
    // What is missing is missing for a reason: no alarm. Taken as it comes it is one.
    expect(fair.summary().labels.healthy).toBe(true);
    expect(fair.decide().decision).toBe('REJECT');
    expect(naive.decide().decision).toBe('INVALID');
  });

  it('have standard errors of the right size, split and paired', () => {
    for (const mode of ['split', 'paired'] as const) {
      const scores = Array.from({ length: 60 }, (_, i) => {
        const found = run({ labels, mode, inference: 'fixed' }, 2000, `${mode}-${i}`).statisticalTest('accuracy');
        return found.status === 'ok' ? (found.estimate - truth) / (found.standardError ?? Number.NaN) : Number.NaN;
      });
      const mean = scores.reduce((sum, z) => sum + z, 0) / scores.length;
      const sd = Math.sqrt(scores.reduce((sum, z) => sum + (z - mean) ** 2, 0) / (scores.length - 1));
      // Three standard errors of the mean and of the deviation of 60 standard normal scores.
      expect(Math.abs(mean), mode).toBeLessThan(3 / Math.sqrt(60));
      expect(Math.abs(sd - 1), mode).toBeLessThan(3 / Math.sqrt(2 * 59));
    }
  });

  it('are left out and reported where their propensity is none', () => {
    for (const chance of [0, 0.05, 1.2, Number.NaN, '1', undefined]) {
      const test = run({ labels: { propensity: () => chance, floor: 0.1 } }, 300);
      expect(test.statisticalTest('accuracy').n).toEqual([0, 0]);
      expect(test.history.some((event) => event.type === 'contained-error')).toBe(true);
    }
  });

  it('are refused for metrics that are no ratios of sums', () => {
    expect(() => run({ labels, metrics: [rmse()] }, 0)).toThrow(InvalidOptionError);
    expect(() => run({ labels, metrics: [brier({ covariate: () => 1 })] }, 0)).toThrow(InvalidOptionError);
    for (const wrong of [null, {}, { propensity: 1, floor: 0.1 }, { ...labels, floor: 0 }, { ...labels, flor: 1 }]) {
      expect(() => run({ labels: wrong }, 0)).toThrow(InvalidOptionError);
    }
    const served = defineMetric({ name: 'age', kind: 'rmse', direction: 'lower', due: 'serve', value: () => 1 });
    const test = run({ labels, metrics: [precision(), served, latency({ quantile: 0.95 })] }, 100);
    expect(test.summary().variants[0]!.metrics.map(({ metric }) => metric)).toContain('age');
  });

  it('go on from a snapshot bit for bit', () => {
    const test = run({ labels }, 500);
    const options = {
      name: 'fraud',
      clock: new ManualClock(0),
      champion: blocker(CAREFUL),
      challenger: blocker(EASY),
      metrics: [accuracy({ role: 'goal' })],
      labels,
    } as const;
    const twin = ABTest.restore(test.snapshot(), options);
    const request: Request = { unit: 'x', truth: false };
    for (const one of [test, twin]) one.serve(0.9, request);
    expect(JSON.stringify(twin.snapshot()) === JSON.stringify(test.snapshot())).toBe(true);
  });
});

describe('models that learn while they are tested', () => {
  it('are warned of, in every form of the summary', () => {
    const test = run(
      {
        champion: { model: blocker(CAREFUL), learnsFrom: 'all' },
        challenger: { model: blocker(EASY), trafficShare: 0.1, learnsFrom: 'own' },
      },
      20,
    );
    const { warnings } = test.summary();
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toContain('challenger learns from its own 10');
    for (const text of [test.toText(), test.toMarkdown()]) expect(text).toContain(warnings[0]!);
    expect(run({}, 20).summary().warnings).toEqual([]);
    expect(() => run({ challenger: { model: blocker(EASY), learnsFrom: 'everything' } }, 0)).toThrow(
      InvalidOptionError,
    );
  });
});
