import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, type Model } from '../../src/core/index.ts';
import { absoluteError } from '../../src/metrics/index.ts';
import { Rollout, type RolloutOptions, type StepVerdict } from '../../src/rollout/index.ts';
import type { RolloutPhase } from '../../src/rollout/RolloutPhase.ts';
import { initialRolloutState, type RolloutState } from '../../src/rollout/RolloutState.ts';
import { reconcile } from '../../src/rollout/reconcile.ts';
import { MemoryHub, type Replica, type ShareEvent, share } from '../../src/sharing/index.ts';

type Leaf = Model<number, number>;
interface Member {
  readonly rollout: Rollout<Leaf, Leaf>;
  readonly replica: Replica;
  readonly told: ShareEvent['type'][];
}

let clock = new ManualClock(0);
let hub = new MemoryHub();
beforeEach(() => {
  clock = new ManualClock(1_000_000);
  hub = new MemoryHub();
});

const hold = (): StepVerdict => ({ verdict: 'hold', reasons: [] });

function build(more: Partial<RolloutOptions<Leaf, Leaf>> = {}): Rollout<Leaf, Leaf> {
  clock.advance(3);
  return new Rollout<Leaf, Leaf>({
    name: 'shared',
    seed: 1,
    clock,
    current: { predict: (x) => x },
    candidate: { predict: (x) => x + ((x * 7919) % 13) / 100 },
    metrics: [absoluteError({ role: 'goal' })],
    shadow: { cpuShare: 1, criteria: hold },
    abTest: { criteria: hold },
    canary: { stages: [50, 100] },
    ...more,
  });
}

async function member(label: string, more: Partial<RolloutOptions<Leaf, Leaf>> = {}): Promise<Member> {
  const rollout = build(more);
  const replica = await share(rollout, hub, { replica: label, clock });
  const told: ShareEvent['type'][] = [];
  replica.on('*', ({ type }) => void told.push(type as ShareEvent['type']));
  return { rollout, replica, told };
}

async function settle(...members: Member[]): Promise<void> {
  for (let i = 0; i < 3; i += 1) for (const { replica } of members) await replica.exchange();
}

