import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ABTest, notebookRule } from '../../src/abtest/index.ts';
import { type AnyStrategy, ManualClock, type Snapshot } from '../../src/core/index.ts';
import { absoluteError, accuracy, defineMetric, errorRate, latency } from '../../src/metrics/index.ts';
import { createRng, normal, recordedRng } from '../../src/random/index.ts';
import { strategyContract } from '../contracts/strategy.contract.ts';
import { expectClose, readGolden } from '../support/golden.ts';

const metrics = [absoluteError({ role: 'goal' }), latency({ quantile: 0.95 })];
strategyContract({
  name: 'ABTest',
  create: ([champion, challenger], options) =>
    new ABTest({ champion, challenger, metrics, ...options }) as unknown as AnyStrategy,
  restore: (snapshot, [champion, challenger], options) =>
    ABTest.restore(snapshot, { champion, challenger, metrics, ...options }) as unknown as AnyStrategy,
});

interface Notebook {
  testPredictions: { linear: number[]; randomForest100Depth10: number[] };
  abTest: { routingDraws: number[]; exact: Record<string, number> };
}

function truths(): number[] {
  const path = new URL('../golden/wafer-tests.csv', import.meta.url);
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const column = lines[0]!.split(',').length - 1;
  return lines.slice(801).map((line) => Number(line.split(',')[column]));
}

describe("the notebook's experiment", () => {
  const golden = readGolden<Notebook>('notebook-expected.json');
  const { linear, randomForest100Depth10: forest } = golden.testPredictions;
  const run = () => {
    const test = new ABTest({
      name: 'YieldPrediction_v2.0_vs_v1.8',
      rng: recordedRng(golden.abTest.routingDraws),
      clock: new ManualClock(0),
      champion: { model: { predict: (i: number) => linear[i]! }, version: '1.8' },
      challenger: { model: { predict: (i: number) => forest[i]! }, version: '2.0', trafficShare: 0.5 },
      metrics: [absoluteError({ role: 'goal', minEffect: { relative: 0.05 } })],
      decision: notebookRule(),
    });
    const measured = truths();
    for (let i = 0; i < 200; i += 1) test.record(test.serve(i).requestId, measured[i]);
    return test;
  };

  it('splits, measures and decides as recorded', () => {
    const test = run();
    const welch = test.statisticalTest('absoluteError', { method: 'welch' });
    if (welch.status !== 'ok') throw new Error(welch.reason);
    expect(welch.n).toEqual([117, 83]);
    expectClose(welch.reference.value!, 1.2676440431527092, 1e-12);
    expectClose(welch.candidate.value!, 2.1951332834127246, 1e-12);
    expectClose(welch.statistic!, golden.abTest.exact.welchT!, 1e-11);
    expectClose(welch.df!, golden.abTest.exact.welchDf!, 1e-11);
    expectClose(welch.pValue, golden.abTest.exact.welchP!, 1e-10);
    expectClose(welch.relative!.estimate * 100, -73.16637862733866, 1e-12);
    expect(test.decide().decision).toBe('REJECT');
  });

  it('has the rank test of Mann and Whitney beside it', () => {
    const ranks = run().statisticalTest('absoluteError', { method: 'mann-whitney' });
    if (ranks.status !== 'ok') throw new Error(ranks.reason);
    expect(ranks.statistic).toBe(golden.abTest.exact.mannWhitneyU1);
    expectClose(ranks.pValue, golden.abTest.exact.mannWhitneyP!, 1e-10);
    expect(ranks.estimate).toBeLessThan(0);
  });

  it('is not concluded by the default rule, which asks for a hundred observations of each', () => {
    const anytime = run().statisticalTest('absoluteError');
    expect(anytime).toMatchObject({ status: 'inconclusive', validity: 'anytime' });
  });
});

