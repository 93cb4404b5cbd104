import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, type Model, strategyMark } from '../../src/core/index.ts';
import { createRng, type Rng } from '../../src/random/index.ts';
import { type Hub, MemoryHub, type Replica, type ShareOptions, share } from '../../src/sharing/index.ts';
import { Tally } from '../support/Tally.ts';

interface Member {
  readonly tally: Tally;
  readonly replica: Replica;
}

let clock = new ManualClock(0);
beforeEach(() => {
  clock = new ManualClock(1_000_000);
});
async function join(
  hub: Hub,
  name: string,
  options: ShareOptions = {},
  model?: Model<unknown, unknown>,
): Promise<Member> {
  const tally = new Tally({ clock, seed: 42 }, model);
  return { tally, replica: await share(tally, hub, { replica: name, clock, ...options }) };
}
/** Rounds until nobody has anything to tell. */
async function settle(...members: Member[]): Promise<void> {
  for (let i = 0; i < 3; i += 1) for (const { replica } of members) await replica.exchange();
}

/** A hub behind a bad network: calls fail before or after they have happened, happen twice, or once more much later. */
class BadNetwork implements Hub {
  readonly name = 'bad';
  readonly #hub: Hub;
  readonly #rng: Rng;
  readonly #late: (() => Promise<unknown>)[] = [];
  down = false;
  good = false;

  constructor(hub: Hub, rng: Rng) {
    this.#hub = hub;
    this.#rng = rng;
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    if (this.down) throw new Error('no route');
    if (this.good) return call();
    const kind = Math.floor(this.#rng.next() * 6);
    if (kind === 0) throw new Error('lost on the way');
    if (kind === 1) this.#late.push(call);
    if (kind === 2) await call();
    const result = await call();
    if (this.#late.length > 0 && this.#rng.next() < 0.3) await this.#late.shift()!();
    if (kind === 3) throw new Error('the answer was lost');
    return result;
  }

  async deliverLate(): Promise<void> {
    for (const call of this.#late.splice(0)) await call();
  }
  join(...args: Parameters<Hub['join']>): ReturnType<Hub['join']> {
    return this.#call(() => this.#hub.join(...args));
  }
  exchange(...args: Parameters<Hub['exchange']>): ReturnType<Hub['exchange']> {
    const copy = structuredClone(args[0]);
    return this.#call(() => this.#hub.exchange(copy));
  }
  propose(...args: Parameters<Hub['propose']>): ReturnType<Hub['propose']> {
    return this.#call(() => this.#hub.propose(...args));
  }
  leave(...args: Parameters<Hub['leave']>): ReturnType<Hub['leave']> {
    return this.#call(() => this.#hub.leave(...args));
  }
}

describe('share', () => {
  it('pools what replicas learn, also for one that comes late', async () => {
    const hub = new MemoryHub();
    const [a, b] = [await join(hub, 'a'), await join(hub, 'b')];
    for (let i = 0; i < 5; i += 1) a.tally.predict(i);
    for (let i = 0; i < 3; i += 1) b.tally.serve(i, { truth: 2 });
    expect(a.tally.sums.served).toBe(5);
    await settle(a, b);
    const all = { served: 8, truths: 6, joined: 3 };
    expect([a.tally.sums, b.tally.sums]).toEqual([all, all]);
    const c = await join(hub, 'c');
    await settle(c);
    expect(c.tally.sums).toEqual(all);
    expect(a.replica.status).toMatchObject({ joined: true, flushes: 1, merged: 1, failures: 0, stale: false });
  });

  it('gives every life ids and random numbers of its own', async () => {
    const hub = new MemoryHub();
    const lives = [await join(hub, 'web'), await join(hub, 'web'), await join(hub, 'web')];
    const ids = lives.flatMap(({ tally }) => [1, 2, 3].map((x) => tally.serve(x).requestId));
    expect(new Set(ids).size).toBe(9);
    expect(new Set(lives.map(({ tally }) => tally.runtime.rng.next())).size).toBe(3);
  });

  it('adds everything once over the worst of networks, whatever is lost, doubled or late', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const rng = createRng(seed);
        const hub = new BadNetwork(new MemoryHub(), rng.fork('network'));
        const members = await Promise.all(['a', 'b', 'c'].map((name) => join(hub, name, { foldAt: 4, graceMs: 1e9 })));
        let [served, truths, joined] = [0, 0, 0];
        const open: string[] = [];
        for (let step = 0; step < 120; step += 1) {
          const { tally, replica } = members[Math.floor(rng.next() * members.length)]!;
          const what = rng.next();
          if (what < 0.5) {
            open.push(tally.serve(step).requestId);
            served += 1;
          } else if (what < 0.7 && open.length > 0) {
            const id = open.splice(Math.floor(rng.next() * open.length), 1)[0]!;
            // To one replica, or to several: they must agree on who joins it.
            for (const other of rng.next() < 0.5 ? members : [members[0]!]) other.tally.record(id, 7);
            truths += 7;
            joined += 1;
          } else await replica.exchange();
        }
        hub.good = true;
        await settle(...members, ...members);
        await hub.deliverLate();
        await settle(...members, ...members);
        const late = await join(hub, 'late');
        await settle(late);
        for (const { tally, replica } of [...members, late]) {
          expect(tally.sums).toEqual({ served, truths, joined });
          expect(replica.status.refused).toBe(0);
        }
        expect(members.reduce((sum, { tally }) => sum + tally.pending, 0)).toBe(served - joined);
      }),
      { seed: 42, numRuns: 60 },
    );
  });

