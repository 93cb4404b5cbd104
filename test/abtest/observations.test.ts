import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { ManualClock, type Snapshot } from '../../src/core/index.ts';
import { absoluteError, accuracy, latency, squaredError } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';

const clock = (): ManualClock => new ManualClock(Date.UTC(2026, 0, 5));
const DAY = 86_400_000;

describe('paired mode', () => {
  // Right on 90 % and 92 % of the same requests, which they mostly agree about.
  const champion = { predict: (x: number) => x % 10 !== 0 };
  const challenger = { predict: (x: number) => x % 10 !== 0 || x % 50 === 0 };
  const options = {
    champion,
    challenger,
    seed: 5,
    mode: 'paired' as const,
    metrics: [accuracy({ role: 'goal' }), absoluteError({ role: 'secondary' })],
  };
  const drive = (
    test: { serve(x: number): { requestId: string }; record(id: string, t: unknown): unknown },
    from: number,
    to: number,
  ) => {
    for (let i = from; i < to; i += 1) test.record(test.serve(i).requestId, true);
  };

  it('asks both models about every request, and finds small differences', () => {
    const test = new ABTest({ ...options, clock: clock() });
    drive(test, 0, 1500);
    const found = test.statisticalTest('accuracy');
    expect(found).toMatchObject({ status: 'ok', method: 'mcnemar-e-process', n: [1500, 1500] });
    expect(found).toMatchObject({ reference: { value: 0.9 }, candidate: { value: 0.92 } });
    if (found.status !== 'ok') throw new Error();
    expect(found.estimate).toBeCloseTo(0.02, 12);
    expect(found.pValue).toBeLessThan(1e-4);
    expect(test.statisticalTest('accuracy', { method: 'welch' })).toMatchObject({ method: 'one-sample-t' });
    expect(test.decide().decision).toBe('PROMOTE');
  });

  it('counts disagreements, and keeps a bounded sample of them', () => {
    const test = new ABTest({ ...options, clock: clock(), paired: { keepDisagreements: 5 } });
    drive(test, 0, 2000);
    const [report] = test.summary().disagreements;
    expect(report).toMatchObject({ challenger: 'challenger', compared: 2000, disagreed: 40, rate: 0.02 });
    expect(report!.examples).toHaveLength(5);
    expect(report!.examples[0]).toMatchObject({ championAnswer: false, challengerAnswer: true });
    // A sample of all of them, not the first five.
    expect(report!.examples.some(({ requestId }) => Number.parseInt(requestId!.split('.').at(-1)!, 36) > 300)).toBe(
      true,
    );
  });

  it('waits for asynchronous models without making anybody wait, and takes truths that come before', async () => {
    let release: (() => void)[] = [];
    const slow = {
      predict: (x: number): Promise<number> => new Promise((resolve) => release.push(() => resolve(x))),
    };
    const quick = { predict: (x: number): number => x };
    const test = new ABTest({
      champion: quick,
      challenger: { model: slow, trafficShare: 0 },
      mode: 'paired',
      metrics: [squaredError({ role: 'goal' })],
      clock: clock(),
    });
    expect(test.predict(3, { id: 'a', truth: 4 })).toBe(3);
    expect(test.summary().variants.map(({ served }) => served)).toEqual([1, 0]);
    for (const go of release) go();
    release = [];
    await new Promise((resolve) => setImmediate(resolve));
    expect(test.statisticalTest('squaredError')).toMatchObject({ n: [1, 1], candidate: { value: 1 } });
  });

  it('survives a challenger that throws beside the champion', () => {
    const broken = {
      predict(): boolean {
        throw new Error('no');
      },
    };
    const test = new ABTest({ ...options, challenger: { model: broken, trafficShare: 0 }, clock: clock() });
    drive(test, 0, 200);
    expect(test.summary().variants[1]).toMatchObject({ served: 200, errors: 200 });
    expect(test.statisticalTest('errorRate')).toMatchObject({ status: 'ok', estimate: -1 });
    expect(test.decide().decision).toBe('REJECT');
  });

  it('goes on from a snapshot bit for bit, open truths included', () => {
    const original = new ABTest({ ...options, clock: clock() });
    drive(original, 0, 300);
    const { requestId } = original.serve(50);
    const snapshot = JSON.parse(JSON.stringify(original.snapshot())) as Snapshot;
    const twin = ABTest.restore(snapshot, { ...options, clock: clock() });
    for (const test of [original, twin]) {
      test.record(requestId, true);
      drive(test, 300, 400);
    }
    expect(JSON.stringify(twin.snapshot())).toBe(JSON.stringify(original.snapshot()));
  });
});