describe('ABTest', () => {
  const right = { predict: (x: number) => x % 2 === 0 };
  const wrong = { predict: (x: number) => x % 4 === 0 };
  const base = { clock: new ManualClock(0), seed: 7, metrics: [accuracy({ role: 'goal' })] };
  const drive = (
    test: { serve(x: number): { requestId: string }; record(id: string, truth: unknown): unknown },
    n: number,
  ) => {
    for (let i = 0; i < n; i += 1) test.record(test.serve(i).requestId, i % 2 === 0);
  };

  it('promotes what is better, and rejects what is worse', () => {
    const better = new ABTest({ champion: wrong, challenger: right, ...base });
    const worse = new ABTest({ champion: right, challenger: wrong, ...base });
    drive(better, 1500);
    drive(worse, 1500);
    expect(better.decide()).toMatchObject({ decision: 'PROMOTE', variant: 'challenger', rule: 'default' });
    expect(worse.decide()).toMatchObject({ decision: 'REJECT', variant: undefined });
  });

  it('continues with what is missing where nothing is known, and while equal models stay equal', () => {
    const test = new ABTest({ champion: right, challenger: right, ...base });
    expect(test.decide().decision).toBe('CONTINUE');
    drive(test, 60);
    const decision = test.decide();
    expect(decision.decision).toBe('CONTINUE');
    expect(decision.reasons[0]).toMatchObject({ rule: 'goal', verdict: 'inconclusive' });
    expect(decision.remaining!.requests).toBeGreaterThan(100);
  });

  it('counts failures against the assigned variant, and answers with the champion where asked to', () => {
    const broken = {
      predict(): boolean {
        throw new Error('no');
      },
    };
    const rate = errorRate({ role: 'guardrail', margin: { absolute: 0.01 } });
    const test = new ABTest({
      champion: right,
      challenger: broken,
      fallback: true,
      ...base,
      metrics: [accuracy({ role: 'goal' }), rate],
    });
    for (let i = 0; i < 300; i += 1) expect(test.predict(i)).toBe(i % 2 === 0);
    const errors = test.statisticalTest('errorRate');
    expect(errors).toMatchObject({
      status: 'ok',
      validity: 'anytime',
      reference: { value: 0 },
      candidate: { value: 1 },
    });
    expect(test.decide()).toMatchObject({ decision: 'REJECT' });
    expect(test.summary().variants[1]).toMatchObject({
      variant: 'challenger',
      errors: test.summary().variants[1]!.served,
    });
  });

  it.each([
    [1, 'no worse than 15.0%'],
    [2, 'worse than 15.0%'],
  ])('says of a guardrail that one side was tested: errors %d times as large', (times, verdict) => {
    const rng = createRng('guardrail');
    const error = defineMetric({
      name: 'error',
      kind: 'mean',
      direction: 'lower',
      role: 'guardrail',
      margin: { relative: 0.15 },
      due: 'serve',
      value: ({ prediction }) => Math.abs(prediction as number),
    });
    const test = new ABTest({
      champion: { predict: (_: number) => normal(rng) },
      challenger: { predict: (_: number) => times * normal(rng) },
      ...base,
      metrics: [error],
    });
    for (let i = 0; i < 3000; i += 1) test.serve(i);
    const messages = test
      .decide()
      .reasons.filter(({ metric }) => metric === 'error')
      .map(({ message }) => message);
    expect(messages).toHaveLength(1);
    expect(messages[0]!.startsWith(`error: ${verdict}: `)).toBe(true);
    expect(messages[0]).toMatch(/%\], one-sided p [\d.]+(e-\d+)?$/);
  });

  it('sees thirty errors beside none, with a sensible p-value and interval', () => {
    const test = new ABTest({
      champion: right,
      challenger: right,
      clock: base.clock,
      seed: 1,
      metrics: [errorRate({ role: 'guardrail' })],
    });
    const flaky = { predict: (x: number) => (x % 33 === 5 ? Number.NaN : x) };
    const pair = new ABTest({
      champion: { predict: (x: number) => x },
      challenger: flaky,
      clock: base.clock,
      seed: 3,
      metrics: [errorRate({ role: 'guardrail' })],
    });
    for (let i = 0; i < 2000; i += 1) pair.predict(i);
    for (let i = 0; i < 2000; i += 1) test.predict(i);
    const found = pair.statisticalTest('errorRate');
    if (found.status !== 'ok') throw new Error(found.reason);
    expect(found.pValue).toBeLessThan(1e-5);
    expect(found.interval[1]).toBeLessThan(0);
    expect(found.interval[0]).toBeGreaterThan(-0.1);
    const none = test.statisticalTest('errorRate');
    expect(none).toMatchObject({ status: 'ok', estimate: 0, pValue: 1, relative: undefined });
  });

  it('keeps units with their variant, moves the minimum on a ramp, and tells of it', () => {
    const test = new ABTest({ champion: right, challenger: { model: right, trafficShare: 0.1 }, ...base });
    const units = Array.from({ length: 2000 }, (_, i) => `user-${i}`);
    const variants = (): unknown[] => units.map((unit) => (test.assign(unit) as { variant: string }).variant);
    const before = variants();
    const moved = test.ramp({ challenger: 0.4 }, { reason: 'so far so good', actor: 'ada' });
    const after = variants();
    expect(moved).toBeCloseTo(0.3, 6);
    expect(before.every((variant, i) => variant === 'champion' || after[i] === 'challenger')).toBe(true);
    expect(test.history.at(-1)).toMatchObject({
      type: 'epoch',
      epoch: 1,
      actor: 'ada',
      reason: 'so far so good',
      shares: { champion: 0.6, challenger: 0.4 },
    });
    expect(() => test.ramp({ challenger: 1.2 })).toThrow('ramp.challenger must be within [0, 1]');
    expect(() => test.ramp({ nobody: 0.2 })).toThrow('ramp must be one of');
  });

  it('compares within the epochs, so that a ramp during a change of times is no difference', () => {
    const test = new ABTest({
      champion: right,
      challenger: { model: right, trafficShare: 0.1 },
      ...base,
      metrics: [absoluteError({ role: 'goal', of: Number, truthOf: Number })],
    });
    let draw = 1;
    const noise = (): number => {
      draw = (draw * 48271) % 2147483647;
      return draw / 2147483647;
    };
    for (let i = 0; i < 6000; i += 1) {
      if (i === 3000) test.ramp({ challenger: 0.9 });
      // Easy times before the ramp, hard ones after it, for both alike.
      test.record(test.serve(i).requestId, Number(i % 2 === 0) + noise() + (i < 3000 ? 0 : 5));
    }
    const found = test.statisticalTest('absoluteError');
    expect(found).toMatchObject({ status: 'ok', method: 'staged-difference-sequence' });
    const { pValue, candidate, reference } = found as Extract<typeof found, { status: 'ok' }>;
    expect(candidate.value! - reference.value!).toBeGreaterThan(1);
    expect(pValue).toBeGreaterThan(0.1);
    expect(test.statisticalTest('absoluteError', { method: 'welch' })).toMatchObject({ method: 'stratified-welch-t' });
  });

  it('finds requests that do not fall as planned', () => {
    const draws = Array.from({ length: 4000 }, (_, i) => (i % 100 < 44 ? 0.2 : 0.7));
    const test = new ABTest({ champion: right, challenger: wrong, ...base, rng: recordedRng(draws) });
    drive(test, 4000);
    expect(test.summary().sampleRatio).toMatchObject({
      healthy: false,
      observed: [1760, 2240],
      expected: [2000, 2000],
    });
    const { decision, reasons } = test.decide();
    expect(decision).toBe('INVALID');
    expect(reasons[0]).toMatchObject({ rule: 'sample-ratio', verdict: 'fail' });
  });

  it('leaves out who is not eligible, held out or forced', () => {
    const test = new ABTest({
      champion: right,
      challenger: wrong,
      ...base,
      assignment: {
        eligible: (x: number) => x >= 0,
        forced: new Map([['tester', 'challenger']]),
        unit: (x: number) => `u${x}`,
      },
    });
    expect(test.serve(-1).assignment).toEqual({ status: 'excluded', reason: 'not-eligible' });
    expect(test.serve(2, { unit: 'tester' })).toMatchObject({ variant: 'challenger', assignment: { by: 'forced' } });
    const summary = test.summary();
    expect(summary.excluded).toEqual({ 'not-eligible': 1, forced: 1 });
    expect(summary.requests).toBe(0);
    expect(summary.variants.map(({ served }) => served)).toEqual([0, 0]);
  });

  it('takes several challengers, and promotes the best of those that win', () => {
    const test = new ABTest({
      champion: wrong,
      challengers: { b: { model: right, trafficShare: 0.4 }, c: wrong },
      ...base,
    });
    expect(Object.values(test.shares).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    drive(test, 3000);
    expect(() => test.statisticalTest('accuracy')).toThrow('variant must be one of b, c');
    expect(test.statisticalTest('accuracy', { variant: 'b' })).toMatchObject({ status: 'ok' });
    expect(test.decide()).toMatchObject({ decision: 'PROMOTE', variant: 'b' });
  });

  it('opens an epoch, and compares anew, where it is restored with another version', () => {
    const options = (version: string) => ({ champion: right, challenger: { model: wrong, version }, ...base });
    const test = new ABTest(options('1'));
    drive(test, 400);
    const snapshot = JSON.parse(JSON.stringify(test.snapshot())) as Snapshot;
    const same = ABTest.restore(snapshot, options('1'));
    const next = ABTest.restore(snapshot, options('2'));
    expect(same.statisticalTest('accuracy').candidate.n).toBeGreaterThan(100);
    expect(next.statisticalTest('accuracy').candidate.n).toBe(0);
    expect(next.history.at(-2)).toMatchObject({ type: 'epoch', versions: { challenger: '2' } });
  });

  it('tells of looks and decisions once for the same data', () => {
    const test = new ABTest({ champion: right, challenger: wrong, ...base });
    drive(test, 10);
    test.statisticalTest('accuracy');
    test.statisticalTest('accuracy');
    test.decide();
    test.decide();
    expect(test.history.map(({ type }) => type)).toEqual(['epoch', 'look', 'decision']);
  });

  it.each([
    [{ challenger: { model: right, trafficShare: 1.2 } }, 'trafficShare must be within [0, 1]'],
    [{ challenger: { model: right, trafficShare: Number.NaN } }, 'trafficShare must be within [0, 1]'],
    [
      { champion: { model: right, trafficShare: 0.7 }, challenger: { model: right, trafficShare: 0.5 } },
      'shares that sum to 1',
    ],
    [{ challenger: {} }, 'challenger must be a model'],
    [{ challenger: undefined }, 'challenger must be given'],
    [{ challengers: { champion: right }, challenger: undefined }, 'distinct names'],
    [{ metrics: [accuracy(), accuracy()] }, 'distinct names'],
    [{ alpha: 1 }, 'alpha must be strictly between 0 and 1'],
    [{ horizon: Number.POSITIVE_INFINITY }, 'horizon must be a finite number'],
    [{ trafficSplit: 0.5 }, 'options.trafficSplit must be left out'],
    [{ assignment: { sticky: true } }, 'assignment.sticky must be left out'],
  ])('refuses %o', (change, message) => {
    const options = { champion: right, challenger: wrong, ...base, ...change };
    expect(() => new ABTest(options as never)).toThrow(message);
  });
});

it('refuses an assignment whose unit or eligible is no function', () => {
  const model = { predict: (x: number) => x };
  for (const name of ['unit', 'eligible']) {
    const assignment = { [name]: 'userId' } as never;
    expect(() => new ABTest({ champion: model, challenger: model, assignment })).toThrow(
      `assignment.${name} must be a function`,
    );
  }
});
