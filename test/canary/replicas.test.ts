import { describe, expect, it } from 'vitest';
import { BlueGreenDeployment } from '../../src/bluegreen/index.ts';
import { CanaryDeployment, type TransitionEvent } from '../../src/canary/index.ts';
import { type Control, type Delta, ManualClock, SnapshotError } from '../../src/core/index.ts';
import { createRng, integer, normal } from '../../src/random/index.ts';

function noisy(sd: number, seed: number) {
  const rng = createRng(seed);
  return { predict: (x: number) => x + sd * normal(rng) };
}

const wire = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function replica(label: string, more: object = {}, canarySd = 1) {
  const clock = new ManualClock(0);
  const told: string[] = [];
  const canary = new CanaryDeployment({
    baseline: noisy(1, label.length),
    canary: noisy(canarySd, 50 + label.length),
    seed: 1,
    replica: label,
    clock,
    hooks: { rollback: ({ reason }) => told.push(reason) },
    ...more,
  });
  const serve = (n: number): void => {
    for (let i = 0; i < n; i += 1) {
      clock.advance(10);
      canary.predict(i, { truth: i });
    }
  };
  return { canary, serve, told };
}

describe('a canary of several replicas', () => {
  it('judges by what all of them have seen: none could have decided alone', () => {
    const stages = [{ weight: 10, minSamples: 1e9 }, 100];
    const replicas = ['a', 'bb', 'ccc', 'dddd'].map((label) => replica(label, { stages }, 1.6));
    for (let round = 0; round < 20; round += 1) {
      for (const { serve } of replicas) serve(20);
      for (const [i, from] of replicas.entries()) {
        const delta = from.canary.takeDelta();
        if (delta === undefined) continue;
        for (const [k, to] of replicas.entries()) if (k !== i) to.canary.mergeDelta(wire(delta));
      }
    }
    for (const { canary } of replicas) expect(canary.phase.phase).toBe('rolled-back');
    const [first] = replicas;
    const { nCanary, nBaseline } = first!.canary.checkHealth().checks[0]!;
    expect(nCanary).toBeGreaterThan(first!.canary.served.canary);
    expect(nBaseline).toBeGreaterThan(first!.canary.served.baseline);
    // Each is known once: the evidence of all is that of the requests of all, as far as they were told before the end.
    const canarySum = replicas.reduce((sum, { canary }) => sum + canary.served.canary, 0);
    expect(nCanary).toBeLessThanOrEqual(canarySum);
  });

  it('counts every outcome once at every replica', () => {
    const stages = [{ weight: 30, minSamples: 1e9 }, 100];
    const replicas = ['a', 'bb', 'ccc'].map((label) => replica(label, { stages }));
    const exchange = () => {
      const deltas = replicas.map(({ canary }) => canary.takeDelta());
      for (const [i, delta] of deltas.entries()) {
        for (const [k, to] of replicas.entries()) if (k !== i && delta !== undefined) to.canary.mergeDelta(wire(delta));
      }
    };
    for (let round = 0; round < 4; round += 1) {
      for (const [i, { serve }] of replicas.entries()) serve(50 * (i + 1));
      exchange();
    }
    expect(replicas.map(({ canary }) => canary.takeDelta())).toEqual([undefined, undefined, undefined]);
    const counts = replicas.map(({ canary }) => {
      const { nCanary, nBaseline, estimate } = canary.checkHealth().checks[0]!;
      return [nCanary, nBaseline, Number(estimate?.toFixed(10))];
    });
    expect(counts[0]![0]! + counts[0]![1]!).toBe(4 * 300);
    expect(counts[1]).toEqual(counts[0]);
    expect(counts[2]).toEqual(counts[0]);
  });

  it('goes back everywhere, from the next request on, where one has decided; the pager rings once', () => {
    const [a, b] = [replica('a'), replica('bb')];
    for (const { serve } of [a, b]) serve(100);
    a.canary.rollback('second thoughts', 'ada');
    const { canary: before } = b.canary.served;
    expect(b.canary.follow(wire(a.canary.control()))).toBe(true);
    b.serve(300);
    expect(b.canary.served.canary).toBe(before);
    expect(b.canary.status).toMatchObject({ phase: 'rolled-back', waitingFor: 'second thoughts' });
    expect([a.told, b.told]).toEqual([['second thoughts'], []]);
    expect(b.canary.history.at(-1)).toMatchObject({ type: 'transition', actor: 'replica', reason: 'second thoughts' });
    expect(b.canary.follow(wire(a.canary.control()))).toBe(false);
  });

  it('follows stages, approvals and new attempts, and refuses older ones', async () => {
    const [a, b] = [replica('a'), replica('bb')];
    const old = wire(a.canary.control());
    a.canary.skipStage('ada');
    expect(b.canary.follow(wire(a.canary.control()))).toBe(true);
    expect(b.canary.weight).toBe(25);
    expect(b.canary.follow(old)).toBe(false);
    expect(b.canary.weight).toBe(25);
    b.serve(50);
    a.canary.rollback();
    a.canary.retry();
    await a.canary.start();
    b.canary.follow(wire(a.canary.control()));
    expect(b.canary.status).toMatchObject({ phase: 'progressing', weight: 10 });
    expect(b.canary.checkHealth().checks[0]!.nCanary).toBe(0);
  });

  it('takes no evidence of an attempt that is over, and none of one that it has not heard of', async () => {
    const [a, b] = [replica('a'), replica('bb')];
    a.serve(100);
    const late = wire(a.canary.takeDelta()!);
    a.canary.rollback();
    a.canary.retry();
    await a.canary.start();
    a.serve(100);
    const early = wire(a.canary.takeDelta()!);
    expect(() => b.canary.mergeDelta(early)).toThrow("follow that replica's control first");
    b.canary.follow(wire(a.canary.control()));
    b.canary.mergeDelta(late);
    expect(b.canary.checkHealth().checks[0]!.nBaseline).toBe(0);
    b.canary.mergeDelta(early);
    expect(b.canary.checkHealth().checks[0]!.nBaseline).toBeGreaterThan(50);
  });

  it('where two have decided at once, the safer decision stands everywhere, whoever published first', () => {
    for (const first of [0, 1]) {
      const replicas = [replica('a'), replica('bb')];
      replicas[0]!.canary.rollback('bad', 'ada');
      replicas[1]!.canary.skipStage('bob');
      let published: Control = wire(replicas[first]!.canary.control());
      // As a store does that takes the next revision only: whoever is refused follows, and publishes again if it is ahead.
      for (let round = 0; round < 3; round += 1) {
        for (const { canary } of replicas) {
          canary.follow(published);
          if (canary.control().revision > published.revision) published = wire(canary.control());
        }
      }
      expect(replicas.map(({ canary }) => canary.phase.phase)).toEqual(['rolled-back', 'rolled-back']);
      expect(replicas.map(({ canary }) => canary.control().revision)).toEqual([published.revision, published.revision]);
    }
  });

  it('ends with one decision whatever the order of decisions and deliveries', async () => {
    const rng = createRng(5);
    for (let run = 0; run < 60; run += 1) {
      const replicas = ['a', 'bb', 'ccc'].map((label) => replica(label));
      let store: Control = wire(replicas[0]!.canary.control());
      const sync = ({ canary }: (typeof replicas)[number]): void => {
        canary.follow(wire(store));
        if (canary.control().revision > store.revision) store = wire(canary.control());
      };
      const moves = ['pause', 'resume', 'skipStage', 'rollback', 'retry', 'start', 'promote'] as const;
      for (let step = 0; step < 40; step += 1) {
        const one = replicas[integer(rng, 3)]!;
        if (rng.next() < 0.5) sync(one);
        else {
          try {
            const move = moves[integer(rng, moves.length)]!;
            await one.canary[move]();
          } catch {
            // Not possible in its phase.
          }
        }
        one.serve(3);
      }
      for (let round = 0; round < 4; round += 1) replicas.forEach(sync);
      const phases = replicas.map(({ canary }) => JSON.stringify([canary.phase, canary.weight]));
      expect(new Set(phases).size).toBe(1);
    }
  });

  it('refuses what is not its own, or broken, and changes nothing', () => {
    const [a, b] = [replica('a'), replica('bb', { stages: [50, 100] })];
    a.serve(50);
    const delta = a.canary.takeDelta() as Delta;
    const before = JSON.stringify(b.canary.snapshot());
    expect(() => b.canary.mergeDelta(wire(delta))).toThrow(SnapshotError);
    a.canary.skipStage();
    a.canary.skipStage();
    expect(() => b.canary.follow(wire(a.canary.control()))).toThrow('the same plan');
    for (const own of [null, {}, { run: 'x' }, { run: 0, evidence: [] }, { run: 0, evidence: [[null]] }]) {
      expect(() => b.canary.mergeDelta({ ...delta, state: { own } } as never)).toThrow(SnapshotError);
    }
    const control = b.canary.control();
    for (const own of [{}, { run: 1, state: { phase: { phase: 'promoted' } } }, { run: 1, state: { phase: 'x' } }]) {
      expect(() => b.canary.follow({ ...control, revision: 99, state: { own } } as never)).toThrow(SnapshotError);
    }
    expect(JSON.stringify(b.canary.snapshot())).toBe(before);
  });

  it('keeps what it has not told yet over a restore', () => {
    const options = { baseline: noisy(1, 1), canary: noisy(1, 2), seed: 1, clock: new ManualClock(0) };
    const canary = new CanaryDeployment(options);
    for (let i = 0; i < 60; i += 1) canary.predict(i, { truth: i });
    canary.takeDelta();
    for (let i = 0; i < 40; i += 1) canary.predict(i, { truth: i });
    const restored = CanaryDeployment.restore(wire(canary.snapshot()), options);
    expect(JSON.stringify(restored.takeDelta())).toBe(JSON.stringify(canary.takeDelta()));
    expect(restored.takeDelta()).toBeUndefined();
  });
});