describe('truths', () => {
  const model = { predict: (x: number) => x };
  const base = { champion: model, challenger: model, seed: 2, metrics: [absoluteError({ role: 'goal' })] };

  it('are analysed in the order of serving where only what has matured counts', () => {
    const time = clock();
    const test = new ABTest({ ...base, analyse: 'matured', truth: { windowMs: 1000 }, clock: time });
    const ids = Array.from({ length: 6 }, (_, i) => test.serve(i).requestId);
    const seen = (): number => test.statisticalTest('absoluteError').n.reduce((a, b) => a + b, 0);
    test.record(ids[1]!, 1);
    test.record(ids[2]!, 2);
    expect(seen()).toBe(0);
    test.record(ids[0]!, 0);
    expect(seen()).toBe(3);
    test.record(ids[5]!, 5);
    expect(seen()).toBe(3);
    const twin = ABTest.restore(JSON.parse(JSON.stringify(test.snapshot())) as Snapshot, {
      ...base,
      analyse: 'matured',
      truth: { windowMs: 1000 },
      clock: time,
    });
    time.advance(2000);
    expect([test.record(ids[3]!, 3), twin.record(ids[3]!, 3)]).toEqual(['expired', 'expired']);
    expect(seen()).toBe(4);
    expect(twin.statisticalTest('absoluteError').n).toEqual(test.statisticalTest('absoluteError').n);
  });

  it('that cannot come, under ids that were used before, hold nobody back', () => {
    const time = clock();
    const test = new ABTest({ ...base, analyse: 'matured', truth: { windowMs: 1000 }, clock: time });
    test.serve(1, { id: 'a', truth: 1 });
    // The same id again: no truth can reach this one.
    test.serve(2, { id: 'a' });
    test.serve(3, { id: 'b', truth: 3 });
    const seen = (): number => test.statisticalTest('absoluteError').n.reduce((a, b) => a + b, 0);
    expect(seen()).toBe(2);
    time.advance(1001);
    test.serve(4, { id: 'c', truth: 4 });
    expect(seen()).toBe(3);
  });

  it('that come for one variant rather than the other make the test invalid', () => {
    const test = new ABTest({ ...base, clock: clock() });
    for (let i = 0; i < 3000; i += 1) {
      const { requestId, variant } = test.serve(i);
      if (variant === 'champion' || i % 3 !== 0) test.record(requestId, i);
    }
    const { sampleRatio, labels, decision } = test.summary();
    expect(sampleRatio.healthy).toBe(true);
    expect(labels.healthy).toBe(false);
    expect(decision).toMatchObject({ decision: 'INVALID', reasons: [{ rule: 'labels', verdict: 'fail' }] });
  });
});

describe('units', () => {
  it('count once for the sample ratio, however often they come', () => {
    const model = { predict: (x: number) => x };
    const test = new ABTest({ champion: model, challenger: model, seed: 2, clock: clock() });
    // A heavy user of whichever variant must not look like a broken assignment.
    for (let i = 0; i < 5000; i += 1) test.predict(i, { unit: 'heavy' });
    for (let i = 0; i < 500; i += 1) test.predict(i, { unit: `user-${i}` });
    const { sampleRatio, requests } = test.summary();
    expect(requests).toBe(5500);
    expect(sampleRatio.observed.reduce((a, b) => a + b, 0)).toBe(501);
    expect(sampleRatio.healthy).toBe(true);
  });
});