  it('joins a truth wherever it comes, also after the replica that served is gone', async () => {
    const hub = new MemoryHub();
    const [a, b] = [await join(hub, 'a'), await join(hub, 'b')];
    const [here, there, both, early] = [1, 2, 3, 4].map((x) => a.tally.serve(x).requestId) as [
      string,
      string,
      string,
      string,
    ];
    expect(a.tally.record(here, 1)).toBe('recorded');
    // Nobody but a knows of it yet; b waits for that.
    expect(b.tally.record(early, 1)).toBe('pending');
    await b.replica.exchange();
    expect(b.replica.status.truths).toMatchObject({ asked: 1, unknown: 0 });
    await a.replica.exchange();
    await settle(b);
    expect(b.replica.status.truths).toMatchObject({ asked: 0, adopted: 1 });
    expect([a.tally.record(both, 1), b.tally.record(both, 1)]).toEqual(['pending', 'pending']);
    await settle(a, b);
    expect(await a.replica.stop()).toBe(true);
    expect(b.tally.record(there, 1)).toBe('pending');
    expect(b.tally.record(there, 1)).toBe('duplicate');
    await settle(b);
    expect(b.tally.sums).toEqual({ served: 4, truths: 4, joined: 4 });
    expect(b.tally.record(there, 1)).toBe('duplicate');
    expect(b.replica.status.truths.duplicates + a.replica.status.truths.duplicates).toBe(1);
  });

  it('gives up a truth that nobody knows of after the grace', async () => {
    const { tally, replica } = await join(new MemoryHub(), 'a', { graceMs: 5000 });
    expect(tally.record('stranger', 1)).toBe('pending');
    await replica.exchange();
    expect(replica.status.truths).toMatchObject({ asked: 1, unknown: 0 });
    clock.advance(6000);
    await replica.exchange();
    expect(replica.status.truths).toMatchObject({ asked: 0, unknown: 1 });
  });

