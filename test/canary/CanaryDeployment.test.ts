import { describe, expect, it } from 'vitest';
import { CanaryDeployment, type CanaryOptions, type TransitionEvent } from '../../src/canary/index.ts';
import { type AnyStrategy, ManualClock } from '../../src/core/index.ts';
import { absoluteError, accuracy, defineMetric, errorRate, latency, rmse } from '../../src/metrics/index.ts';
import { createRng, normal } from '../../src/random/index.ts';
import { strategyContract } from '../contracts/strategy.contract.ts';

strategyContract({
  name: 'CanaryDeployment',
  create: ([baseline, canary], options) =>
    new CanaryDeployment({ baseline, canary, stages: [50, 100], ...options }) as unknown as AnyStrategy,
  restore: (snapshot, [baseline, canary], options) =>
    CanaryDeployment.restore(snapshot, { baseline, canary, stages: [50, 100], ...options }) as unknown as AnyStrategy,
});

/** A model whose error is Gaussian with a deviation of `sd`. */
function noisy(sd: number, seed: number): { predict(input: number): number } {
  const rng = createRng(seed);
  return { predict: (x) => x + sd * normal(rng) };
}

function drive(canarySd: number, requests: number, more: Partial<CanaryOptions> = {}, seed = 1) {
  const clock = new ManualClock(0);
  const deployment = new CanaryDeployment({
    baseline: noisy(1, seed),
    canary: noisy(canarySd, seed + 1000),
    seed,
    clock,
    ...(more as object),
  });
  let rolledBackAt = -1;
  let i = 0;
  for (; i < requests; i += 1) {
    clock.advance(1000);
    deployment.serve(i, { truth: i });
    if (deployment.phase.phase === 'rolled-back' || deployment.phase.phase === 'promoted') {
      rolledBackAt = i;
      break;
    }
  }
  return { deployment, clock, endedAt: rolledBackAt };
}