describe('segments and time', () => {
  const rng = createRng(9);
  const model = (bias: (x: number) => number) => ({ predict: (x: number) => bias(x) });
  const build = (bias: (x: number) => number) => {
    const time = clock();
    const test = new ABTest({
      champion: model(() => 0),
      challenger: model(bias),
      seed: 3,
      clock: time,
      metrics: [squaredError({ role: 'goal' }), latency({ quantile: 0.9, role: 'guardrail', margin: { relative: 1 } })],
      segments: { parity: (x) => (x % 2 === 0 ? 'even' : 'odd'), broken: () => undefined },
    });
    for (let i = 0; i < 4000; i += 1) {
      if (i % 400 === 0) time.advance(DAY);
      test.record(test.serve(i).requestId, 0.5 * normal(rng));
    }
    return test;
  };

  it('find a winner that differs between segments', () => {
    const good = build((x) => (x % 2 === 0 ? 0.4 : 0));
    const report = good.segments('parity', 'squaredError');
    expect(report.groups.map(({ group }) => group)).toEqual(['even', 'odd']);
    const [even, odd] = report.groups;
    expect(even!.adjustedPValue).toBeLessThan(0.01);
    expect(odd!.adjustedPValue).toBeGreaterThan(0.05);
    expect(report.heterogeneity).toMatchObject({ status: 'ok', df: 1 });
    if (report.heterogeneity.status !== 'ok') throw new Error();
    expect(report.heterogeneity.pValue).toBeLessThan(0.001);
    expect(() => good.segments('nothing', 'squaredError')).toThrow('dimension must be one of parity, broken');
  });

  it('find an effect that fades, and none where there is none', () => {
    let day = 0;
    const fading = build((x) => {
      day = Math.floor(x / 400);
      return 0.1 * day;
    });
    const trend = fading.trend('squaredError');
    expect(trend.periods).toHaveLength(10);
    expect(trend.periods[0]!.from).toBe(Date.UTC(2026, 0, 6));
    expect(trend.trend).toMatchObject({ status: 'ok' });
    if (trend.trend.status !== 'ok') throw new Error();
    expect(trend.trend.estimate).toBeLessThan(0);
    expect(trend.trend.pValue).toBeLessThan(0.001);
    const flat = build(() => 0).trend('squaredError').trend;
    expect(flat.status === 'ok' && flat.pValue).toBeGreaterThan(0.01);
  });

  it('keep their memory bounded: rare groups share a place, old days are joined', () => {
    const time = clock();
    const test = new ABTest({
      champion: model(() => 0),
      challenger: model(() => 0),
      seed: 3,
      clock: time,
      metrics: [squaredError({ role: 'goal' })],
      segments: { id: (x) => `customer ${x}` },
    });
    for (let i = 0; i < 300; i += 1) {
      time.advance(DAY);
      test.record(test.serve(i).requestId, i);
    }
    expect(test.segments('id', 'squaredError').groups.length).toBeLessThanOrEqual(21);
    const { periods, periodDays } = test.trend('squaredError');
    expect(periodDays).toBe(8);
    expect(periods.length).toBeLessThanOrEqual(56);
    const values = periods.reduce((sum, { comparison }) => sum + comparison.n[0]! + comparison.n[1]!, 0);
    expect(values).toBe(300);
  });

  it('see an assignment that depends on the hour', () => {
    const time = clock();
    const draws = createRng(4);
    // Night requests all go to the champion, day requests make up for it.
    const biased = {
      next: () => (new Date(time.now()).getUTCHours() < 12 ? 0.4 * draws.next() : 0.6 + 0.4 * draws.next()),
      fork: () => draws,
      state: () => draws.state(),
    };
    const test = new ABTest({ champion: model(() => 0), challenger: model(() => 0), rng: biased, clock: time });
    for (let i = 0; i < 2000; i += 1) {
      time.advance(DAY / 48);
      test.predict(i);
    }
    const { sampleRatio, balance, decision } = test.summary();
    expect(sampleRatio.healthy).toBe(true);
    expect(balance.map(({ dimension, healthy }) => [dimension, healthy])).toEqual([
      ['hour', false],
      ['weekday', true],
    ]);
    expect(decision.decision).toBe('INVALID');
  });
});

describe('planned looks', () => {
  const model = { predict: (x: number) => x };
  const off = { predict: (x: number) => x + 0.2 };
  const rng = createRng(3);
  const drive = (
    test: { serve(x: number): { requestId: string }; record(id: string, t: unknown): unknown },
    n: number,
  ) => {
    for (let i = 0; i < n; i += 1) test.record(test.serve(0).requestId, normal(rng));
  };

  it('of a group-sequential test stand until the next one', () => {
    const inference = { groupSequential: { looks: [400, 800] } };
    const test = new ABTest({
      champion: off,
      challenger: model,
      seed: 1,
      clock: clock(),
      inference,
      metrics: [absoluteError({ role: 'goal' })],
    });
    drive(test, 399);
    expect(test.statisticalTest('absoluteError')).toMatchObject({ status: 'inconclusive' });
    drive(test, 1);
    const first = test.statisticalTest('absoluteError');
    expect(first).toMatchObject({ status: 'ok', method: 'group-sequential' });
    drive(test, 300);
    expect(test.statisticalTest('absoluteError')).toEqual(first);
    expect(test.decide().decision).toBe('CONTINUE');
    drive(test, 100);
    expect(test.statisticalTest('absoluteError')).not.toEqual(first);
    expect(['PROMOTE', 'REJECT']).toContain(test.decide().decision);
  });

  it('wait for truths that are late, rather than end without them', () => {
    const test = new ABTest({
      champion: off,
      challenger: model,
      seed: 1,
      clock: clock(),
      inference: 'fixed',
      horizon: 500,
      metrics: [absoluteError({ role: 'goal' })],
    });
    const ids = Array.from({ length: 500 }, () => test.serve(0).requestId);
    for (const id of ids.slice(1)) test.record(id, 0);
    expect(test.decide().decision).toBe('CONTINUE');
    test.record(ids[0]!, 0.01);
    expect(test.decide().decision).toBe('PROMOTE');
  });

  it('of a fixed test are one, at its horizon', () => {
    const test = new ABTest({
      champion: model,
      challenger: model,
      seed: 1,
      clock: clock(),
      inference: 'fixed',
      horizon: 500,
      metrics: [absoluteError({ role: 'goal' })],
    });
    drive(test, 499);
    expect(test.statisticalTest('absoluteError')).toMatchObject({ status: 'inconclusive', validity: 'fixed-n' });
    expect(test.decide().decision).toBe('CONTINUE');
    drive(test, 1);
    expect(test.statisticalTest('absoluteError')).toMatchObject({ status: 'ok', method: 'welch-t' });
    expect(test.decide().decision).toBe('REJECT');
  });
});