describe('a blue-green deployment of several replicas', () => {
  it('shares evidence, the switch and the way back', async () => {
    const make = (label: string, sd = 1) =>
      new BlueGreenDeployment({
        blue: noisy(1, label.length),
        green: noisy(sd, 9 + label.length),
        seed: 1,
        replica: label,
        clock: new ManualClock(0),
      });
    const [a, b] = [make('a'), make('bb')];
    await a.prepare('ada');
    b.follow(wire(a.control()));
    expect(b.status.phase).toBe('ready');
    for (const one of [a, b]) for (let i = 0; i < 60; i += 1) one.predict(i, { truth: i });
    expect(() => a.switch()).toThrow('force');
    a.mergeDelta(wire(b.takeDelta()!));
    expect(a.checkHealth().checks[0]!.nCanary).toBe(120);
    a.switch({ force: true }, 'ada');
    expect(b.follow(wire(a.control()))).toBe(true);
    b.predict(1);
    expect(b.status).toMatchObject({ phase: 'green', served: { blue: 60, green: 1 } });
    b.back('no', 'bob');
    a.follow(wire(b.control()));
    a.predict(1);
    expect(a.status).toMatchObject({ phase: 'returned', active: 'blue' });
    const moves = a.history.filter((event) => event.type === 'transition') as unknown as TransitionEvent[];
    expect(moves.map(({ actor }) => actor)).toEqual(['ada', 'ada', 'replica']);
  });
});

describe('a snapshot edited by hand', () => {
  type Own = { [key: string]: Own };
  const edits: Readonly<Record<string, (own: Own) => void>> = {
    'a revision that is none': (own) => Object.assign(own.engine!, { revision: 'x' }),
    'evaluations below 0': (own) => Object.assign(own.engine!, { evaluations: -1 }),
    'requests that are no count': (own) => Object.assign(own.served!, { canary: 0.5 }),
    'a stage that is no number': (own) => Object.assign(own.engine!.state!.phase!, { stage: '0' }),
  };

  it.each(Object.keys(edits))('%s: is refused', (name) => {
    const options = { baseline: noisy(1, 1), canary: noisy(1, 2), seed: 1, clock: new ManualClock(0) };
    const canary = new CanaryDeployment(options);
    for (let i = 0; i < 5; i += 1) canary.predict(i, { truth: i });
    const snapshot = wire(canary.snapshot());
    expect(() => CanaryDeployment.restore(wire(snapshot), options)).not.toThrow();
    edits[name]!((snapshot.state as unknown as { own: Own }).own);
    expect(() => CanaryDeployment.restore(snapshot, options)).toThrow(SnapshotError);
  });
});
