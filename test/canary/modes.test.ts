import { describe, expect, it } from 'vitest';
import { CanaryDeployment, mannWhitneyJudge, simulateRollout, type TransitionEvent } from '../../src/canary/index.ts';
import { ManualClock } from '../../src/core/index.ts';
import { accuracy, closeness, errorRate, rmse } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';

function noisy(sd: number, seed: number) {
  const rng = createRng(seed);
  return { predict: (x: number) => x + sd * normal(rng) };
}

function rollout(more: object = {}, canarySd = 1) {
  const clock = new ManualClock(0);
  const models = { baseline: noisy(1, 1), canary: noisy(canarySd, 2) };
  const canary = new CanaryDeployment({ ...models, seed: 1, clock, ...more });
  const serve = (n: number, request: (i: number) => object = () => ({})): void => {
    for (let i = 0; i < n; i += 1) {
      clock.advance(10);
      canary.predict(i, { truth: i, ...request(i) });
    }
  };
  return { canary, clock, serve };
}

describe('what the canary is held against', () => {
  it('shadow-first: nobody sees a canary that fails, and one that passes goes on to its first stage', () => {
    const bad = rollout({ compare: 'shadow-first' }, 1.6);
    bad.serve(300);
    expect(bad.canary.status).toMatchObject({ phase: 'rolled-back', served: { canary: 0 } });
    expect(bad.canary.checkHealth().checks[0]!.nCanary).toBeGreaterThan(29);
    const good = rollout({ compare: 'shadow-first' });
    good.serve(60);
    expect(good.canary.status).toMatchObject({ phase: 'shadowing', weight: 0, served: { canary: 0 } });
    good.serve(300);
    expect(good.canary.phase.phase).toBe('progressing');
    expect(good.canary.served.canary).toBeGreaterThan(0);
  });

  it('warns where no request goes to the baseline', () => {
    expect(rollout({ stages: [100] }).canary.status.warnings).toEqual([
      expect.stringContaining('no request goes to the baseline'),
    ]);
    expect(rollout({ stages: [100], compare: 'shadow-first' }).canary.status.warnings).toEqual([]);
    expect(rollout().canary.status.warnings).toEqual([]);
  });

  it('paired: the baseline is asked beside the canary, and its error does not reach the caller', () => {
    let asked = 0;
    const baseline = {
      predict(x: number): number {
        asked += 1;
        return x + 1.5 * Math.sin(asked);
      },
    };
    const { canary, serve } = rollout({ compare: 'paired', baseline, stages: [{ weight: 50, minSamples: 1e6 }, 100] });
    serve(500);
    expect(asked).toBe(500);
    const [check] = canary.checkHealth().checks;
    expect(check!.nCanary).toBe(canary.served.canary);
    expect(check!.nBaseline).toBe(500);
  });

  it('fixed: relative limits become absolute, and the status warns of drift', () => {
    const compare = { fixed: { rmse: 1 } };
    const metrics = [rmse({ role: 'goal' }), errorRate()];
    const { canary, serve } = rollout({ compare, metrics }, 1.5);
    expect(canary.status.warnings[0]).toContain('drifts');
    serve(6000);
    expect(canary.status).toMatchObject({ phase: 'rolled-back' });
    expect(canary.status.waitingFor).toContain('limit 1.2');
    expect(() => rollout({ compare: { fixed: {} }, metrics })).toThrow('compare.fixed.rmse must be');
    expect(() => rollout({ compare: { fixed: { rmse: 1, mae: 2 } }, metrics })).toThrow('the name of a metric');
  });

  it('a segment: what does not match is neither sent to the canary nor evidence', () => {
    const { canary, serve } = rollout({ match: (x: number) => x % 2 === 0, stages: [{ weight: 50, minSamples: 1e6 }] });
    serve(1000);
    const [check] = canary.checkHealth().checks;
    expect(check!.nCanary + check!.nBaseline).toBe(500);
  });
});