describe('several processes', () => {
  it('reach the conclusion of one that has seen everything', () => {
    const champion = { predict: (x: number) => x };
    const challenger = { predict: (x: number) => 0.5 * x };
    const build = (replica: string) =>
      new ABTest({
        name: 'merged',
        champion,
        challenger,
        replica,
        seed: 3,
        clock: clock(),
        metrics: [absoluteError({ role: 'goal' }), latency({ quantile: 0.9 })],
        segments: { parity: (x) => (Math.round(x) % 2 === 0 ? 'even' : 'odd') },
      });
    const whole = build('all');
    const parts = ['a', 'b', 'c', 'd'].map(build);
    const rng = createRng(12);
    for (let i = 0; i < 2000; i += 1) {
      if (i === 1000) for (const test of [whole, ...parts]) test.ramp({ challenger: 0.2 });
      const x = 10 * normal(rng);
      const truth = normal(rng);
      // Sticky by unit: every process assigns the same.
      for (const test of [whole, parts[i % 4]!]) test.serve(x, { unit: i, truth });
    }
    const [first, ...others] = parts;
    for (const other of others) first!.merge(other);
    const [a, b] = [whole.summary(), first!.summary()];
    expect(b.sampleRatio).toEqual(a.sampleRatio);
    expect(b.balance).toEqual(a.balance);
    expect(b.requests).toBe(2000);
    a.comparisons.forEach((one, i) => {
      const two = b.comparisons[i]!;
      expect(two.n).toEqual(one.n);
      if (one.status !== 'ok' || two.status !== 'ok' || one.metric !== 'absoluteError') return;
      expect(Math.abs(two.estimate / one.estimate - 1)).toBeLessThan(1e-12);
      expect(Math.abs(two.pValue / one.pValue - 1)).toBeLessThan(1e-9);
    });
    const groups = (test: typeof whole) =>
      test.segments('parity', 'absoluteError').groups.map(({ comparison }) => comparison.n);
    expect(groups(first!)).toEqual(groups(whole));
    expect(b.decision.decision).toBe(a.decision.decision);
  });

  it('do not merge after other ramps, or under another name', () => {
    const model = { predict: (x: number) => x };
    const build = (name: string) => new ABTest({ name, champion: model, challenger: model, seed: 3, clock: clock() });
    const ramped = build('x');
    ramped.ramp({ challenger: 0.1 });
    expect(() => build('x').merge(ramped)).toThrow('the same epochs');
    expect(() => build('x').merge(build('y'))).toThrow('must be "x"');
  });
});

describe('requests of one unit that depend on each other', () => {
  it('raise no false alarms, where they would as if they were independent', () => {
    const model = { predict: (x: number) => x };
    const rng = createRng(31);
    const test = new ABTest({
      champion: model,
      challenger: model,
      seed: 1,
      clock: clock(),
      metrics: [absoluteError({ role: 'goal' })],
    });
    for (let user = 0; user < 400; user += 1) {
      const own = 5 + 2 * normal(rng);
      for (let i = 0; i < 25; i += 1) test.serve(0, { unit: `user-${user}`, truth: Math.abs(own + 0.2 * normal(rng)) });
    }
    const welch = test.statisticalTest('absoluteError', { method: 'welch' });
    if (welch.status !== 'ok') throw new Error();
    // 200 users of each kind: a standard error of 2 sqrt(2 / 200) = 0.2, not one fifth of it.
    expect(welch.standardError).toBeGreaterThan(0.16);
    expect(welch.standardError).toBeLessThan(0.25);
  });
});