describe('a rollout', () => {
  it('takes an equal model through all stages to promotion', () => {
    const { deployment } = drive(1, 20_000);
    expect(deployment.status).toMatchObject({ phase: 'promoted', weight: 100 });
    const moves = deployment.history.filter((event): event is TransitionEvent => event.type === 'transition');
    expect(moves.map(({ to }) => ('stage' in to ? `${to.phase} ${to.stage}` : to.phase))).toEqual([
      'progressing 0',
      'progressing 1',
      'progressing 2',
      'progressing 3',
      'baking',
      'promoted',
    ]);
    expect(moves[1]!.reason).toBe('rmse surely less than 20 % worse');
    expect(moves[1]!.evidence?.checks[0]?.nCanary).toBeGreaterThanOrEqual(100);
  });

  it('rolls a worse model back for the right reason, while few have seen it', () => {
    const { deployment } = drive(1.6, 20_000);
    const { phase, waitingFor, served, weight } = deployment.status;
    expect([phase, weight]).toEqual(['rolled-back', 0]);
    expect(waitingFor).toMatch(/^rmse \d+\.\d % worse \(limit 20 %\)$/);
    expect(served.canary).toBeLessThan(150);
    for (let i = 0; i < 200; i += 1) deployment.predict(i);
    expect(deployment.status.served.canary).toBe(served.canary);
  });

  it('holds with too little data, and says how much is missing', () => {
    const { deployment } = drive(1, 50);
    expect(deployment.status).toMatchObject({ phase: 'progressing', weight: 10, stage: 1 });
    expect(deployment.checkHealth()).toMatchObject({ passed: false, stage: 10 });
    const { deployment: more } = drive(1, 600);
    expect(more.status.waitingFor).toMatch(/^waiting: rmse needs about \d+ more canary samples$/);
  });

  it('takes a canary that always fails out after 8 of its requests, and no caller sees an error', () => {
    const clock = new ManualClock(0);
    const broken = {
      predict(): number {
        throw new Error('down');
      },
    };
    const deployment = new CanaryDeployment({ baseline: noisy(1, 1), canary: broken, seed: 3, clock });
    for (let i = 0; i < 1000; i += 1) expect(Number.isFinite(deployment.predict(i))).toBe(true);
    expect(deployment.status.phase).toBe('rolled-back');
    expect(deployment.status.served.canary).toBeLessThanOrEqual(8);
  });

  it('holds where the baseline fails as well', () => {
    const clock = new ManualClock(0);
    let down = false;
    const shared = {
      predict(x: number): number {
        if (down) throw new Error('database');
        return x;
      },
    };
    const deployment = new CanaryDeployment({
      baseline: shared,
      canary: { predict: (x: number) => shared.predict(x) },
      stages: [50, 100],
      metrics: [rmse({ role: 'goal' })],
      seed: 3,
      clock,
    });
    for (let i = 0; i < 40; i += 1) deployment.predict(i, { truth: i });
    down = true;
    for (let i = 0; i < 60; i += 1) expect(() => deployment.predict(i)).toThrow('database');
    expect(deployment.status.phase).toBe('progressing');
    expect(deployment.history.some(({ type }) => type === 'common-cause')).toBe(true);
  });

  it('waits at a gate for a person, and asks the hook', async () => {
    const stages = [10, { weight: 50, requireApproval: true }, 100];
    const { deployment } = drive(1, 3000, { stages });
    expect(deployment.status).toMatchObject({ phase: 'gated', weight: 10, waitingFor: 'an approval of stage 2' });
    deployment.approve('ada');
    expect(deployment.status).toMatchObject({ phase: 'progressing', weight: 50 });
    const asked: string[] = [];
    const hooks = {
      gate: async ({ reason }: TransitionEvent) => {
        asked.push(reason);
        return false;
      },
      rollback: ({ reason }: TransitionEvent) => void asked.push(reason),
    };
    const { deployment: refused } = drive(1, 3000, { stages, hooks });
    await new Promise((resolve) => setImmediate(resolve));
    expect(refused.status.phase).toBe('rolled-back');
    expect(asked[1]).toBe('rejected by the gate');
  });

  it('pauses, resumes, skips, promotes, goes back within the window, retries', () => {
    const { deployment, clock } = drive(1, 10, { rollbackWindowMs: 5000 });
    deployment.pause('ada');
    expect(deployment.status).toMatchObject({ phase: 'paused', weight: 10, waitingFor: 'paused: manual' });
    deployment.resume();
    deployment.skipStage();
    expect(deployment.status.weight).toBe(25);
    deployment.promote();
    expect(deployment.status).toMatchObject({ phase: 'promoted', weight: 100 });
    clock.advance(5000);
    deployment.rollback('second thoughts', 'ada');
    expect(deployment.status).toMatchObject({ phase: 'rolled-back', waitingFor: 'second thoughts' });
    deployment.retry();
    expect(deployment.status.phase).toBe('pending');
    expect(() => deployment.approve()).toThrow('approve is not possible in state "pending"');
    const { deployment: late, clock: time } = drive(1, 10, { rollbackWindowMs: 5000 });
    late.promote();
    time.advance(5001);
    expect(() => late.rollback()).toThrow('the rollback window of 5000 ms is over');
  });

  it('keeps a minimum dwell, and pauses at a deadline', () => {
    const quick = drive(1, 2000, { stages: [{ weight: 50, minDwellMs: 1_500_000 }, 100] }).deployment;
    const moves = quick.history.filter((event): event is TransitionEvent => event.type === 'transition');
    expect(moves[1]!.at).toBeGreaterThanOrEqual(1_500_000);
    const slow = drive(1, 100, { deadlineMs: 50_000 }).deployment;
    expect(slow.status).toMatchObject({ phase: 'paused', waitingFor: 'paused: deadline' });
    const over = drive(1, 100, { deadlineMs: 50_000, onDeadline: 'rollback' }).deployment;
    expect(over.status.phase).toBe('rolled-back');
  });

  it('sends a unit always to the same model while the weight grows', () => {
    const clock = new ManualClock(0);
    const deployment = new CanaryDeployment({
      baseline: noisy(1, 1),
      canary: noisy(1, 2),
      assign: 'unit',
      stages: [20, 60, 100],
      seed: 1,
      clock,
    });
    const on = (): Set<number> => {
      const set = new Set<number>();
      for (let unit = 0; unit < 500; unit += 1) if (deployment.serve(1, { unit }).variant === 'canary') set.add(unit);
      return set;
    };
    const first = on();
    deployment.skipStage();
    const second = on();
    expect(Math.abs(first.size - 100)).toBeLessThan(45);
    expect(Math.abs(second.size - 300)).toBeLessThan(50);
    for (const unit of first) expect(second.has(unit)).toBe(true);
  });

  it('guards rates and latencies without making a pass wait for them', () => {
    const metrics = [
      rmse({ role: 'goal' }),
      errorRate(),
      latency({ quantile: 0.95 }),
      accuracy({ dryRun: true, limit: { min: 0.99 } }),
    ];
    const { deployment } = drive(1, 20_000, { metrics: metrics as never });
    expect(deployment.status.phase).toBe('promoted');
    const clock = new ManualClock(0);
    const slow = {
      predict: (x: number) => {
        clock.advance(30);
        return x;
      },
    };
    const quick = {
      predict: (x: number) => {
        clock.advance(10);
        return x;
      },
    };
    const guarded = new CanaryDeployment({ baseline: quick, canary: slow, seed: 1, clock });
    for (let i = 0; i < 3000 && guarded.phase.phase === 'progressing'; i += 1) guarded.predict(i);
    expect(guarded.status.waitingFor).toMatch(/latencyP95|serviceTime/);
  });

  it('contains a judge and a metric that break, and pauses rather than rolls back', () => {
    const judge = {
      name: 'mine',
      check(): never {
        throw new Error('judge');
      },
    };
    expect(drive(1, 500, { judge }).deployment.status).toMatchObject({
      phase: 'paused',
      waitingFor: 'paused: judge-error',
    });
    const bad = { ...absoluteError({ role: 'goal', limit: { relative: 0.2 } }), value: () => Number.NaN };
    expect(drive(1, 500, { metrics: [bad] as never }).deployment.status.phase).toBe('progressing');
  });

  it('does not progress by itself where it must not', () => {
    const { deployment } = drive(1, 3000, { autoProgress: false });
    expect(deployment.status.weight).toBe(10);
    expect(deployment.progress()).toMatchObject({ passed: true, verdict: 'pass' });
    expect(deployment.status.weight).toBe(25);
  });

  it.each([
    [{ stages: [] }, 'stages must be a list'],
    [{ stages: [10, 10] }, 'stages[1] (percent) must be a finite number within (10, 100], got 10'],
    [{ stages: [10, 101] }, 'within (10, 100], got 101'],
    [{ stages: [{ weight: 10, dwell: 1 }] }, 'stages[0].dwell must be left out'],
    [{ alpha: 0 }, 'alpha must be strictly between 0 and 1, got 0'],
    [{ judge: 'best' }, 'judge must be one of'],
    [{ metrics: [] }, 'metrics must be a list of at least one metric'],
    [{ metrics: [rmse(), rmse()] }, 'distinct names'],
    [{ burst: { errors: 30, of: 20 } }, 'burst.errors must be an integer within [1, 20], got 30'],
    [{ onDeadline: 'shout' }, 'onDeadline must be one of'],
    [{ canary: {} }, 'canary must be a model'],
    [{ canaryModel: {} }, 'options.canaryModel must be left out'],
  ])('refuses %j', (options, message) => {
    const base: CanaryOptions = { baseline: noisy(1, 1), canary: noisy(1, 2) };
    expect(() => new CanaryDeployment({ ...base, ...options } as never)).toThrow(message);
  });
});

