import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, ManualClock, type StateStore, type StrategyObserver, strategyMark } from '../../src/core/index.ts';
import { ABTest, CanaryDeployment, ShadowRunner, ThompsonSampling } from '../../src/index.ts';
import { MemoryStore, type PersistOptions, persist } from '../../src/sharing/index.ts';
import { Tally } from '../support/Tally.ts';

let clock = new ManualClock(0);
beforeEach(() => {
  clock = new ManualClock(1_000_000);
});
const make = (name = 'tally'): Tally => new Tally({ name, clock, seed: 42 });
const breathe = async (): Promise<void> => {
  for (let i = 0; i < 30; i += 1) await Promise.resolve();
};
const keep = (tally: Tally, store: StateStore, options: PersistOptions = {}) =>
  persist(tally, store, { clock, ...options });

describe('persist', () => {
  it('goes on where the last process ended, bit for bit', async () => {
    const store = new MemoryStore();
    const first = make();
    const keeper = await keep(first, store);
    expect(keeper.status).toMatchObject({ restored: false });
    const { requestId } = first.serve(1);
    first.say('agreed');
    expect(await keeper.stop()).toBe(true);
    const second = make();
    expect((await keep(second, store)).status).toMatchObject({ restored: true });
    expect(second.snapshot()).toEqual(first.snapshot());
    expect([second.word, second.record(requestId, 3)]).toEqual(['agreed', 'recorded']);
    expect(await store.events('tally')).toMatchObject([{ type: 'said' }]);
  });

  it('keeps the audit log of what was thrown, whatever that was', async () => {
    const store = new MemoryStore();
    const tally = make();
    const keeper = await keep(tally, store);
    const thrown = [Object.create(null), { toString: () => Object.create(null) }, new Error('plain'), undefined, 10n];
    for (const error of thrown) tally.runtime.events.contain('listener', error);
    expect(await keeper.save()).toBe(true);
    expect(keeper.status).toMatchObject({ failures: 0 });
    expect((await store.events('tally')).length).toBe(thrown.length);
    expect((await store.events('tally'))[2]).toMatchObject({ error: { name: 'Error', message: 'plain' } });
    await keeper.stop();
  });

  it('watches no more once somebody else writes under its key', async () => {
    const store = new MemoryStore();
    const tally = make();
    let watching = 0;
    const { observe } = tally[strategyMark];
    Object.assign(tally[strategyMark], {
      observe: (observer: StrategyObserver) => {
        watching += 1;
        const stop = observe(observer);
        return () => {
          watching -= 1;
          stop();
        };
      },
    });
    const keeper = await keep(tally, store);
    await keeper.save();
    await store.compareAndSet('tally', keeper.status.version, 'somebody else');
    expect(watching).toBe(1);
    expect(await keeper.save()).toBe(false);
    expect(keeper.status.conflict).toBe(true);
    expect(watching).toBe(0);
  });

  it('saves by time and by requests', async () => {
    const store = new MemoryStore();
    const tally = make();
    const keeper = await keep(tally, store, { everyMs: 1000, everyRequests: 10 });
    await breathe();
    expect(keeper.status.saves).toBe(1);
    clock.advance(1000);
    await breathe();
    expect(keeper.status.saves).toBe(2);
    for (let i = 0; i < 10; i += 1) tally.predict(i);
    clock.advance(0);
    await breathe();
    expect(keeper.status).toMatchObject({ saves: 3, version: 3, failures: 0 });
    await keeper.stop();
    clock.advance(10_000);
    await breathe();
    expect(keeper.status.saves).toBe(4);
  });

  it('survives a store that throws or hangs, and holds nobody up', async () => {
    const store = new MemoryStore();
    let mode: 'well' | 'throws' | 'hangs' = 'well';
    const bad = new Proxy(store, {
      get: (target, key) => {
        const member = (target as never as Record<string | symbol, unknown>)[key];
        if (typeof member !== 'function') return member;
        return (...args: never[]) => {
          if (mode === 'throws') throw new Error('no space left');
          if (mode === 'hangs') return new Promise(() => undefined);
          return (member as (...rest: never[]) => unknown).apply(target, args);
        };
      },
    });
    const tally = make();
    const keeper = await keep(tally, bad, { timeoutMs: 500 });
    await keeper.save();
    mode = 'throws';
    expect(await keeper.save()).toBe(false);
    expect(tally.predict(7)).toBe(7);
    mode = 'hangs';
    const saving = keeper.save();
    await breathe();
    expect(tally.predict(8)).toBe(8);
    clock.advance(500);
    expect(await saving).toBe(false);
    expect(keeper.status.failures).toBe(2);
    expect(keeper.history.filter(({ type }) => type === 'save-failed')).toMatchObject([
      { error: { message: 'no space left' }, failures: 1 },
      { error: { code: 'ERR_TIMEOUT' }, failures: 2 },
    ]);
    mode = 'well';
    expect(await keeper.save()).toBe(true);
    mode = 'throws';
    await expect(keep(make(), bad)).rejects.toThrow('no space left');
    const optional = await keep(make(), bad, { required: false });
    expect(optional.status).toMatchObject({ restored: false, failures: 1 });
    mode = 'well';
    // What is there was never read, so it is not overwritten.
    expect(await optional.save()).toBe(false);
    expect(optional.status.conflict).toBe(true);
  });

  it('tells a save whose answer was lost from that of another process', async () => {
    const store = new MemoryStore();
    const keeper = await keep(make(), store);
    await keeper.save();
    const set = store.compareAndSet.bind(store);
    store.compareAndSet = async (...args) => {
      await set(...args);
      throw new Error('the answer was lost');
    };
    expect(await keeper.save()).toBe(false);
    store.compareAndSet = set;
    expect(await keeper.save()).toBe(true);
    const other = await keep(make(), store);
    await other.save();
    expect(await keeper.save()).toBe(false);
    expect(keeper.status.conflict).toBe(true);
    expect(keeper.history.at(-1)).toMatchObject({ type: 'conflict' });
    expect(await other.save()).toBe(true);
  });

  it.each<[string, (kept: { snapshot: Record<string, unknown> }) => unknown]>([
    ['of another strategy', (kept) => ({ ...kept, snapshot: { ...kept.snapshot, name: 'other' } })],
    ['of another kind', (kept) => ({ ...kept, snapshot: { ...kept.snapshot, kind: 'coronate/abtest' } })],
    ['of newer code', (kept) => ({ ...kept, snapshot: { ...kept.snapshot, version: 99 } })],
    ['of a newer format', (kept) => ({ ...kept, format: 2 })],
    ['that persist() did not write', () => ({ hello: 'world' })],
    ['that is null', () => null],
    ['with a damaged part', (kept) => ({ ...kept, snapshot: { ...kept.snapshot, state: { own: 1 } } })],
    [
      'with hostile keys',
      () => JSON.parse('{"format":1,"writer":"x","__proto__":{"snapshot":{"kind":"coronate/tally"}}}'),
    ],
  ])('refuses a state %s, changes nothing and overwrites nothing', async (_, change) => {
    const store = new MemoryStore();
    await (await keep(make(), store)).stop();
    const { version, value } = (await store.load('tally'))!;
    await store.compareAndSet('tally', version, change(value as never) as Json);
    const tally = make();
    const before = JSON.stringify(tally.snapshot());
    await expect(keep(tally, store)).rejects.toMatchObject({ code: 'ERR_SNAPSHOT' });
    expect(JSON.stringify(tally.snapshot())).toBe(before);
    expect((await store.load('tally'))!.version).toBe(version + 1);
    expect(({} as { snapshot?: unknown }).snapshot).toBeUndefined();
  });

  it('keeps a tree as one: a shadow around a canary around a bandit', async () => {
    const tree = () => {
      const arms = { a: { predict: (x: number) => x }, b: { predict: (x: number) => x + 1 } };
      const bandit = new ThompsonSampling({
        name: 'bandit',
        seed: 1,
        clock,
        arms,
        reward: ({ truth }) => Number(truth),
      });
      const canary = new CanaryDeployment({
        name: 'canary',
        seed: 1,
        clock,
        baseline: { predict: (x: number) => x },
        canary: bandit,
      });
      return new ShadowRunner({
        name: 'shadow',
        seed: 1,
        clock,
        primary: canary,
        shadows: { next: { predict: (x: number) => x } },
      });
    };
    const serve = (shadow: ReturnType<typeof tree>, n: number): string[] =>
      Array.from({ length: n }, (_, i) => {
        const { requestId, path } = shadow.serve(i);
        if (i % 2 === 0) shadow.record(requestId, 1);
        return `${requestId} ${path.join('/')}`;
      });
    const store = new MemoryStore();
    const [here, keeper] = [tree(), undefined];
    expect(keeper).toBeUndefined();
    const kept = await persist(here, store, { clock });
    serve(here, 60);
    await kept.stop();
    const there = tree();
    await persist(there, store, { clock });
    expect(serve(there, 60)).toEqual(serve(here, 60));
    expect(JSON.stringify(there.snapshot())).toBe(JSON.stringify(here.snapshot()));
  });

  it('refuses options and strategies that are none', async () => {
    const store = new MemoryStore();
    await expect(persist({} as never, store)).rejects.toThrow('strategy must be');
    await expect(keep(make(), store, { everyMs: -1 })).rejects.toThrow('everyMs must be');
    await expect(keep(make(), store, { interval: 1 } as never)).rejects.toThrow('options.interval');
    const test = new ABTest({
      champion: { predict: (x: number) => x },
      challenger: { model: { predict: (x: number) => x } },
    });
    expect((await persist(test, store)).status.restored).toBe(false);
  });
});
