import { describe, expect, it } from 'vitest';
import { ManualClock, type Snapshot, SnapshotError, strategyMark } from '../../src/core/index.ts';
import type { Json } from '../../src/core/json.ts';
import { StrategyRuntime } from '../../src/metrics/StrategyRuntime.ts';

/** A strategy that counts: the least that a runtime can be asked to keep, share and follow. */
class Counter {
  count = 0;
  fresh = 0;
  revision = 0;
  readonly runtime: StrategyRuntime<{ type: 'x'; at: number; strategy: string; actor: string }>;
  constructor(name: string, inner?: Counter, replica = '') {
    this.runtime = new StrategyRuntime(
      { name, seed: 1, clock: new ManualClock(0), replica },
      {
        kind: 'counter',
        eventTypes: { x: 'logged' },
        version: 1,
        models: { leaf: { predict: (x: unknown) => x }, ...(inner === undefined ? {} : { inner }) },
        settled: () => {
          this.count += 1;
          this.fresh += 1;
        },
        joined: () => undefined,
        save: () => ({ count: this.count }),
        load: (state) => {
          const { count } = state as { count: unknown };
          this.count = count as number;
          if (typeof count !== 'number') throw new TypeError('not a count');
        },
        takeDelta: () => {
          const taken = this.fresh;
          this.fresh = 0;
          return taken === 0 ? undefined : { taken };
        },
        readDelta: (state) => {
          const { taken } = state as { taken: number };
          if (typeof taken !== 'number') throw new TypeError('not a count');
          return () => {
            this.count += taken;
          };
        },
        control: () => ({ revision: this.revision, state: { revision: this.revision } }),
        readControl: (state) => {
          const { revision } = state as { revision: number };
          return () => {
            this.revision = revision;
          };
        },
      },
    );
  }
  get [strategyMark]() {
    return this.runtime.protocol;
  }
  predict(x: unknown) {
    return this.runtime.predict({ variant: 'leaf' }, x);
  }
  serve(x: unknown, request = {}) {
    return this.runtime.serve({ variant: 'leaf' }, x, request);
  }
  record(id: string, truth: unknown) {
    return this.runtime.record(id, truth);
  }
  snapshot() {
    return this.runtime.snapshot();
  }
}

const nest = (replica = '') => {
  const inner = new Counter('inner', undefined, replica);
  return { inner, outer: new Counter('outer', inner, replica) };
};
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('a snapshot that is damaged', () => {
  const good = () => {
    const { inner, outer } = nest();
    outer.serve(1, { id: 'a' });
    inner.predict(2);
    return copy(outer.snapshot()) as unknown as Snapshot & { state: Record<string, Json> };
  };
  const damage: Record<string, (snapshot: ReturnType<typeof good>) => unknown> = {
    'no state of its own': ({ state }) => delete state.own,
    'a count that is none': ({ state }) => Object.assign(state, { own: { count: 'many' } }),
    'no truths': ({ state }) => delete state.truths,
    'truths that are none': ({ state }) => Object.assign(state, { truths: { waiting: [null], done: [], counts: {} } }),
    'a random stream that is none': ({ state }) => Object.assign(state, { rng: { version: 1 } }),
    'a negative number of requests': ({ state }) => Object.assign(state, { requests: -1 }),
    'a log that is none': ({ state }) => Object.assign(state, { events: { events: [1], dropped: 0, contained: 0 } }),
    'nothing of the nested strategy': (snapshot) => Object.assign(snapshot, { nested: {} }),
    'a nested strategy of another name': (snapshot) => Object.assign(snapshot.nested.inner!, { name: 'stranger' }),
    'a nested strategy that is damaged': (snapshot) =>
      Object.assign(snapshot.nested.inner!.state as object, { own: {} }),
  };
  it.each(Object.keys(damage))('leaves everything as it was: %s', (what) => {
    const { inner, outer } = nest();
    for (let i = 0; i < 3; i += 1) outer.serve(i);
    inner.predict(1);
    const before = outer.snapshot();
    const snapshot = good();
    damage[what]!(snapshot);
    expect(() => outer[strategyMark].load(snapshot)).toThrow(SnapshotError);
    expect(outer.snapshot()).toEqual(before);
    expect([outer.count, inner.count]).toEqual([3, 1]);
  });

  it('keeps predictions under way, which no snapshot holds', async () => {
    let answer = (_: number): void => undefined;
    const strategy = new Counter('slow');
    const slow = { predict: () => new Promise<number>((resolve) => (answer = resolve)) };
    Object.assign(strategy.runtime.slots.leaf!, { model: slow });
    const served = strategy.serve(1, { id: 'late' }) as Promise<unknown>;
    const bad = copy(strategy.snapshot()) as unknown as { state: Record<string, Json> };
    bad.state.own = {};
    expect(() => strategy[strategyMark].load(bad as unknown as Snapshot)).toThrow(SnapshotError);
    answer(7);
    await served;
    expect(strategy.record('late', 7)).toBe('recorded');
  });
});

