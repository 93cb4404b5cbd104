import { describe, expect, it } from 'vitest';
import { type Arms, type BanditStrategy, ThompsonSampling, UCB } from '../../src/bandits/index.ts';
import { type Delta, ManualClock, type Snapshot } from '../../src/core/index.ts';
import { closeness } from '../../src/metrics/index.ts';
import { expectClose } from '../support/golden.ts';
import { memories, strategies } from './support/strategies.ts';

const arms = {
  good: { predict: (x: number) => x + (x % 3) },
  fair: { predict: (x: number) => x + 4 },
  poor: { predict: (x: number) => x + 6 + (x % 2) },
};
const reward = closeness({ scale: 10 });
const options = (replica: string) =>
  ({ arms, reward, replica, seed: 3, clock: new ManualClock(0), holdout: { share: 0.2, by: 'random' } }) as const;
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

interface Row {
  readonly arm: string;
  readonly reward: number;
  readonly context: unknown;
}

/** Four replicas that serve and exchange, and every reward that any of them had. */
function fourReplicas(create: (replica: string) => BanditStrategy<Arms>) {
  const rows: Row[] = [];
  const replicas = ['a', 'b', 'c', 'd'].map((label) => {
    const bandit = create(label);
    bandit.on('rewarded', ({ arm, reward: earned, context }) => void rows.push({ arm, reward: earned, context }));
    return bandit;
  });
  const exchange = (): void => {
    const deltas = replicas.map((replica) => replica.takeDelta());
    deltas.forEach((delta, from) => {
      replicas.forEach((replica, to) => {
        if (from !== to && delta !== undefined) replica.mergeDelta(json(delta));
      });
    });
  };
  const serve = (n: number): void => {
    replicas.forEach((replica, k) => {
      for (let i = 0; i < n * (k + 1); i += 1) replica.serve((5 * i + k) as never, { truth: 5 * i + k });
    });
  };
  return { replicas, rows, exchange, serve };
}

function expectSame(bandit: BanditStrategy<Arms>, reference: BanditStrategy<Arms>, rows: readonly Row[]): void {
  const expected = reference.policy.statistics();
  bandit.statistics().forEach((arm, i) => {
    expect(arm.pulls).toBe(expected[i]!.pulls);
    expect(arm.served).toBe(rows.filter((row) => row.arm === arm.arm).length);
    expectClose(arm.totalReward, expected[i]!.totalReward, 1e-12, 'total', 1);
    expectClose(arm.estimate, expected[i]!.estimate, 1e-9, 'estimate', 1);
    expectClose(arm.variance, expected[i]!.variance, 1e-9, 'variance', 1);
  });
  expect(bandit.counts).toMatchObject({ served: rows.length, rewards: rows.length, refused: 0 });
  const { bandit: own, control } = bandit.holdout()!;
  expect(own.n + control.n).toBe(rows.length);
}

const mergeable = Object.entries(strategies).filter(([, under]) => under.mergeable);
const others = Object.entries(strategies).filter(([, under]) => !under.mergeable);

describe('deltas of four replicas', () => {
  it.each(mergeable)('are what one process would know: %s', (_, { create }) => {
    const { replicas, rows, exchange, serve } = fourReplicas((replica) => create(options(replica)));
    for (const n of [4, 9, 2]) {
      serve(n);
      exchange();
    }
    const reference = create(options(''));
    reference.policy.updateBatch(rows);
    expect(rows.length).toBe(150);
    for (const replica of replicas) {
      expectSame(replica, reference, rows);
      expect(replica.takeDelta()).toBeUndefined();
    }
    const ids = new Set(replicas.map((replica) => replica.serve(0 as never).requestId));
    expect(ids.size).toBe(4);
  });

  it.each(others)('are refused where the order of rewards matters: %s', (_, { create }) => {
    const [a, b] = [create(options('a')), create(options('b'))];
    a.serve(1 as never, { truth: 1 });
    expect(a.takeDelta()).toBeUndefined();
    const own = new UCB({ ...options('c') });
    own.serve(1, { truth: 1 });
    const { kind, version, name } = b.snapshot();
    const delta = { ...own.takeDelta()!, kind: `${kind}/delta`, version, name } as Delta;
    expect(() => b.mergeDelta(delta)).toThrow('depends on the order of updates');
    expect(a.summary().warnings.join()).toContain('learn each by itself');
  });

  it('are refused by a bandit whose memory forgets', () => {
    const { window } = memories;
    const bandit = new UCB({ ...options('a'), memory: window! });
    bandit.serve(1, { truth: 1 });
    expect(bandit.takeDelta()).toBeUndefined();
  });

  it('go through snapshots: a restart tells what it had not told, another replica nothing of it', () => {
    const first = new ThompsonSampling(options('a'));
    const second = new ThompsonSampling(options('b'));
    const serve = (bandit: typeof first, n: number) => {
      for (let i = 0; i < n; i += 1) bandit.serve(i, { truth: i });
    };
    serve(first, 20);
    second.mergeDelta(json(first.takeDelta()!));
    serve(first, 7);
    const snapshot = json(first.snapshot()) as Snapshot;
    const restarted = ThompsonSampling.restore(snapshot, options('a'));
    second.mergeDelta(json(restarted.takeDelta()!));
    expect(second.counts.rewards).toBe(27);
    expect(second.statistics().map(({ pulls }) => pulls)).toEqual(first.statistics().map(({ pulls }) => pulls));
    const third = ThompsonSampling.restore(snapshot, options('c'));
    expect(third.takeDelta()).toBeUndefined();
    const choices = (bandit: typeof first) => Array.from({ length: 40 }, (_, i) => bandit.serve(i).variant).join();
    expect(choices(third)).not.toBe(choices(restarted));
  });

  it('know arms that were added, and refuse those that are not here, as they were', () => {
    const create = (replica: string) => new UCB<Arms>({ ...options(replica), baseline: 'good' });
    const [a, b] = [create('a'), create('b')];
    for (const bandit of [a, b]) for (let i = 0; i < 12; i += 1) bandit.serve(i as never, { truth: i });
    a.mergeDelta(b.takeDelta()!);
    a.removeArm('poor');
    a.addArm('poor', arms.good);
    a.addArm('new', arms.good);
    for (let i = 0; i < 12; i += 1) a.serve(i as never, { truth: i });
    const before = json(b.snapshot());
    const delta = json(a.takeDelta()!);
    expect(() => b.mergeDelta(delta)).toThrow(expect.objectContaining({ code: 'ERR_SNAPSHOT' }));
    for (const bad of [
      { ...delta, state: {} },
      { ...delta, state: { own: { ...(delta.state as never as { own: object }).own, served: 0.5 } } },
    ]) {
      if (Object.keys(bad.state as object).length > 0) {
        expect(() => b.mergeDelta(bad as Delta)).toThrow(expect.objectContaining({ code: 'ERR_SNAPSHOT' }));
      }
    }
    expect(json(b.snapshot())).toEqual(before);
    b.addArm('new', arms.good);
    b.mergeDelta(delta);
    expect(b.statistics().find(({ arm }) => arm === 'new')!.pulls).toBeGreaterThan(0);
  });
});
