import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { InvalidOptionError, ManualClock, type Request } from '../../src/core/index.ts';
import { accuracy, brier, defineMetric, latency, precision, recall, rmse } from '../../src/metrics/index.ts';
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

function run(more: object, requests = 40_000, seed = 'fraud', chance = (risk: number): number => risk) {
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
    const fraud = rng.next() < chance(risk);
    const { requestId, prediction } = test.serve(risk, { unit: i });
    const seen = !prediction || rng.next() < LET_THROUGH;
    if (seen) test.record(requestId, fraud);
    else if ('outcomeModel' in ((more as { labels?: object }).labels ?? {})) test.record(requestId, undefined);
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

describe('truths that are modelled beside their propensities', () => {
  const modelOf = (chance: (risk: number) => number) => ({
    outcomeModel: ({ input }: { readonly input: unknown }) => {
      const p = chance(input as number);
      return [
        { truth: true, probability: p },
        { truth: false, probability: 1 - p },
      ];
    },
  });
  const right = modelOf((risk) => risk);

  it('are right where either is, and vary less where the model is', () => {
    // Risks tell nearly all: champion and challenger are wrong between 0.5 and 0.6, and between 0.6 and 0.8.
    const noise = 0.02;
    const chance = (risk: number): number => (risk < 0.6 ? noise : 1 - noise);
    const truth = -0.1 * (1 - 2 * noise);
    const [good, bad] = [modelOf(chance), modelOf((risk) => 1 - chance(risk))];
    const propensity = ({ prediction }: { prediction: unknown }): number => (prediction === true ? 0.4 : 0.9);
    const mistaken = { ...labels, propensity };
    const runs = 40;
    const estimatesOf = (of: object): readonly number[] =>
      Array.from({ length: runs }, (_, i) => {
        const found = run({ labels: of }, 400, `either-${i}`, chance).statisticalTest('accuracy', { method: 'welch' });
        return found.status === 'ok' ? found.estimate : Number.NaN;
      });
    const spread = (xs: readonly number[]): readonly [mean: number, variance: number] => {
      const mean = xs.reduce((a, b) => a + b, 0) / xs.length;
      return [mean, xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (xs.length - 1)];
    };
    const deviation = (xs: readonly number[]): number => {
      const [mean, variance] = spread(xs);
      return Math.abs(mean - truth) / Math.sqrt(variance / runs);
    };
    const weighted = estimatesOf(labels);
    const both = estimatesOf({ ...labels, ...good });
    const fair = [weighted, both, estimatesOf({ ...labels, ...bad }), estimatesOf({ ...mistaken, ...good })];
    // Four standard errors of a mean of so many runs.
    for (const estimates of fair) expect(deviation(estimates)).toBeLessThan(4);
    for (const neither of [mistaken, { ...mistaken, ...bad }]) {
      expect(deviation(estimatesOf(neither))).toBeGreaterThan(4);
    }
    // The logarithm of a ratio of two variances: its standard error is 2 / sqrt(runs - 1) at most.
    const gain = Math.log(spread(weighted)[1] / spread(both)[1]);
    expect(gain).toBeGreaterThan(3 * (2 / Math.sqrt(runs - 1)));
  });

  it('are modelled for both models on the same request', () => {
    const test = run({ labels: { ...labels, ...right }, mode: 'paired' }, 3000);
    const found = test.statisticalTest('accuracy');
    if (found.status !== 'ok') throw new Error(found.reason);
    expect(found.n[0]).toBe(3000);
    const truth = accuracyOf(EASY) - accuracyOf(CAREFUL);
    expect(found.interval[0]).toBeLessThan(truth);
    expect(found.interval[1]).toBeGreaterThan(truth);
    expect(found.validity).toBe('anytime');
  });

  it('count requests whose truth was not seen once the window is over, in the order of serving', () => {
    const clock = new ManualClock(0);
    const options = {
      ...{ name: 'window', seed: 1, clock, champion: blocker(0.5), challenger: blocker(0.8) },
      ...{ metrics: [accuracy({ role: 'goal' })], labels: { ...labels, ...right }, truth: { windowMs: 1000 } },
    } as const;
    const test = new ABTest(options);
    const n = (): number => test.statisticalTest('accuracy').n.reduce((a, b) => a + b, 0);
    const blocked = test.serve(0.9, { unit: 1 });
    const passed = test.serve(0.1, { unit: 2 });
    test.record(passed.requestId, false);
    expect(blocked.prediction).toBe(true);
    expect(n()).toBe(0);
    expect(test.record(passed.requestId, false)).toBe('duplicate');
    const twin = ABTest.restore(test.snapshot(), options);
    clock.advance(1001);
    for (const one of [test, twin]) one.serve(0.2, { unit: 3 });
    expect(JSON.stringify(twin.snapshot()) === JSON.stringify(test.snapshot())).toBe(true);
    expect(n()).toBe(2);
    // What is expected of the first is its risk; the second was right for certain.
    const values = test
      .summary()
      .variants.flatMap(({ metrics }) => metrics.filter(({ metric }) => metric === 'accuracy'));
    expect(values.reduce((sum, { value = 0, n: own }) => sum + own * value, 0)).toBeCloseTo(0.9 + 1, 12);
    expect(test.summary().labels.healthy).toBe(true);
  });

  it('do not take a request that was let go for its place as one without a truth', () => {
    const test = new ABTest({
      ...{ name: 'full', seed: 1, clock: new ManualClock(0), champion: blocker(0.5), challenger: blocker(0.8) },
      ...{ metrics: [accuracy({ role: 'goal' })], labels: { ...labels, ...right }, truth: { capacity: 1 } },
    });
    for (let i = 0; i < 5; i += 1) test.serve(0.9, { unit: i });
    expect(test.statisticalTest('accuracy').n).toEqual([0, 0]);
  });

  it('augment whatever the metric counts: a ratio of expected sums', () => {
    const clock = new ManualClock(0);
    const test = new ABTest({
      ...{ name: 'recall', seed: 1, clock, champion: blocker(0.5), challenger: blocker(0.8) },
      ...{ metrics: [recall({ role: 'goal' })], labels: { ...labels, ...right } },
    });
    const risks = [0.9, 0.9, 0.3, 0.6, 0.1];
    for (const [i, risk] of risks.entries()) test.record(test.serve(risk, { unit: i }).requestId, undefined);
    for (const { metrics, variant } of test.summary().variants) {
      const limit = variant === 'champion' ? 0.5 : 0.8;
      const mine = risks.filter((_, i) => (test.assign(i) as { readonly variant?: string }).variant === variant);
      const sum = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0);
      expect(metrics[0]!.value).toBeCloseTo(sum(mine.filter((r) => r > limit)) / sum(mine), 12);
    }
  });

  it('leave out and report probabilities that are none, and truths that are no numbers', () => {
    const bad: readonly unknown[] = [
      [],
      null,
      [{ truth: true, probability: 0.5 }],
      [
        { truth: true, probability: 1.5 },
        { truth: false, probability: -0.5 },
      ],
      [{ probability: 1 }],
      [{ truth: true, probability: Number.NaN }],
    ];
    for (const found of bad) {
      const test = run({ labels: { ...labels, outcomeModel: () => found } }, 60);
      expect(test.statisticalTest('accuracy').n).toEqual([0, 0]);
      expect(test.history.some((event) => event.type === 'contained-error')).toBe(true);
    }
    const sure = modelOf(() => 1).outcomeModel;
    const odd = run({ labels: { ...labels, outcomeModel: sure }, metrics: [brier({ truthOf: () => Number.NaN })] }, 60);
    expect(odd.statisticalTest('brier').n).toEqual([0, 0]);
    expect(odd.summary().variants[0]!.metrics[0]!.invalid).toBeGreaterThan(0);
  });

  it('are refused where what was labelled quickly would count first', () => {
    expect(() => run({ labels: { ...labels, ...right }, analyse: 'labelled' }, 0)).toThrow(InvalidOptionError);
    expect(() => run({ labels: { ...labels, outcomeModel: 1 } }, 0)).toThrow(InvalidOptionError);
    expect(() => run({ labels: { ...labels, ...right }, analyse: 'matured' }, 0)).not.toThrow();
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