  it('keeps a truth that comes before the prediction is there', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const slow = {
      predict: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    };
    const { tally, replica } = await join(new MemoryHub(), 'a', {}, slow as never);
    const story = tally.serve(1, { id: 'slow' }) as unknown as Promise<unknown>;
    expect(tally.record('slow', 9)).toBe('pending');
    await replica.exchange();
    answer(1);
    await story;
    expect(tally.sums.truths).toBe(9);
  });

  it('follows what another replica changed, and lets the first of two win', async () => {
    const hub = new MemoryHub();
    const [a, b, c] = [await join(hub, 'a'), await join(hub, 'b'), await join(hub, 'c')];
    a.tally.say('one');
    await settle(a, b, c);
    expect([a, b, c].map(({ tally }) => tally.word)).toEqual(['one', 'one', 'one']);
    a.tally.say('two by a');
    b.tally.say('two by b');
    await b.replica.exchange();
    await settle(a, b, c);
    expect([a, b, c].map(({ tally }) => [tally.word, tally.revision])).toEqual(Array(3).fill(['two by b', 2]));
    const late = await join(hub, 'late');
    expect(late.tally.word).toBe('two by b');
  });

  it('tells at once where the hub can', async () => {
    const hub = new MemoryHub();
    const [a, b] = [await join(hub, 'a'), await join(hub, 'b')];
    a.tally.say('now');
    const flush = async (): Promise<void> => {
      for (let i = 0; i < 20; i += 1) await Promise.resolve();
    };
    await flush();
    clock.advance(0);
    await flush();
    clock.advance(0);
    await flush();
    expect(b.tally.word).toBe('now');
  });

  it('answers while the hub is down or hangs, says so, and catches up', async () => {
    const hub = new BadNetwork(new MemoryHub(), createRng(1));
    hub.good = true;
    const [a, b] = [await join(hub, 'a', { maxStalenessMs: 2000 }), await join(hub, 'b')];
    hub.down = true;
    const told: string[] = [];
    a.replica.on('*', ({ type }) => void told.push(type));
    for (let i = 0; i < 50; i += 1) expect(a.tally.predict(i)).toBe(i);
    expect(await a.replica.exchange()).toBe(false);
    clock.advance(3000);
    expect(await a.replica.exchange()).toBe(false);
    expect(a.replica.status).toMatchObject({ stale: true, failures: expect.any(Number) });
    hub.down = false;
    await settle(a, b);
    expect([a.tally.sums.served, b.tally.sums.served]).toEqual([50, 50]);
    expect(a.replica.status.stale).toBe(false);
    expect(told.filter((type) => type === 'stale' || type === 'fresh')).toEqual(['stale', 'fresh']);

    const hanging = { name: 'hangs', join: () => new Promise(() => undefined) } as unknown as Hub;
    const joining = join(hanging, 'c', { timeoutMs: 100 });
    await Promise.resolve();
    clock.advance(100);
    const c = await joining;
    expect(c.tally.predict(1)).toBe(1);
    expect(c.replica.status).toMatchObject({ joined: false, failures: 1 });
    expect(c.replica.history.at(-1)).toMatchObject({ type: 'round-failed', error: { code: 'ERR_TIMEOUT' } });
  });

  it('joins anew where it was left behind, with what it had not told yet', async () => {
    const hub = new MemoryHub({ silenceMs: 5000 });
    const [a, b] = [await join(hub, 'a', { foldAt: 2 }), await join(hub, 'b', { foldAt: 2, everyMs: 1e9 })];
    const waiting = b.tally.serve(1).requestId;
    await settle(a, b);
    const untold = b.tally.serve(2).requestId;
    clock.advance(6000);
    for (let i = 0; i < 10; i += 1) {
      a.tally.predict(i);
      await a.replica.exchange();
    }
    await settle(b, a);
    expect(b.replica.history.filter(({ type }) => type === 'joined').length).toBe(2);
    expect([a.tally.sums.served, b.tally.sums.served]).toEqual([12, 12]);
    for (const id of [waiting, untold]) b.tally.record(id, 1);
    await settle(b, a);
    expect([a.tally.sums, b.tally.sums]).toEqual(Array(2).fill({ served: 12, truths: 2, joined: 2 }));
  });

  it('goes on with what it knows where the hub has lost everything', async () => {
    let hub = new MemoryHub();
    const proxy = new Proxy({} as Hub, {
      get: (_, name) =>
        (hub as never as Record<string, (...args: never) => unknown>)[name as string]?.bind?.(hub) ?? 'proxy',
    });
    const [a, b] = [await join(proxy, 'a'), await join(proxy, 'b')];
    a.tally.predict(1);
    a.tally.say('agreed');
    await settle(a, b);
    hub = new MemoryHub();
    b.tally.predict(1);
    await settle(a, b);
    expect([a.tally.sums.served, b.tally.sums.served]).toEqual([2, 2]);
    expect((await join(proxy, 'c')).tally.word).toBe('agreed');
  });

  it('shares a tree as one, nested truths included', async () => {
    const hub = new MemoryHub();
    const tree = async (name: string) => {
      const inner = new Tally({ name: 'inner', clock, seed: 1 });
      const outer = new Tally({ name: 'outer', clock, seed: 1 }, inner);
      return { inner, tally: outer, replica: await share(outer, hub, { replica: name, clock }) };
    };
    const [a, b] = [await tree('a'), await tree('b')];
    const { requestId } = a.tally.serve(1);
    a.inner.say('inside');
    await settle(a, b);
    b.tally.record(requestId, 5);
    await settle(b, a);
    for (const { inner, tally } of [a, b]) {
      expect([inner.sums, tally.sums, inner.word]).toEqual([
        ...Array(2).fill({ served: 1, truths: 5, joined: 1 }),
        'inside',
      ]);
    }
    expect([a.inner.pending, b.inner.pending]).toEqual([0, 0]);
  });

  it('refuses a hub of another strategy, and what is none', async () => {
    const hub = new MemoryHub();
    const a = await join(hub, 'a', { foldAt: 2 });
    for (let i = 0; i < 3; i += 1) {
      a.tally.predict(i);
      await a.replica.exchange();
    }
    const other = new Tally({ name: 'another', clock });
    await expect(share(other, hub, { clock })).rejects.toMatchObject({ code: 'ERR_SNAPSHOT' });
    expect(other.predict(1)).toBe(1);
    expect(other.record(other.serve(1).requestId, 1)).toBe('recorded');
    await expect(share({} as never, hub)).rejects.toThrow('strategy must be');
    await expect(share(other, hub, { everyMs: 0 })).rejects.toThrow('everyMs must be');
    await expect(share(other, hub, { interval: 5 } as never)).rejects.toThrow('options.interval must be left out');
  });

  it('lets a delta wait for the change that it is of', async () => {
    const hub = new MemoryHub();
    const [a, b] = [await join(hub, 'a'), await join(hub, 'b')];
    const read = b.tally[strategyMark].readDelta;
    let fits = false;
    Object.assign(b.tally[strategyMark], {
      readDelta: (...args: Parameters<typeof read>) => {
        if (!fits) throw new Error('follow the control first');
        return read(...args);
      },
    });
    a.tally.predict(1);
    await settle(a, b);
    expect([b.tally.sums.served, b.replica.status.refused]).toEqual([0, 0]);
    fits = true;
    await settle(b);
    expect([b.tally.sums.served, b.replica.status.merged]).toEqual([1, 1]);
  });

  it('passes over what does not fit, and counts it', async () => {
    const hub = new MemoryHub();
    const a = await join(hub, 'a', { graceMs: 0 });
    const stranger = await hub.join('stranger', 0);
    const bad = { kind: 'coronate/tally/delta', version: 9, name: 'tally', state: {}, nested: {} };
    const round = { at: 0, cursor: '0', controlVersion: 0, claims: [], released: [], base: undefined };
    await hub.exchange({ ...round, replica: stranger.replica, flush: { id: 1, delta: bad, waiting: [], joined: [] } });
    await hub.propose(0, { ...bad, kind: 'x', revision: 1, nested: {} });
    await settle(a);
    expect(a.replica.status).toMatchObject({ refused: expect.any(Number), joined: true, merged: 0 });
    expect(a.replica.status.refused).toBeGreaterThan(1);
    expect(a.tally.predict(1)).toBe(1);
  });

  it('tells and asks for as much as there is in one round, however much that is', async () => {
    const hub = new MemoryHub();
    const [a, b] = [await join(hub, 'a'), await join(hub, 'b')];
    await settle(a, b);
    const ids = Array.from({ length: 3500 }, (_, i) => a.tally.serve(i).requestId);
    await a.replica.exchange();
    for (const id of ids) b.tally.record(id, 1);
    await b.replica.exchange();
    expect(b.replica.status.truths).toMatchObject({ asked: 0, adopted: 3500 });
    await a.replica.exchange();
    expect(a.replica.status.truths.taken).toBe(3500);
    expect([a.tally.pending, b.tally.pending]).toEqual([0, 0]);
  });

  it('asks for a truth that nobody knows of once a round', async () => {
    const hub = new MemoryHub();
    const a = await join(hub, 'a');
    await settle(a);
    let rounds = 0;
    const exchange = hub.exchange.bind(hub);
    hub.exchange = (round) => {
      rounds += 1;
      return exchange(round);
    };
    for (let i = 0; i < 2500; i += 1) a.tally.record(`stranger ${i}`, 1);
    await a.replica.exchange();
    expect(rounds).toBe(3);
  });

  it('holds no more untold outcomes than the strategy has waiting, however long the hub is away', async () => {
    const hub = new BadNetwork(new MemoryHub(), createRng(1));
    hub.good = true;
    const tally = new Tally({ clock, seed: 42, truth: { capacity: 100 } });
    const replica = await share(tally, hub, { clock });
    await replica.exchange();
    hub.down = true;
    for (let i = 0; i < 50_000; i += 1) tally.serve(i);
    let standing = 0;
    const read = tally[strategyMark].standing;
    Object.assign(tally[strategyMark], {
      standing: (id: string) => {
        standing += 1;
        return read(id);
      },
    });
    hub.down = false;
    await replica.exchange();
    // Each untold one is looked at once.
    expect(standing).toBeLessThan(3000);
    expect(tally.sums.served).toBe(50_000);
  });

  it('joins here what the hub has lost while it waits here', async () => {
    let hub = new MemoryHub();
    const proxy = new Proxy({} as Hub, {
      get: (_, name) =>
        (hub as never as Record<string, (...args: never) => unknown>)[name as string]?.bind?.(hub) ?? 'proxy',
    });
    const a = await join(proxy, 'a');
    const { requestId } = a.tally.serve(1);
    await settle(a);
    hub = new MemoryHub();
    await settle(a);
    expect(a.tally.record(requestId, 3)).toBe('pending');
    await settle(a);
    expect(a.tally.sums).toEqual({ served: 1, truths: 3, joined: 1 });
  });

  it('tells what is in doubt before it begins another life', async () => {
    const inner = new MemoryHub();
    let lose = false;
    const hub: Hub = {
      name: 'loses answers',
      join: (label, at) => inner.join(label, at),
      leave: (label) => inner.leave(label),
      propose: (expected, control) => inner.propose(expected, control),
      exchange: async (round) => {
        const result = await inner.exchange(structuredClone(round));
        if (lose) throw new Error('the answer was lost');
        return result;
      },
    };
    const [a, b] = [await join(hub, 'a'), await join(hub, 'b')];
    await settle(a, b);
    // What b has agreed on can be followed by a only in a new life.
    const read = a.tally[strategyMark].readControl;
    let fits = false;
    Object.assign(a.tally[strategyMark], {
      readControl: (...args: Parameters<typeof read>) => {
        if (!fits) {
          fits = true;
          throw new Error('contradicts what is in force here');
        }
        return read(...args);
      },
    });
    a.tally.serve(1);
    lose = true;
    expect(await a.replica.exchange()).toBe(false);
    lose = false;
    b.tally.say('first');
    await b.replica.exchange();
    a.tally.say('second');
    lose = true;
    expect(await a.replica.exchange()).toBe(false);
    lose = false;
    await settle(a, b);
    expect(a.replica.history.filter(({ type }) => type === 'joined').length).toBe(2);
    expect([a.tally.sums.served, b.tally.sums.served]).toEqual([1, 1]);
    expect([a.tally.word, b.tally.word]).toEqual(['first', 'first']);
  });

  it('begins no other life once it has stopped, and listens no more', async () => {
    const hub = new MemoryHub();
    let watching = 0;
    let begin: () => void = () => undefined;
    hub.watch = async () => {
      await new Promise<void>((done) => {
        begin = done;
      });
      watching += 1;
      return async () => {
        watching -= 1;
      };
    };
    const { replica } = await join(hub, 'a');
    const [first, second] = [replica.stop(), replica.stop()];
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect(await replica.stop()).toBe(true);
    expect(await replica.exchange()).toBe(false);
    expect(replica.history.filter(({ type }) => type === 'joined').length).toBe(1);
    expect(replica.status.joined).toBe(false);
    begin();
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
    expect(watching).toBe(0);
  });

  it('leaves the strategy alone once it has stopped', async () => {
    const { tally, replica } = await join(new MemoryHub(), 'a');
    tally.predict(1);
    expect(await replica.stop()).toBe(true);
    expect(replica.status).toMatchObject({ joined: false, flushes: 1 });
    const { requestId } = tally.serve(1);
    expect(tally.record(requestId, 1)).toBe('recorded');
    expect(tally[strategyMark].standing(requestId)).toBe('recorded');
  });
});
