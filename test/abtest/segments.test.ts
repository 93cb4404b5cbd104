import { describe, expect, it } from 'vitest';
import { ABTest } from '../../src/abtest/index.ts';
import { InvalidOptionError, ManualClock } from '../../src/core/index.ts';
import { defineMetric, latency, type MetricComparison, rmse } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';

const DAY = 86_400_000;
const model = { predict: (x: number) => x };

const clicks = defineMetric({
  name: 'clicks',
  kind: 'ratio',
  role: 'goal',
  direction: 'higher',
  due: 'serve',
  value: ({ prediction }) => [prediction as number, 2] as const,
});
const spent = defineMetric({
  name: 'spent',
  kind: 'mean',
  role: 'goal',
  direction: 'higher',
  due: 'serve',
  value: ({ prediction }) => prediction as number,
});
const adjusted = defineMetric({
  name: 'adjusted',
  kind: 'mean',
  role: 'goal',
  direction: 'higher',
  due: 'serve',
  value: ({ prediction }) => prediction as number,
  covariate: ({ input }) => Math.floor(input as number),
});
const metrics = [clicks, spent, adjusted];

/** Users of two halves; each comes `each` times, all on one day of two. */
function crowd(each: number, replica = 'one', users = 1600): ABTest<typeof model, typeof model> {
  const clock = new ManualClock(0);
  const test = new ABTest({
    ...{ name: 'again', seed: 1, clock, replica, champion: model, challenger: model, metrics },
    segments: { half: (x: number) => (x < 0 ? 'low' : 'high') },
  });
  const rng = createRng(`again/${replica}`);
  for (let day = 0; day < 2; day += 1) {
    for (let user = 0; user < users / each; user += 1) {
      const own = 2 * normal(rng);
      for (let i = 0; i < each; i += 1) test.serve(own, { unit: `${replica}/${day}/${user}` });
    }
    clock.advance(DAY);
  }
  return test;
}

const errorOf = (found: MetricComparison): number => (found.status === 'ok' ? found.standardError! : Number.NaN);
const parts = (test: ReturnType<typeof crowd>, metric: string): readonly MetricComparison[] => [
  ...test.segments('half', metric, { method: 'welch' }).groups.map(({ comparison }) => comparison),
  ...test.trend(metric, { method: 'welch' }).periods.map(({ comparison }) => comparison),
];

describe('segments and periods of units that come more than once', () => {
  it('take the unit as what is independent, and warn of nothing', () => {
    const [alone, again] = [crowd(1), crowd(16)];
    for (const { name } of metrics) {
      const [once, often] = [parts(alone, name), parts(again, name)];
      expect(often).toHaveLength(4);
      for (const [i, part] of often.entries()) {
        expect(part.warnings.join(), name).not.toContain('units come more than once');
        // 16 equal requests of a user are one: the standard error is four times as large, a quarter of it for 32 places.
        const ratio = errorOf(part) / errorOf(once[i]!);
        expect(ratio, `${name} ${i}`).toBeGreaterThan(2.5);
        expect(ratio, `${name} ${i}`).toBeLessThan(6);
      }
      expect(again.segments('half', name).heterogeneity.warnings).toEqual([]);
      expect(again.trend(name).trend.warnings).toEqual([]);
    }
  });

  it('take out what a covariate explains, as the whole does', () => {
    const test = crowd(1);
    const [plain, without] = [parts(test, 'spent'), parts(test, 'adjusted')];
    for (const [i, part] of without.entries()) expect(errorOf(part)).toBeLessThan(0.5 * errorOf(plain[i]!));
  });

  it('go on from a snapshot and add over replicas', () => {
    const [here, there] = [crowd(16), crowd(16, 'two')];
    const options = { name: 'again', clock: new ManualClock(0), champion: model, challenger: model, metrics };
    const segments = { half: (x: number) => (x < 0 ? 'low' : 'high') };
    const saved = JSON.parse(JSON.stringify(here.snapshot()));
    const restored = ABTest.restore(saved, { ...options, segments, seed: 1, replica: 'one' });
    for (const { name } of metrics) expect(parts(restored, name)).toEqual(parts(here, name));
    const before = parts(here, 'spent').map(errorOf);
    here.mergeDelta(JSON.parse(JSON.stringify(there.takeDelta()!)));
    for (const [i, part] of parts(here, 'spent').entries()) {
      expect(part.n[0]).toBeGreaterThan(parts(restored, 'spent')[i]!.n[0]!);
      expect(errorOf(part) / before[i]!).toBeGreaterThan(0.45);
      expect(errorOf(part) / before[i]!).toBeLessThan(1);
    }
    // What had no unit yet takes in what has.
    const fresh = new ABTest({ ...options, segments, seed: 5, replica: 'three' });
    fresh.mergeDelta(JSON.parse(JSON.stringify(crowd(16, 'two').takeDelta()!)));
    expect(parts(fresh, 'spent')).toEqual(parts(there, 'spent'));
  });
});

it('refuses metrics that are not kept by segment, where it would show nothing', () => {
  const clock = new ManualClock(0);
  const test = new ABTest({
    ...{ name: 'kept', seed: 1, clock, champion: model, challenger: model, segments: { all: () => 'one' } },
    metrics: [spent, rmse(), latency({ quantile: 0.9, role: 'guardrail' })],
  });
  test.serve(1);
  for (const metric of ['rmse', 'latencyP90']) {
    expect(() => test.segments('all', metric)).toThrow('metric must be a goal or guardrail');
    expect(() => test.trend(metric)).toThrow(InvalidOptionError);
  }
  expect(() => test.segments('all', 'errorRate')).not.toThrow();
});