describe('inputs that have no JSON form', () => {
  it('wait for their truth all the same, and come back without it', () => {
    const strategy = new Counter('circles');
    const input: Record<string, unknown> = { x: 1 };
    input.self = input;
    strategy.serve(input, { id: 'a' });
    const snapshot = copy(strategy.snapshot());
    const next = new Counter('circles');
    next[strategyMark].load(snapshot);
    expect(next.runtime.waiting()[0]!.input).toEqual({ x: 1, self: undefined });
    expect(next.record('a', 1)).toBe('recorded');
    expect(strategy.runtime.waiting()[0]!.input).toBe(input);
  });
});

describe('replicas', () => {
  it('restored from one snapshot go on with streams and ids of their own', () => {
    const source = new Counter('s', undefined, 'a');
    source.serve(1);
    source.runtime.rng.next();
    const snapshot = copy(source.snapshot());
    const [same, other] = [new Counter('s', undefined, 'a'), new Counter('s', undefined, 'b')];
    same[strategyMark].load(snapshot);
    other[strategyMark].load(snapshot);
    const next = source.runtime.rng.next();
    expect(same.runtime.rng.next()).toBe(next);
    expect(other.runtime.rng.next()).not.toBe(next);
    const id = (strategy: Counter) => (strategy.serve(1) as { requestId: string }).requestId;
    expect(id(same)).toBe(id(source));
    expect(id(other)).toContain('.b.');
  });

  it('add what the others took, nested strategies too, and nothing twice', () => {
    const [a, b] = [nest('a'), nest('b')];
    a.outer.predict(1);
    a.inner.predict(1);
    a.inner.predict(1);
    b.outer.predict(1);
    b.outer.runtime.mergeDelta(copy(a.outer.runtime.takeDelta()!));
    expect([b.outer.count, b.inner.count]).toEqual([2, 2]);
    expect(a.outer.runtime.takeDelta()).toBeUndefined();
    a.inner.predict(1);
    const delta = a.outer.runtime.takeDelta()!;
    expect(Object.keys(delta.nested)).toEqual(['inner']);
    b.outer.runtime.mergeDelta(delta);
    expect([b.outer.count, b.inner.count]).toEqual([2, 3]);
  });

  it('refuse a delta that does not fit, and add nothing of it', () => {
    const [a, b] = [nest('a'), nest('b')];
    a.outer.predict(1);
    a.inner.predict(1);
    const delta = copy(a.outer.runtime.takeDelta()!);
    const refused = (change: object): void => {
      expect(() => b.outer.runtime.mergeDelta({ ...delta, ...change })).toThrow(SnapshotError);
      expect([b.outer.count, b.inner.count]).toEqual([0, 0]);
    };
    refused({ kind: 'coronate/counter' });
    refused({ name: 'other' });
    refused({ state: null });
    refused({ state: { own: {} } });
    refused({ nested: { inner: { ...delta.nested.inner, state: { own: 'x' } } } });
    refused({ nested: { stranger: delta.nested.inner } });
    refused({ nested: { constructor: delta.nested.inner } });
  });

  it('follow a later control and no earlier one', () => {
    const [a, b] = [nest('a'), nest('b')];
    a.inner.revision = 2;
    expect(b.outer.runtime.follow(copy(a.outer.runtime.control()))).toBe(true);
    expect([b.outer.revision, b.inner.revision]).toEqual([0, 2]);
    expect(b.outer.runtime.follow(a.outer.runtime.control())).toBe(false);
    b.outer.revision = 3;
    expect(b.outer.runtime.follow(a.outer.runtime.control())).toBe(false);
    expect(b.outer.revision).toBe(3);
    expect(() => b.outer.runtime.follow({ ...a.outer.runtime.control(), revision: Number.NaN })).toThrow(SnapshotError);
    expect(() => b.outer.runtime.follow({ ...a.outer.runtime.control(), nested: {} })).toThrow(SnapshotError);
  });
});
