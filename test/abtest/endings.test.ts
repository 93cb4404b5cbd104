import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { ManualClock } from '../../src/core/index.ts';
import { absoluteError, accuracy } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { ok } from '../support/ok.ts';

const DAY = 86_400_000;
const champion = { predict: () => 1 };
const challenger = { predict: () => 0 };
const metrics = [absoluteError({ role: 'goal' })];
const looks = { groupSequential: { looks: [200, 400] } };

describe('a test whose truths never come', () => {
  it('ends at its longest duration, and says what is missing', () => {
    const clock = new ManualClock(0);
    const test = new ABTest({
      champion,
      challenger,
      metrics,
      clock,
      seed: 1,
      inference: looks,
      maxDurationMs: 7 * DAY,
    });
    for (let i = 0; i < 1000; i += 1) test.serve(i);
    expect(test.decide()).toMatchObject({ decision: 'CONTINUE' });
    clock.advance(7 * DAY);
    const { decision, reasons, remaining } = test.decide();
    expect([decision, remaining]).toEqual(['INVALID', undefined]);
    expect(reasons).toMatchObject([{ rule: 'missing-data', verdict: 'inconclusive', metric: 'absoluteError' }]);
    expect(reasons[0]!.message).toContain('0 observations of the champion and 0 of challenger');
  });

  it('ends without one once the truths of as many requests as were planned are given up', () => {
    const clock = new ManualClock(0);
    const truth = { windowMs: DAY };
    const test = new ABTest({ champion, challenger, metrics, clock, seed: 1, inference: looks, truth });
    for (let i = 0; i < 400; i += 1) test.serve(i);
    expect(test.decide().decision).toBe('CONTINUE');
    // Requests go on coming, so that there are always some that wait.
    clock.advance(DAY + 1);
    for (let i = 0; i < 10; i += 1) test.serve(i);
    expect(test.decide().decision).toBe('INVALID');
  });

  it('is invalid whatever the inference, and rejected where there are data that prove nothing', () => {
    for (const inference of ['anytime', 'fixed', 'bayesian'] as const) {
      const clock = new ManualClock(0);
      const test = new ABTest({ champion, challenger, metrics, clock, seed: 1, inference, maxDurationMs: DAY });
      clock.advance(DAY);
      expect(test.decide().decision).toBe('INVALID');
      const rng = createRng(2);
      const equal = new ABTest({
        champion,
        challenger: champion,
        metrics,
        clock,
        seed: 1,
        inference,
        maxDurationMs: DAY,
      });
      for (let i = 0; i < 1000; i += 1) equal.record(equal.serve(i).requestId, normal(rng));
      clock.advance(DAY);
      expect(equal.decide().decision).toBe('REJECT');
    }
  });
});