describe('a rollout among its replicas', () => {
  it('is in one step everywhere, also where one comes late, and goes back everywhere', async () => {
    const pages: string[] = [];
    const hooks = { rejected: () => void pages.push('b') };
    const [a, b] = [await member('a'), await member('b', { hooks })];
    await settle(a, b);
    a.rollout.skip({ actor: 'ada' });
    await settle(a, b);
    expect(b.rollout.phase).toEqual({ phase: 'running', step: 1 });
    expect(b.rollout.serve(1).step).toBe('abTest');
    b.rollout.skip();
    await settle(a, b);
    const c = await member('c');
    await settle(a, b, c);
    for (const { rollout } of [a, b, c]) {
      expect(rollout.phase).toEqual({ phase: 'running', step: 2 });
      expect(rollout.serve(1).step).toBe('canary');
    }
    expect(c.rollout.story().steps[0]).toMatchObject({ report: { reason: 'skipped by hand', actor: 'ada' } });
    c.rollout.reject({ reason: 'complaints', actor: 'bob' });
    await settle(a, b, c);
    for (const { rollout } of [a, b, c]) {
      expect(rollout.phase).toEqual({ phase: 'rejected', reason: 'complaints' });
      expect(rollout.serve(1)).toMatchObject({ step: 'production', variant: 'current' });
      expect(rollout.canary?.phase.phase ?? 'rolled-back').toBe('rolled-back');
    }
    // Whoever decided has told its hooks; those who follow only log it.
    expect(pages).toEqual([]);
    a.rollout.retry();
    a.rollout.start();
    await settle(a, b, c);
    for (const { rollout } of [b, c])
      expect(rollout.status).toMatchObject({ phase: 'running', step: 'shadow', attempt: 2 });
    for (const { told } of [a, b, c]) expect(told).not.toContain('refused');
  });

  it('adds up what all have served, and truths that come to another replica', async () => {
    const [a, b] = [await member('a', { shadow: false }), await member('b', { shadow: false })];
    await settle(a, b);
    const ids: string[] = [];
    for (let i = 0; i < 40; i += 1) {
      ids.push(a.rollout.serve(i).requestId);
      b.rollout.record(b.rollout.serve(i).requestId, i);
    }
    await settle(a, b);
    for (const id of ids) b.rollout.record(id, 1);
    await settle(a, b);
    for (const { rollout } of [a, b]) {
      expect(rollout.status.requests).toBe(80);
      expect(rollout.abTest!.summary().requests).toBe(80);
    }
    expect([a.replica.status.truths.taken, b.replica.status.truths.adopted]).toEqual([40, 40]);
  });

  it('tells what a step has learnt last, though it was let go of since', async () => {
    const [a, b] = [await member('a', { shadow: false }), await member('b', { shadow: false })];
    const first = a.rollout.serve(1);
    await settle(a, b);
    a.rollout.record(first.requestId, 1);
    await settle(a, b);
    for (let i = 0; i < 10; i += 1) a.rollout.record(a.rollout.serve(i).requestId, i);
    const kept = b.rollout.serve(7);
    a.rollout.skip();
    a.rollout.tick();
    expect(a.rollout.abTest).toBeUndefined();
    await settle(a, b);
    // Its own request still waits there.
    expect(b.rollout.abTest!.summary().requests).toBe(12);
    expect(b.rollout.record(kept.requestId, 7)).not.toBe('unknown');
    expect(b.told).not.toContain('refused');
  });

  it('keeps a rejection and a pause where two decide at once', async () => {
    const [a, b] = [await member('a'), await member('b')];
    await settle(a, b);
    a.rollout.skip();
    b.rollout.pause({ actor: 'bob' });
    await settle(a, b);
    for (const { rollout } of [a, b]) {
      expect(rollout.phase).toEqual({ phase: 'paused', reason: 'manual', previous: { phase: 'running', step: 1 } });
    }
    a.rollout.resume();
    a.rollout.skip();
    b.rollout.reject({ reason: 'no' });
    await settle(a, b);
    for (const { rollout } of [a, b]) expect(rollout.phase).toEqual({ phase: 'rejected', reason: 'no' });
    for (const { told } of [a, b]) expect(told).not.toContain('refused');
  });

  it('refuses what is no control and no delta of it, and changes nothing', async () => {
    const rollout = build({ shadow: false });
    rollout.serve(1);
    const before = JSON.stringify(rollout.snapshot());
    const control = rollout.control();
    const own = (phase: unknown) => ({
      ...control,
      revision: 9,
      state: { own: { ...initialRolloutState, phase } },
    });
    for (const phase of [
      null,
      { phase: 'running', step: 7 },
      { phase: 'running' },
      { phase: 'paused' },
      { phase: 5 },
    ]) {
      expect(() => rollout.follow(own(phase) as never), JSON.stringify(phase)).toThrow(
        /state of a rollout|names no step/,
      );
    }
    expect(() => rollout.follow({ ...control, nested: {} })).toThrow('nothing of the nested strategy');
    expect(JSON.stringify(rollout.snapshot())).toBe(before);
    const other = build({ shadow: false });
    other.skip();
    other.record(other.serve(1).requestId, 1);
    const delta = other.takeDelta()!;
    expect(() => rollout.mergeDelta(delta)).toThrow("follow that replica's control first");
    expect(rollout.follow(other.control())).toBe(true);
    rollout.mergeDelta(delta);
    expect(rollout.status.requests).toBe(2);
  });
});

describe('reconcile', () => {
  const active = fc.oneof(
    fc.record({ phase: fc.constant('running' as const), step: fc.nat({ max: 2 }) }),
    fc.record({ phase: fc.constant('gated' as const), step: fc.nat({ max: 3 }) }),
  );
  const phases: fc.Arbitrary<RolloutPhase> = fc.oneof(
    active,
    fc.record({ phase: fc.constant('paused' as const), reason: fc.constant('manual' as const), previous: active }),
    fc.constantFrom<RolloutPhase>({ phase: 'pending' }, { phase: 'promoted' }, { phase: 'rejected', reason: 'no' }),
  );
  const states: fc.Arbitrary<RolloutState> = fc
    .record({ phase: phases, attempt: fc.integer({ min: 1, max: 2 }) })
    .map((fields) => ({ ...initialRolloutState, ...fields }));

  it('comes to the same whoever asks, and to no less than either', () => {
    fc.assert(
      fc.property(states, states, (a, b) => {
        const [mine, theirs] = [reconcile(a, b, false), reconcile(b, a, false)];
        expect(mine.attempt).toBe(Math.max(a.attempt, b.attempt));
        expect([mine.phase, mine.attempt]).toEqual([theirs.phase, theirs.attempt]);
        expect(reconcile(mine, a, false)).toBe(mine);
        expect(reconcile(mine, b, false)).toBe(mine);
        const rejected = [a, b].some(({ phase, attempt }) => phase.phase === 'rejected' && attempt === mine.attempt);
        if (rejected) expect(mine.phase.phase).toBe('rejected');
      }),
      { numRuns: 2000 },
    );
  });
});
