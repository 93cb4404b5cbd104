import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisHub } from '../../src/adapters/redis/index.ts';
import type { Snapshot } from '../../src/core/index.ts';
import { ABTest, absoluteError, CanaryDeployment, ShadowRunner, ThompsonSampling } from '../../src/index.ts';
import { type Replica, share } from '../../src/sharing/index.ts';
import { hasRedis, type RedisServer, startRedis } from '../support/redisServer.ts';

const off = (by: number) => ({ predict: (x: number) => x + by });

/** A shadow around a canary around a bandit. */
function tree() {
  const bandit = new ThompsonSampling({
    name: 'bandit',
    seed: 3,
    arms: { near: off(0.1), far: off(0.9) },
    reward: ({ truth, prediction }) => 1 - Math.min(1, Math.abs(Number(truth) - Number(prediction))),
  });
  const canary = new CanaryDeployment({
    name: 'canary',
    seed: 2,
    baseline: off(0.5),
    canary: bandit,
    stages: [50, 100],
    metrics: [absoluteError()],
    autoProgress: false,
  });
  const shadow = new ShadowRunner({
    name: 'shadow',
    seed: 1,
    primary: canary,
    shadows: { next: off(0.2) },
    cpuShare: 1,
    metrics: [absoluteError()],
  });
  return { shadow, canary, bandit };
}
type Tree = ReturnType<typeof tree>;

/** What all replicas of the tree must agree on, at every level. */
function known({ shadow, canary, bandit }: Tree) {
  const digits = (value: number | undefined): number => Number((value ?? 0).toPrecision(10));
  const { compared, metrics } = shadow.compare('next');
  const health = canary.checkHealth();
  return {
    compared,
    shadowErrors: metrics.map(({ primary, shadow: other }) => [digits(primary), digits(other)]),
    phase: canary.phase,
    canaryErrors: [health.metrics, health.baselineMetrics].map((of) =>
      Object.values(of).map((value) => digits(value as number)),
    ),
    arms: bandit.statistics().map(({ arm, pulls, meanReward }) => [arm, pulls, digits(meanReward)]),
  };
}

describe.runIf(hasRedis())('a shadow around a canary around a bandit, shared through Redis', () => {
  let server: RedisServer;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
    await server.end();
  });
  const join = async (label: string): Promise<Tree & { replica: Replica }> => {
    const client = await createClient({ url: server.url }).connect();
    closers.push(() => client.close());
    const made = tree();
    const hub = new RedisHub(client, { name: 'nested' });
    const replica = await share(made.shadow, hub, { replica: label, everyMs: 1e6, foldAt: 4 });
    closers.push(() => replica.stop());
    return { ...made, replica };
  };
  type Member = Awaited<ReturnType<typeof join>>;
  const settle = async (...members: Member[]): Promise<void> => {
    for (const { shadow } of members) await shadow.drain({ deadlineMs: 5000 });
    for (let i = 0; i < 5; i += 1) for (const { replica } of members) await replica.exchange();
  };
  const serve = (member: Member, from: number, times: number): string[] =>
    Array.from({ length: times }, (_, i) => member.shadow.serve(from + i).requestId);

  it('is one: evidence, truths and control of every level, also for who comes late, and when one is gone', async () => {
    const [a, b] = [await join('a'), await join('b')];
    const ids = [...serve(a, 0, 80), ...serve(b, 80, 60)];
    await settle(a, b);
    // Every truth comes to the replica that did not serve it, and every third to both.
    ids.forEach((id, i) => {
      (i < 80 ? b : a).shadow.record(id, i);
      if (i % 3 === 0) (i < 80 ? a : b).shadow.record(id, i);
    });
    await settle(a, b);
    expect(known(a)).toEqual(known(b));
    const { compared, arms } = known(a);
    expect(compared).toBe(140);
    const pulls = arms.reduce((sum, [, n]) => sum + Number(n), 0);
    const served = [a, b].map(({ replica }) => replica.status.truths);
    expect(served.map(({ asked, unknown, dropped }) => asked + unknown + dropped)).toEqual([0, 0]);
    // Of all requests those that the canary gave to the bandit, each once.
    expect(pulls).toBeGreaterThan(40);
    expect(pulls).toBeLessThan(100);

    b.canary.skipStage('ada');
    await settle(a, b);
    expect(a.canary.phase).toEqual(b.canary.phase);
    const late = await join('late');
    await settle(late, a, b);
    expect(known(late)).toEqual(known(a));

    // One serves and is gone before the truths come.
    const left = serve(a, 200, 20);
    await settle(a);
    await a.replica.stop();
    for (const [i, id] of left.entries()) late.shadow.record(id, 200 + i);
    await settle(late, b);
    expect(known(late)).toEqual(known(b));
    expect(known(late).compared).toBe(160);
    expect([a, b, late].map(({ replica }) => replica.status.refused)).toEqual([0, 0, 0]);
    const recorded = late.shadow.snapshot().nested.primary!.state as unknown as { truths: { waiting: unknown[] } };
    expect(recorded.truths.waiting).toEqual([]);

    // One snapshot, taken from any of them, goes on as that one does.
    const snapshot = JSON.parse(JSON.stringify(b.shadow.snapshot())) as Snapshot;
    const { canary: primary, bandit } = tree();
    const options = { name: 'shadow', seed: 1, shadows: { next: off(0.2) }, cpuShare: 1, metrics: [absoluteError()] };
    const restored = ShadowRunner.restore(snapshot, { ...options, primary });
    expect(known({ shadow: restored as unknown as Tree['shadow'], canary: primary, bandit })).toEqual(known(b));

    // Into another tree it is not taken, and changes nothing.
    const ab = new ABTest({
      name: 'canary',
      champion: off(0),
      challenger: off(1),
      metrics: [absoluteError({ role: 'goal' })],
    });
    expect(() => ShadowRunner.restore(snapshot, { ...options, primary: ab })).toThrow('kind must be');
    expect(() => ShadowRunner.restore(snapshot, { ...options, primary: tree().bandit })).toThrow('kind must be');
    expect(() => ShadowRunner.restore({ ...snapshot, nested: {} }, { ...options, primary: tree().canary })).toThrow(
      'nothing of the nested strategy primary',
    );
  });

  it('refuses a tree of another shape under the same name, which serves on alone', async () => {
    const a = await join('a');
    const ids = serve(a, 0, 20);
    for (const [i, id] of ids.entries()) a.shadow.record(id, i);
    await settle(a);
    const client = await createClient({ url: server.url }).connect();
    closers.push(() => client.close());
    const flat = new ShadowRunner({ name: 'shadow', primary: off(0), shadows: { next: off(0.2) } });
    const other = new CanaryDeployment({ name: 'shadow', baseline: off(0), canary: off(1) });
    const hub = new RedisHub(client, { name: 'nested' });
    await expect(share(other, hub)).rejects.toMatchObject({ code: 'ERR_SNAPSHOT' });
    const outcome = await share(flat, hub, { everyMs: 1e6, graceMs: 0 }).catch((error: unknown) => error);
    if (!(outcome instanceof Error)) await (outcome as Replica).stop();
    expect(flat.predict(1)).toBe(1);
    expect(other.predict(1)).toBeOneOf([1, 2]);
  });
});