describe('truths that come late', () => {
  it('count for the stage and the attempt of their request', () => {
    const { canary, clock } = rollout({ stages: [{ weight: 50, minSamples: 1e6 }, 100] });
    for (let i = 0; i < 100; i += 1) canary.predict(i, { id: `a${i}` });
    canary.skipStage();
    for (let i = 0; i < 100; i += 1) canary.record(`a${i}`, i);
    const before = canary.checkHealth().checks[0]!;
    expect(before.nCanary + before.nBaseline).toBe(100);
    for (let i = 0; i < 100; i += 1) canary.predict(i, { id: `b${i}` });
    clock.advance(1);
    canary.rollback();
    canary.retry();
    for (let i = 0; i < 100; i += 1) expect(canary.record(`b${i}`, i)).toBe('recorded');
    expect(canary.checkHealth().checks[0]).toMatchObject({ nCanary: 0, nBaseline: 0 });
  });

  it('are told, once, where they convict a canary that is promoted already; the evidence stays', () => {
    const { canary } = rollout({ stages: [50, 100] }, 2);
    for (let i = 0; i < 400; i += 1) canary.predict(i, { id: `a${i}` });
    canary.promote({}, 'ada');
    const told: string[] = [];
    canary.on('late-failure', ({ reason }) => told.push(reason));
    for (let i = 0; i < 400; i += 1) canary.record(`a${i}`, i);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/^rmse \d+\.\d % worse/);
    expect(canary.phase.phase).toBe('promoted');
    canary.rollback('the truths', 'ada');
    expect(canary.checkHealth().verdict).toBe('fail');
  });
});

describe('truths that come with their request', () => {
  it('count at once and leave nothing behind, unless somebody could name the request again', () => {
    const { canary, serve } = rollout({ stages: [{ weight: 50, minSamples: 1e6 }] });
    const ledger = () => (canary.snapshot().state as { truths: { done: unknown[]; counts: object } }).truths;
    serve(100);
    const [check] = canary.checkHealth().checks;
    expect(check!.nCanary + check!.nBaseline).toBe(100);
    expect(ledger()).toMatchObject({ done: [], counts: { recorded: 100 } });
    canary.predict(1, { id: 'a', truth: 1 });
    expect(canary.record('a', 1)).toBe('duplicate');
    const { requestId } = canary.serve(1, { truth: 1 });
    expect(canary.record(requestId, 1)).toBe('duplicate');
    expect(ledger().counts).toMatchObject({ recorded: 102, duplicates: 2 });
  });
});

describe('safety', () => {
  it('drills the way back and returns, audited, and refuses where there is no way back', async () => {
    const { canary, serve } = rollout();
    serve(100);
    const report = await canary.drill([1, 2, 3], 'ada');
    expect(report).toMatchObject({ weight: 10, decisions: 1000, toCanary: 0, inputs: 3, answered: 3, passed: true });
    expect(canary.status).toMatchObject({ phase: 'progressing', weight: 10 });
    expect(canary.history.at(-1)).toMatchObject({ type: 'drill', actor: 'ada' });
    const { canary: seen } = canary.served;
    const under = canary.drill([1]);
    const second = canary.drill();
    serve(200);
    expect(canary.served.canary).toBe(seen);
    await expect(second).rejects.toThrow('a drill is under way');
    await under;
    serve(200);
    expect(canary.served.canary).toBeGreaterThan(seen);
    canary.rollback();
    await expect(canary.drill()).rejects.toThrow('rollback is not possible in state "rolled-back"');
  });

  it('reports a drill in which the baseline does not answer', async () => {
    const { canary } = rollout({ baseline: { predict: () => Promise.reject(new Error('gone')) } });
    expect(await canary.drill([1])).toMatchObject({ answered: 0, passed: false });
  });

  it('pauses where the traffic is not split as planned', () => {
    let i = 0;
    const rng = {
      next: () => {
        i += 1;
        return (i % 4) / 4 + 0.1;
      },
      fork: () => createRng(1),
    };
    const { canary, serve } = rollout({ rng, stages: [{ weight: 10, minSamples: 1e6 }, 100] });
    serve(300);
    expect(canary.status).toMatchObject({ phase: 'paused', waitingFor: 'paused: assignment' });
  });

  it('holds what a request uses against the baseline', () => {
    let cpu = 0;
    const burn = (ms: number) => ({
      predict: (x: number): number => {
        cpu += ms * (1 + 0.1 * Math.sin(x));
        return x;
      },
    });
    const probes = { cpu: () => cpu };
    const stages = [{ weight: 50, minSamples: 1e6 }, 100];
    const metrics = [errorRate()];
    const hungry = rollout({ baseline: burn(10), canary: burn(20), probes, probeEvery: 5, stages, metrics });
    hungry.serve(2000);
    expect(hungry.canary.status.waitingFor).toMatch(/^cpu 9\d\.\d % worse \(limit 50 %\)|^cpu 10\d\.\d %/);
    const modest = rollout({ baseline: burn(10), canary: burn(12), probes, probeEvery: 5, stages, metrics });
    modest.serve(2000);
    expect(modest.canary.phase.phase).toBe('progressing');
  });
});

