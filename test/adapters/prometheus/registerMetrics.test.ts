import { readFileSync } from 'node:fs';
import { Counter, Registry } from 'prom-client';
import { describe, expect, it, vi } from 'vitest';
import { ABTest } from '../../../src/abtest/index.ts';
import { metricNames, registerMetrics } from '../../../src/adapters/prometheus/index.ts';
import { ThompsonSampling } from '../../../src/bandits/index.ts';
import { CanaryDeployment } from '../../../src/canary/index.ts';
import { ManualClock, strategyMark } from '../../../src/core/index.ts';
import { Rollout } from '../../../src/rollout/index.ts';
import { ShadowRunner } from '../../../src/shadow/index.ts';

const ok = { predict: (x: number) => x };
const bad = {
  predict: (): number => {
    throw new Error('broken');
  },
};

/** The samples of a metric in the exposition format: labels to value. */
async function samples(register: Registry, name: string): Promise<Record<string, number>> {
  const lines = (await register.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
  return Object.fromEntries(
    lines.map((line) => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

describe('registerMetrics', () => {
  it('counts requests, failures, fallbacks, latencies and truths of a canary', async () => {
    const register = new Registry();
    const clock = new ManualClock(0);
    const canary = new CanaryDeployment({
      name: 'c',
      seed: 1,
      clock,
      baseline: ok,
      canary: bad,
      burst: { errors: 60, of: 100 },
    });
    registerMetrics(canary, { register });
    for (let i = 0; i < 200; i += 1) canary.predict(i, { id: `r${i}` });
    canary.record('r3', 3);
    const requests = await samples(register, 'coronate_requests_total');
    const { served } = canary;
    expect(requests['{strategy="c",variant="baseline",status="ok"}']).toBe(served.baseline);
    expect(requests['{strategy="c",variant="canary",status="error"}']).toBe(served.canary);
    const fallbacks = await samples(register, 'coronate_fallbacks_total');
    expect(fallbacks).toEqual({ '{strategy="c",variant="baseline",status="ok"}': served.canary });
    expect((await samples(register, 'coronate_latency_seconds_count'))['{strategy="c",variant="canary"}']).toBe(
      served.canary,
    );
    expect(await samples(register, 'coronate_truths_total')).toEqual({ '{strategy="c",outcome="recorded"}': 1 });
    expect(await samples(register, 'coronate_truths_waiting')).toEqual({ '{strategy="c"}': 199 });
    expect(await samples(register, 'coronate_traffic_share')).toEqual({
      '{strategy="c",variant="canary"}': canary.weight / 100,
      '{strategy="c",variant="baseline"}': 1 - canary.weight / 100,
    });
    const phases = await samples(register, 'coronate_phase');
    expect(
      Object.entries(phases)
        .filter(([, value]) => value === 1)
        .map(([labels]) => labels),
    ).toEqual([`{strategy="c",phase="${canary.phase.phase}"}`]);
  });

  it('reads tests, bandits, shadows and whole rollouts with what is nested in them', async () => {
    const register = new Registry();
    const clock = new ManualClock(0);
    const bandit = new ThompsonSampling({ name: 'b', seed: 1, clock, arms: { one: ok, two: ok }, reward: () => 1 });
    const test = new ABTest({ name: 't', seed: 1, clock, champion: bandit, challenger: ok });
    const shadow = new ShadowRunner({ name: 's', seed: 1, clock, primary: test, shadows: { next: bad }, cpuShare: 1 });
    const criteria = () => ({ verdict: 'hold', reasons: [] }) as const;
    const rollout = new Rollout({
      name: 'r',
      seed: 1,
      clock,
      current: ok,
      candidate: ok,
      shadow: { criteria, cpuShare: 1 },
      abTest: { criteria },
      canary: false,
    });
    registerMetrics(shadow, { register });
    registerMetrics(rollout, { register });
    for (let i = 0; i < 40; i += 1) {
      shadow.record(shadow.serve(i).requestId, i);
      rollout.serve(i);
      clock.advance(1);
    }
    const shares = await samples(register, 'coronate_traffic_share');
    expect(shares).toMatchObject({ '{strategy="t",variant="champion"}': 0.5, '{strategy="r",variant="current"}': 1 });
    expect(await samples(register, 'coronate_decision')).toMatchObject({ '{strategy="t",decision="CONTINUE"}': 1 });
    const pulls = Object.values(await samples(register, 'coronate_arm_pulls'));
    expect(pulls.reduce((sum, n) => sum + n, 0)).toBe(bandit.statistics().reduce((sum, { pulls: n }) => sum + n, 0));
    expect(
      (await samples(register, 'coronate_shadow_requests'))['{strategy="s",shadow="next",outcome="incomparable"}'],
    ).toBe(40);
    expect(
      (await samples(register, 'coronate_requests_total'))['{strategy="r.shadow",variant="primary",status="ok"}'],
    ).toBe(40);
    rollout.skip();
    rollout.serve(1);
    const later = await samples(register, 'coronate_traffic_share');
    expect(later['{strategy="r",variant="candidate"}']).toBe(0.5);
    expect(later['{strategy="r.abTest",variant="challenger"}']).toBe(0.5);
    expect(await samples(register, 'coronate_stage')).toMatchObject({ '{strategy="r"}': 2 });
    const { length } = (await register.metrics())
      .split('\n')
      .filter((line) => line.includes('request_id') || line.includes('"r1"'));
    expect(length).toBe(0);
  });

  it('exports exactly the names that it says', async () => {
    const register = new Registry();
    registerMetrics(new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok }), { register, prefix: 'my_' });
    expect(
      register
        .getMetricsAsArray()
        .map(({ name }) => name)
        .sort(),
    ).toEqual([...metricNames('my_')].sort());
  });

  it('keeps the values of a label few', async () => {
    const register = new Registry();
    const arms = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`arm${i}`, ok]));
    const bandit = new ThompsonSampling({ name: 'b', seed: 1, arms, reward: () => 1 });
    registerMetrics(bandit, { register, maxLabelValues: 5 });
    for (let i = 0; i < 300; i += 1) bandit.predict(i);
    const variants = new Set(Object.keys(await samples(register, 'coronate_requests_total')));
    expect(variants.size).toBeLessThanOrEqual(6);
    expect([...variants].some((labels) => labels.includes('variant="__other__"'))).toBe(true);
  });

  it('refuses a name twice, a metric that is taken, and what is no strategy or registry', () => {
    const register = new Registry();
    const make = () => new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok });
    const stop = registerMetrics(make(), { register });
    expect(() => registerMetrics(make(), { register })).toThrow('labels would be mixed up');
    stop();
    expect(() => registerMetrics(make(), { register })).not.toThrow();
    const taken = new Registry();
    new Counter({ name: 'coronate_requests_total', help: 'of somebody else', registers: [taken] });
    expect(() => registerMetrics(make(), { register: taken })).toThrow('is taken');
    expect(() => registerMetrics(ok as never, { register })).toThrow('strategy must be a strategy');
    expect(() => registerMetrics(make(), { register: {} as never })).toThrow('register must be');
    expect(() => registerMetrics(make(), { registry: register } as never)).toThrow('options.registry');
  });

  it.each(['other', '__other__', '__other___'])('tells a variant named %s from the overflow', async (name) => {
    const register = new Registry();
    const arms = { [name]: ok, a: ok, b: ok, c: ok };
    const bandit = new ThompsonSampling({ name: 'b', seed: 1, arms, reward: () => 1 });
    registerMetrics(bandit, { register, maxLabelValues: 1 });
    const served: Record<string, number> = {};
    const serve = (): void => {
      const { variant } = bandit.serve(1);
      served[variant] = (served[variant] ?? 0) + 1;
    };
    // The gauges list the arms in their order: the one so named takes the only place.
    await register.metrics();
    for (let i = 0; i < 200; i += 1) serve();
    expect(Object.keys(served).length).toBe(4);
    const counts = Object.values(await samples(register, 'coronate_requests_total'));
    expect(counts.sort()).toEqual([served[name], 200 - served[name]!].sort());
  });

  it('gives names of their own to all values that look like the overflow', async () => {
    const register = new Registry();
    const arms = { __other__: ok, __other___: ok, __other____: ok };
    const bandit = new ThompsonSampling({ name: 'b', seed: 1, arms, reward: () => 1 });
    registerMetrics(bandit, { register });
    expect(Object.keys(await samples(register, 'coronate_arm_pulls'))).toHaveLength(3);
  });

  it('leaves a registry as it was where a metric is taken, buckets are none, or a strategy cannot be watched', () => {
    const make = () => new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok });
    for (const name of metricNames()) {
      const register = new Registry();
      new Counter({ name, help: 'of somebody else', registers: [register] });
      expect(() => registerMetrics(make(), { register })).toThrow(`${name} is taken`);
      expect(register.getMetricsAsArray().map((metric) => metric.name)).toEqual([name]);
      register.removeSingleMetric(name);
      expect(() => registerMetrics(make(), { register })).not.toThrow();
    }
    const register = new Registry();
    expect(() => registerMetrics(make(), { register, buckets: 5 as never })).toThrow();
    expect(register.getMetricsAsArray()).toEqual([]);
    const registerMetric = register.registerMetric.bind(register);
    register.registerMetric = (metric) => {
      registerMetric(metric);
      if (register.getMetricsAsArray().length === 9) throw new Error('registry is full');
    };
    expect(() => registerMetrics(make(), { register })).toThrow('registry is full');
    expect(register.getMetricsAsArray()).toEqual([]);
    register.registerMetric = registerMetric;
    expect(() => registerMetrics(make(), { register })).not.toThrow();
  });

  it('checks its options also where a registration is there already', () => {
    const register = new Registry();
    const make = (name: string) => new ABTest({ name, seed: 1, champion: ok, challenger: ok });
    registerMetrics(make('first'), { register });
    for (const wrong of [
      { maxLabelValues: 0 },
      { maxLabelValues: 1.5 },
      { buckets: [] as never, prefix: '9' },
      { buckets: [2, 1] },
      { buckets: [Number.NaN] },
      { buckets: ['1'] as never },
      { prefix: 'no blanks ' },
      { prefix: 5 as never },
    ]) {
      expect(() => registerMetrics(make('second'), { register, ...wrong }), JSON.stringify(wrong)).toThrow('must be');
    }
    expect(() => registerMetrics(make('second'), { register })).not.toThrow();
  });

  it('stops counting steps that began after it, too, and counts once where it is registered again', async () => {
    const register = new Registry();
    const hold = () => ({ verdict: 'hold', reasons: [] }) as const;
    const steps = { shadow: { criteria: hold }, abTest: { criteria: hold } };
    const rollout = new Rollout({ name: 'r', seed: 1, current: ok, candidate: ok, ...steps });
    const total = async () =>
      Object.entries(await samples(register, 'coronate_requests_total'))
        .filter(([labels]) => labels.includes('"r.abTest"'))
        .reduce((sum, [, n]) => sum + n, 0);
    const stop = registerMetrics(rollout, { register });
    rollout.skip();
    rollout.predict(1);
    expect(await total()).toBe(1);
    stop();
    rollout.predict(1);
    expect(await total()).toBe(1);
    registerMetrics(rollout, { register });
    rollout.predict(1);
    expect(await total()).toBe(2);
  });

  it('is scraped also where nothing has happened yet, and where a mean is none', async () => {
    const register = new Registry();
    registerMetrics(new ThompsonSampling({ name: 'b', seed: 1, arms: { a: ok, z: ok }, reward: () => Number.NaN }), {
      register,
    });
    registerMetrics(new ShadowRunner({ name: 's', seed: 1, primary: ok, shadows: { next: ok } }), { register });
    registerMetrics(new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok }), { register });
    expect(await samples(register, 'coronate_arm_pulls')).toEqual({
      '{strategy="b",arm="a"}': 0,
      '{strategy="b",arm="z"}': 0,
    });
    expect(Object.values(await samples(register, 'coronate_collect_errors_total'))).toEqual([]);
  });

  it('lets go of names, metrics and watchers where a strategy cannot be watched', async () => {
    for (const before of [false, true]) {
      const register = new Registry();
      const inner = new ABTest({ name: 'inner', seed: 1, champion: ok, challenger: ok });
      const outer = new ABTest({ name: 'outer', seed: 1, champion: inner, challenger: ok });
      if (before) registerMetrics(new ABTest({ name: 'first', seed: 1, champion: ok, challenger: ok }), { register });
      const metrics = register.getMetricsAsArray().length;
      const { observe } = inner[strategyMark];
      const watching = vi.spyOn(inner[strategyMark], 'observe').mockImplementation(() => {
        throw new Error('cannot be watched');
      });
      expect(() => registerMetrics(outer, { register })).toThrow('cannot be watched');
      expect(register.getMetricsAsArray().length).toBe(metrics);
      watching.mockImplementation(observe);
      registerMetrics(outer, { register });
      for (let i = 0; i < 20; i += 1) outer.predict(i);
      const requests = Object.entries(await samples(register, 'coronate_requests_total'));
      const own = requests.filter(([labels]) => labels.includes('"outer"')).reduce((sum, [, n]) => sum + n, 0);
      expect(own).toBe(20);
      watching.mockRestore();
    }
  });

  it('keeps the names of a registration that came after it was stopped, however often it is stopped', () => {
    const register = new Registry();
    const make = () => new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok });
    const stop = registerMetrics(make(), { register });
    stop();
    registerMetrics(make(), { register });
    stop();
    expect(() => registerMetrics(make(), { register })).toThrow('labels would be mixed up');
  });

  it('goes on serving where the registry breaks, and collecting where a strategy does', async () => {
    const register = new Registry();
    const test = new ABTest({ name: 't', seed: 1, champion: ok, challenger: ok });
    registerMetrics(test, { register });
    const counter = register.getSingleMetric('coronate_requests_total') as unknown as { inc(): void };
    counter.inc = () => {
      throw new Error('registry');
    };
    for (let i = 0; i < 10; i += 1) expect(test.predict(i)).toBe(i);
    expect(test.history.at(-1)).toMatchObject({ type: 'contained-error', where: 'observer' });
    Object.defineProperty(test, 'shares', {
      get: () => {
        throw new Error('strategy');
      },
    });
    expect(await samples(register, 'coronate_collect_errors_total')).toEqual({});
    // Twice collected, each time with one reading that failed.
    expect(await samples(register, 'coronate_collect_errors_total')).toEqual({ '{strategy="t"}': 2 });
  });
});

describe('the Grafana dashboard', () => {
  const path = new URL('../../../docs/grafana/coronate.json', import.meta.url);
  const dashboard = JSON.parse(readFileSync(path, 'utf8')) as {
    title: string;
    uid: string;
    schemaVersion: number;
    panels: {
      id: number;
      title: string;
      type: string;
      gridPos: { x: number; y: number; w: number; h: number };
      targets?: { expr: string }[];
    }[];
  };
  const queries = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

  it('queries metrics that the adapter exports, and nothing else', () => {
    const exported = metricNames().flatMap((name) => [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]);
    const asked = new Set(queries.flatMap((expr) => expr.match(/coronate_[a-z_]+/g) ?? []));
    expect(asked.size).toBeGreaterThan(8);
    expect([...asked].filter((name) => !exported.includes(name))).toEqual([]);
    for (const expr of queries) expect(expr).toContain('coronate_');
  });

  it('has panels of their own ids that do not cover each other', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [i, { gridPos: a }] of dashboard.panels.entries()) {
      expect(a.x + a.w).toBeLessThanOrEqual(24);
      for (const { gridPos: b } of dashboard.panels.slice(i + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect(apart).toBe(true);
      }
    }
  });
});