describe('a group-sequential test that ends before its last look', () => {
  const half = (n: number, more: object = {}) => {
    const clock = new ManualClock(0);
    const test = new ABTest({
      champion,
      challenger,
      metrics,
      clock,
      seed: 1,
      inference: looks,
      maxDurationMs: DAY,
      ...more,
    });
    const rng = createRng(4);
    for (let i = 0; i < n; i += 1) test.record(test.serve(i).requestId, 0.6 + normal(rng));
    return { test, clock };
  };

  it('looks once at what there is, and spends what is left', () => {
    const { test, clock } = half(300);
    const before = ok(test.statisticalTest('absoluteError'));
    expect(before.warnings.join()).toContain('look 1 of 2');
    clock.advance(DAY);
    const last = ok(test.statisticalTest('absoluteError'));
    expect(last.warnings.join()).toContain('the last look, at 300 observations instead of 400');
    expect(last.n[0]! + last.n[1]!).toBe(300);
    // What comes later is no reason to look again.
    test.record(test.serve(1).requestId, 5);
    expect(test.statisticalTest('absoluteError')).toEqual(last);
  });

  it('asks of one look what a test with one look asks', () => {
    const { test, clock } = half(150);
    expect(test.statisticalTest('absoluteError').status).toBe('inconclusive');
    clock.advance(DAY);
    const last = ok(test.statisticalTest('absoluteError'));
    const welch = ok(test.statisticalTest('absoluteError', { method: 'welch' }));
    expect(Math.abs(Math.log(last.pValue / welch.pValue))).toBeLessThan(0.01);
  });

  it('holds its level over both looks', () => {
    const [runs, alpha] = [1200, 0.1];
    let wrong = 0;
    for (let run = 0; run < runs; run += 1) {
      const rng = createRng(`final ${run}`);
      const clock = new ManualClock(0);
      const inference = { groupSequential: { looks: [40, 200], spending: 'pocock' } } as const;
      const test = new ABTest({
        champion,
        challenger: champion,
        metrics,
        clock,
        seed: run,
        alpha,
        inference,
        maxDurationMs: DAY,
      });
      let rejected = false;
      for (let i = 0; i < 90; i += 1) {
        test.record(test.serve(i).requestId, 1 + normal(rng));
        if (i === 45) rejected ||= ok(test.statisticalTest('absoluteError')).pValue <= alpha;
      }
      clock.advance(DAY);
      rejected ||= ok(test.statisticalTest('absoluteError')).pValue <= alpha;
      if (rejected) wrong += 1;
    }
    const error = Math.sqrt((alpha * (1 - alpha)) / runs);
    expect(wrong / runs).toBeLessThan(alpha + 3 * error);
    // All of alpha is spent: less would be power given away.
    expect(wrong / runs).toBeGreaterThan(alpha - 4 * error);
  });
});

describe('pairs under planned looks and as a belief', () => {
  const right = { predict: (x: number) => x % 10 !== 0 };
  const better = { predict: (x: number) => x % 10 !== 0 || x % 20 === 0 };
  const run = (inference: 'bayesian' | typeof looks, mode: 'paired' | 'split', n: number) => {
    const test = new ABTest({
      champion: right,
      challenger: better,
      mode,
      inference,
      seed: 2,
      clock: new ManualClock(0),
      metrics: [accuracy({ role: 'goal' })],
    });
    for (let i = 0; i < n; i += 1) test.record(test.serve(i).requestId, true);
    return ok(test.statisticalTest('accuracy'));
  };

  it('compare request by request: the same estimate with a fraction of the error', () => {
    for (const inference of ['bayesian', looks] as const) {
      const [paired, split] = [run(inference, 'paired', 200), run(inference, 'split', 400)];
      expect(paired.n).toEqual([200, 200]);
      expect(paired.standardError!).toBeLessThan(0.7 * split.standardError!);
      expect(paired.interval[0]).toBeGreaterThan(split.interval[0]);
    }
    // Differences of 0 and 1: mean 0.05, variance 0.05 * 0.95 * 200 / 199.
    expect(run(looks, 'paired', 200).standardError).toBeCloseTo(Math.sqrt((0.05 * 0.95) / 199), 12);
    expect(run(looks, 'paired', 200)).toMatchObject({ method: 'group-sequential', estimate: expect.closeTo(0.05, 12) });
  });

  it('count two observations a request', () => {
    expect(() => run(looks, 'paired', 99)).toThrow('the first look is planned at 200 observations, now 198');
    expect(run(looks, 'paired', 100).warnings.join()).toContain('look 1 of 2');
  });
});

describe('one planned look', () => {
  it('is taken at the longest duration, at what has come by then', () => {
    const clock = new ManualClock(0);
    const test = new ABTest({
      champion: { predict: () => 5 },
      challenger,
      metrics,
      clock,
      seed: 1,
      inference: 'fixed',
      horizon: 5000,
      maxDurationMs: DAY,
    });
    const rng = createRng(5);
    for (let i = 0; i < 1000; i += 1) test.serve(0, { truth: rng.next() });
    expect(test.statisticalTest('absoluteError').status).toBe('inconclusive');
    clock.advance(DAY);
    expect(test.statisticalTest('absoluteError')).toMatchObject({ status: 'ok', validity: 'fixed-n' });
    expect(test.decide().decision).toBe('PROMOTE');
  });
});