describe('judges', () => {
  it.each(['welch', 'mann-whitney', 'threshold'] as const)('%s catches a bad canary', (judge) => {
    const { canary, serve } = rollout({ judge, metrics: [rmse({ role: 'goal' })] }, 4);
    serve(4000);
    expect(canary.status.phase).toBe('rolled-back');
  });

  it('mann-whitney passes an equal one', () => {
    const { canary, serve } = rollout({
      judge: mannWhitneyJudge({ sampleSize: 200 }),
      metrics: [rmse({ role: 'goal' })],
    });
    serve(6000);
    expect(canary.status.phase).toBe('promoted');
  });

  it('waits for, ignores or fails a metric without data, as it says', () => {
    const silent = (missing: 'hold' | 'ignore' | 'fail') => {
      const metric = accuracy({ name: 'silent', role: 'goal', limit: { min: 0.9 }, missing });
      const metrics = [rmse({ role: 'goal' }), { ...metric, value: () => undefined }];
      const { canary, serve } = rollout({ metrics, stages: [50, 100] });
      serve(2000);
      return canary.status.phase;
    };
    expect([silent('hold'), silent('ignore'), silent('fail')]).toEqual(['progressing', 'promoted', 'rolled-back']);
  });
});

describe('for people', () => {
  it('writes status and history as text and Markdown', () => {
    const { canary, serve } = rollout({}, 1.6);
    serve(3000);
    const text = canary.toText();
    expect(text.split('\n')[0]).toMatch(/^canary: rolled-back at 0 %/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(canary.toMarkdown()).toContain('| metric');
    const last = canary.history.at(-1) as TransitionEvent;
    expect(last.evidence!.checks[0]!.lower).toBeGreaterThan(1);
  });

  it('tells what a configuration would do before it is used', () => {
    const stages = [20, 100];
    const bad = simulateRollout({ stages }, { worse: 2, requests: 2000 }, { runs: 20 });
    expect(bad).toMatchObject({ runs: 20, rolledBack: 20, rollbackRate: 1, rolledBackAt: { 20: 20 } });
    const equal = simulateRollout({ stages }, { truthDelay: 50, requests: 4000 }, { runs: 10 });
    expect(equal).toMatchObject({ promoted: 10, rolledBack: 0 });
    expect(
      simulateRollout({ stages }, { failing: 1, requests: 500 }, { runs: 5 }).exposures.at(-1),
    ).toBeLessThanOrEqual(8);
    expect(() => simulateRollout({}, { wors: 2 } as never)).toThrow('scenario.wors');
  });
});

describe('a snapshot', () => {
  it.each(['concurrent', 'paired', 'shadow-first'] as const)(
    'taken at any step continues identically (%s)',
    (compare) => {
      const run = (restoreEvery: number): string => {
        const clock = new ManualClock(0);
        const models = {
          baseline: { predict: (x: number) => x + Math.sin(12.9898 * x) },
          canary: { predict: (x: number) => x + Math.sin(78.233 * x + 1) },
        };
        const options = { ...models, seed: 3, clock, compare, stages: [20, 60, 100] };
        let canary = new CanaryDeployment(options);
        for (let i = 0; i < 1500; i += 1) {
          clock.advance(10);
          canary.predict(i, { id: `r${i}` });
          if (i >= 20) canary.record(`r${i - 20}`, i - 20);
          if (i % restoreEvery === restoreEvery - 1) {
            canary = CanaryDeployment.restore(JSON.parse(JSON.stringify(canary.snapshot())), options);
          }
        }
        return JSON.stringify(canary.snapshot());
      };
      expect(run(37)).toBe(run(Number.POSITIVE_INFINITY));
    },
  );

  it('continues identically where units are sticky, and where bounded values are bet on', () => {
    const near = closeness({ scale: 2, role: 'goal', limit: { relative: 0.3 } });
    for (const more of [{ assign: 'unit' }, { metrics: [near] }] as const) {
      const run = (restoreEvery: number): string => {
        const clock = new ManualClock(0);
        const models = {
          baseline: { predict: (x: number) => x + Math.sin(12.9898 * x) },
          canary: { predict: (x: number) => x + Math.sin(78.233 * x + 1) },
        };
        const options = { ...models, seed: 3, clock, stages: [20, 60, 100], ...more };
        let canary = new CanaryDeployment(options as never);
        for (let i = 0; i < 1200; i += 1) {
          clock.advance(10);
          canary.predict(i as never, { truth: i, unit: i % 97 });
          if (i % restoreEvery === restoreEvery - 1) {
            canary = CanaryDeployment.restore(JSON.parse(JSON.stringify(canary.snapshot())), options as never);
          }
        }
        return JSON.stringify(canary.snapshot());
      };
      expect(run(37)).toBe(run(Number.POSITIVE_INFINITY));
    }
  });
});