describe('CanaryDeployment, hooks and metrics that lie', () => {
  const model = { predict: (x: number) => x };

  it('does not take a late answer to one gate for the next', async () => {
    const answers: ((answer: boolean) => void)[] = [];
    const gate = () => new Promise<boolean>((resolve) => answers.push(resolve));
    const stages = [10, 25, 100].map((weight) => ({ weight, minSamples: 0, requireApproval: true }));
    const canary = new CanaryDeployment({
      baseline: model,
      canary: model,
      stages,
      hooks: { gate },
      seed: 1,
      metrics: [absoluteError({ role: 'goal', limit: { max: 1 } })],
      minSamples: 2,
      judge: 'threshold',
    });
    for (let i = 0; canary.phase.phase !== 'gated' && i < 2000; i += 1) canary.record(canary.serve(i).requestId, i);
    expect(canary.phase.phase).toBe('gated');
    const first = canary.phase;
    canary.approve('a person');
    for (let i = 0; canary.phase.phase !== 'gated' && i < 9000; i += 1) canary.record(canary.serve(i).requestId, i);
    const second = canary.phase;
    expect(second).not.toEqual(first);
    answers[0]!(true);
    await Promise.resolve();
    await Promise.resolve();
    expect(canary.phase).toEqual(second);
  });

  it('refuses hooks that it does not know, or that are no functions', () => {
    for (const hooks of [{ stgae: () => 1 }, { stage: 3 }, null]) {
      expect(() => new CanaryDeployment({ baseline: model, canary: model, hooks: hooks as never })).toThrow(/hooks/);
    }
  });

  it('answers where a metric of numbers returns an object', () => {
    const odd = defineMetric({
      name: 'odd',
      kind: 'mean',
      direction: 'lower',
      due: 'serve',
      value: (() => ({})) as never,
    });
    const canary = new CanaryDeployment({ baseline: model, canary: model, metrics: [odd as never], seed: 1 });
    expect(canary.predict(3)).toBe(3);
    expect(canary.history.at(-1)).toMatchObject({ type: 'contained-error', where: 'metric:odd' });
  });
});

describe('restoring a rollout', () => {
  it('refuses a snapshot of another number of stages', () => {
    const { deployment, clock } = drive(1, 20);
    const other = { baseline: noisy(1, 1), canary: noisy(1, 2), stages: [50, 100], clock };
    expect(() => CanaryDeployment.restore(deployment.snapshot(), other)).toThrow('another number of stages');
  });
});
