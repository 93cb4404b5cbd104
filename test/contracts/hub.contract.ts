import { afterAll, describe, expect, it } from 'vitest';
import type { Control, Delta, Json, Snapshot } from '../../src/core/index.ts';
import type { Flush, Hub, HubOptions, Round } from '../../src/sharing/index.ts';

/** How the contract makes a hub. */
export interface HubFactory {
  /** The class's name. */
  readonly name: string;
  /** A hub that nobody has joined yet. */
  open(options?: HubOptions): Promise<Hub>;
  /** Ends what `open` needs. */
  end?(): Promise<void>;
}

const envelope = (kind: string, state: Json): Delta => ({ kind, version: 1, name: 's', state, nested: {} });
const delta = (n: number): Delta => envelope('coronate/x/delta', { own: { n } });
const base = (n: number): Snapshot => envelope('coronate/x', { own: { n } });
const control = (revision: number): Control => ({
  ...envelope('coronate/x/control', { own: {} }),
  revision,
  nested: {},
});
const flush = (id: number, rest: Partial<Flush> = {}): Flush => ({
  id,
  delta: delta(id),
  waiting: [],
  joined: [],
  ...rest,
});
const round = (replica: string, rest: Partial<Round> = {}): Round => ({
  replica,
  at: 1000,
  cursor: '0',
  controlVersion: 0,
  flush: undefined,
  claims: [],
  released: [],
  base: undefined,
  ...rest,
});
const numbers = (deltas: readonly Delta[]): number[] =>
  deltas.map(({ state }) => (state as { own: { n: number } }).own.n);

/** What every hub promises. */
export function hubContract({ name, open, end }: HubFactory): void {
  afterAll(() => end?.());

  describe(`${name} is a hub`, () => {
    it('tells lives of one label apart', async () => {
      const hub = await open();
      const lives = [await hub.join('web', 0), await hub.join('web', 0), await hub.join('other', 0)];
      expect(new Set(lives.map(({ replica }) => replica)).size).toBe(3);
      expect(lives[0]!.replica).toContain('web');
      expect(lives[0]).toMatchObject({ base: undefined, control: undefined });
    });

    it('gives every delta to all others once, in one order', async () => {
      const hub = await open();
      const [a, b, c] = [await hub.join('a', 0), await hub.join('b', 0), await hub.join('c', 0)];
      await hub.exchange(round(a.replica, { cursor: a.cursor, flush: flush(1, { delta: delta(10) }) }));
      const told = await hub.exchange(round(b.replica, { cursor: b.cursor, flush: flush(1, { delta: delta(20) }) }));
      expect(told).toMatchObject({ flush: 'applied', behind: false, more: false, length: 2 });
      expect(numbers(told.deltas)).toEqual([10]);
      const atC = await hub.exchange(round(c.replica, { cursor: c.cursor }));
      expect([atC.flush, numbers(atC.deltas)]).toEqual(['none', [10, 20]]);
      const again = await hub.exchange(round(c.replica, { cursor: atC.cursor }));
      expect([numbers(again.deltas), again.cursor]).toEqual([[], atC.cursor]);
      const atA = await hub.exchange(round(a.replica, { cursor: a.cursor }));
      expect([numbers(atA.deltas), atA.cursor]).toEqual([[20], atC.cursor]);
      // Who comes late reads it all.
      const d = await hub.join('d', 0);
      expect(numbers((await hub.exchange(round(d.replica, { cursor: d.cursor }))).deltas)).toEqual([10, 20]);
    });

    it('adds a flush once, however often and however late it arrives', async () => {
      const hub = await open();
      const [a, b] = [await hub.join('a', 0), await hub.join('b', 0)];
      const send = (id: number) => hub.exchange(round(a.replica, { cursor: a.cursor, flush: flush(id) }));
      await Promise.all([send(1), send(1), send(1)]);
      expect((await send(2)).flush).toBe('applied');
      expect((await send(1)).flush).toBe('applied');
      expect((await send(2)).flush).toBe('applied');
      const atB = await hub.exchange(round(b.replica, { cursor: b.cursor }));
      expect(numbers(atB.deltas)).toEqual([1, 2]);
      // Silence does not make it forget.
      const late = await hub.exchange(round(a.replica, { at: 10_000_000, cursor: atB.cursor, flush: flush(2) }));
      expect([late.flush, late.length]).toEqual(['applied', 2]);
    });

    it('says so where it has lost what it had acknowledged, and refuses a life that it does not know', async () => {
      const hub = await open();
      const a = await hub.join('a', 0);
      const lost = await hub.exchange(round(a.replica, { cursor: a.cursor, flush: flush(5) }));
      expect([lost.flush, lost.behind]).toEqual(['gap', true]);
      const again = await hub.join('a', 0);
      expect(again.born).toBe(a.born);
      const next = await hub.exchange(round(again.replica, { cursor: again.cursor, flush: flush(1) }));
      expect([next.flush, next.behind, numbers(next.deltas)]).toEqual(['applied', false, [5]]);
      const stranger = await hub.exchange(round('stranger.1', { flush: flush(1) }));
      expect([stranger.flush, stranger.behind]).toEqual(['refused', true]);
      expect((await hub.exchange(round(again.replica, { cursor: again.cursor }))).length).toBe(2);
    });

    it('hands out a long log in parts', async () => {
      const hub = await open();
      const [a, b] = [await hub.join('a', 0), await hub.join('b', 0)];
      for (let id = 1; id <= 150; id += 1) await hub.exchange(round(a.replica, { cursor: a.cursor, flush: flush(id) }));
      const read: number[] = [];
      let cursor = b.cursor;
      let more = true;
      while (more) {
        const part = await hub.exchange(round(b.replica, { cursor }));
        expect(part.deltas.length).toBeGreaterThan(0);
        read.push(...numbers(part.deltas));
        ({ cursor, more } = part);
      }
      expect(read).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
    });

    it('folds the log into a base where nobody told anything in between, and keeps what others have not read', async () => {
      const hub = await open();
      const [a, b] = [await hub.join('a', 0), await hub.join('b', 0)];
      const first = await hub.exchange(round(a.replica, { cursor: a.cursor, flush: flush(1) }));
      // b has told something that a has not read: a's state is not that of the log.
      await hub.exchange(round(b.replica, { cursor: b.cursor, flush: flush(1, { delta: delta(50) }) }));
      const tooEarly = await hub.exchange(round(a.replica, { cursor: first.cursor, flush: flush(2), base: base(-1) }));
      expect((await hub.join('x', 0)).base).toBeUndefined();
      const folding = round(a.replica, {
        cursor: tooEarly.cursor,
        flush: flush(3, { delta: delta(3) }),
        base: base(56),
      });
      const folded = await hub.exchange(folding);
      expect(folded.behind).toBe(false);
      const c = await hub.join('c', 0);
      expect(c.base).toEqual(base(56));
      expect(numbers((await hub.exchange(round(c.replica, { cursor: c.cursor }))).deltas)).toEqual([]);
      // b has not read what came after its own: it still can.
      const atB = await hub.exchange(round(b.replica, { cursor: b.cursor }));
      expect([atB.behind, numbers(atB.deltas)]).toEqual([false, [1, 2, 3]]);
      expect((await hub.exchange(folding)).flush).toBe('applied');
      await hub.exchange(round(b.replica, { cursor: atB.cursor, flush: flush(2, { delta: delta(60) }) }));
      const atC = await hub.exchange(round(c.replica, { cursor: c.cursor }));
      expect(numbers(atC.deltas)).toEqual([60]);
    });

    it('tells a replica that was left behind', async () => {
      const hub = await open();
      const [a, b] = [await hub.join('a', 0), await hub.join('b', 0)];
      await hub.leave(b.replica);
      const told = await hub.exchange(round(a.replica, { cursor: a.cursor, flush: flush(1) }));
      const folded = await hub.exchange(round(a.replica, { cursor: told.cursor, flush: flush(2), base: base(3) }));
      expect([folded.behind, folded.length, numbers(folded.deltas)]).toEqual([false, 0, []]);
      const next = await hub.exchange(round(a.replica, { cursor: folded.cursor, flush: flush(3) }));
      expect([next.behind, next.length, next.flush]).toEqual([false, 1, 'applied']);
      const late = await hub.exchange(round(b.replica, { cursor: b.cursor }));
      expect([late.behind, numbers(late.deltas)]).toEqual([true, []]);
    });

    it('puts one of several proposals in force, and says which to those that come too late', async () => {
      const hub = await open();
      const [a, b] = [await hub.join('a', 0), await hub.join('b', 0)];
      const told: number[] = [];
      const unwatch = await hub.watch?.(() => void told.push(1));
      const results = await Promise.all([1, 2, 3].map((revision) => hub.propose(0, control(revision))));
      expect(results.filter(({ ok }) => ok).length).toBe(1);
      const { held } = results.find(({ ok }) => ok)!;
      expect(held?.version).toBe(1);
      for (const result of results) expect(result.held).toEqual(held);
      // The same proposal again, because its answer was lost.
      expect(await hub.propose(0, held!.control)).toEqual({ ok: true, held });
      expect((await hub.exchange(round(a.replica, { cursor: a.cursor }))).control).toEqual(held);
      expect((await hub.exchange(round(a.replica, { cursor: a.cursor, controlVersion: 1 }))).control).toBeUndefined();
      expect(await hub.propose(1, control(9))).toEqual({ ok: true, held: { version: 2, control: control(9) } });
      expect((await hub.exchange(round(b.replica, { cursor: b.cursor, controlVersion: 1 }))).control?.version).toBe(2);
      expect((await hub.join('c', 0)).control).toEqual({ version: 2, control: control(9) });
      await expect.poll(() => told.length).toBe(unwatch === undefined ? 0 : 2);
      await unwatch?.();
    });

    it('gives an outcome to the first who asks, also after who served it is gone', async () => {
      const hub = await open();
      const [a, b, c] = [await hub.join('a', 0), await hub.join('b', 0), await hub.join('c', 0)];
      const ask = async (replica: string, claims: string[], rest: Partial<Round> = {}) =>
        (await hub.exchange(round(replica, { cursor: '0', claims, ...rest }))).claimed;
      const waiting = ['r1', 'r2', 'r3'].map((requestId, i) => ({ requestId, at: 900 + i, outcome: { n: i } }));
      expect(await ask(b.replica, ['r1'])).toEqual([{ requestId: 'r1', status: 'unknown' }]);
      await hub.exchange(round(a.replica, { cursor: a.cursor, flush: flush(1, { waiting, delta: undefined }) }));
      await hub.leave(a.replica);
      const granted = { requestId: 'r1', status: 'granted', outcome: { n: 0 } };
      expect(await ask(b.replica, ['r1'])).toMatchObject([granted]);
      // Asked again by the same, because the answer was lost; and by another.
      expect(await ask(b.replica, ['r1'])).toMatchObject([granted]);
      // Whoever has the outcome already is not told it.
      const here = new Set(['r1']);
      expect(
        (await ask(b.replica, ['r1', 'r2'], { here })).map((claim) => 'outcome' in claim && claim.outcome),
      ).toEqual([undefined, { n: 1 }]);
      expect(await ask(c.replica, ['r1', 'r9'])).toEqual([
        { requestId: 'r1', status: 'taken' },
        { requestId: 'r9', status: 'unknown' },
      ]);
      await hub.exchange(round(b.replica, { cursor: b.cursor, flush: flush(1, { joined: ['r1'] }) }));
      expect(await ask(b.replica, ['r1'])).toEqual([{ requestId: 'r1', status: 'taken' }]);
      // Told again by a late flush of another life: done is done.
      const again = flush(1, { waiting: waiting.slice(0, 1), delta: undefined });
      await hub.exchange(round(c.replica, { cursor: c.cursor, flush: again }));
      expect(await ask(c.replica, ['r1'])).toEqual([{ requestId: 'r1', status: 'taken' }]);
      const both = await Promise.all([ask(b.replica, ['r3']), ask(c.replica, ['r3'])]);
      expect(
        both
          .flat()
          .map(({ status }) => status)
          .sort(),
      ).toEqual(['granted', 'taken']);
    });

    it('tells who served what others have joined', async () => {
      const hub = await open();
      const [a, b] = [await hub.join('a', 0), await hub.join('b', 0)];
      const waiting = [{ requestId: 'r1', at: 900, outcome: {} }];
      await hub.exchange(round(a.replica, { cursor: a.cursor, flush: flush(1, { waiting }) }));
      await hub.exchange(round(b.replica, { cursor: b.cursor, claims: ['r1'] }));
      expect((await hub.exchange(round(a.replica, { cursor: a.cursor }))).taken).toEqual(['r1']);
      expect((await hub.exchange(round(a.replica, { cursor: a.cursor }))).taken).toEqual(['r1']);
      expect((await hub.exchange(round(a.replica, { cursor: a.cursor, released: ['r1'] }))).taken).toEqual([]);
      expect((await hub.exchange(round(b.replica, { cursor: b.cursor }))).taken).toEqual([]);
    });

    it('tells thousands of joined outcomes within a few rounds', async () => {
      const hub = await open();
      const [a, b] = [await hub.join('a', 0), await hub.join('b', 0)];
      const ids = Array.from({ length: 2500 }, (_, i) => `r${i}`);
      const waiting = ids.map((requestId) => ({ requestId, at: 900, outcome: {} }));
      await hub.exchange(round(a.replica, { cursor: a.cursor, flush: flush(1, { waiting }) }));
      await hub.exchange(round(b.replica, { cursor: b.cursor, claims: ids }));
      const heard: string[] = [];
      let [released, more, rounds]: [readonly string[], boolean, number] = [[], true, 0];
      while (more) {
        const { taken, more: left } = await hub.exchange(round(a.replica, { cursor: a.cursor, released }));
        heard.push(...taken);
        [released, more, rounds] = [taken, left, rounds + 1];
      }
      expect(heard.sort()).toEqual(ids.sort());
      expect(rounds).toBeLessThan(6);
    });

    it('keeps so many outcomes, for so long', async () => {
      const hub = await open({ waitingCapacity: 3, waitingMs: 1000 });
      const a = await hub.join('a', 0);
      const began = Date.now();
      // The third one was served 900 ms ago.
      const waiting = [5, 4, 900, 2, 1].map((age, i) => ({ requestId: `r${i}`, at: began - age, outcome: { i } }));
      waiting.sort((one, other) => one.at - other.at);
      const now = () => ({ at: Date.now() });
      await hub.exchange(round(a.replica, { ...now(), cursor: a.cursor, flush: flush(1, { waiting }) }));
      const asked = round(a.replica, { cursor: a.cursor, claims: ['r0', 'r1', 'r2', 'r3', 'r4'] });
      const first = await hub.exchange({ ...asked, ...now() });
      // The oldest went.
      expect(first.claimed.map(({ status }) => status)).toEqual([
        'unknown',
        'granted',
        'unknown',
        'granted',
        'granted',
      ]);
      const old = [{ requestId: 'old', at: Date.now() - 900, outcome: {} }];
      await hub.exchange(round(a.replica, { ...now(), cursor: a.cursor, flush: flush(2, { joined: ['r1'] }) }));
      await hub.exchange(round(a.replica, { ...now(), cursor: a.cursor, flush: flush(3, { waiting: old }) }));
      const claims = ['old', 'r4'];
      const ask = async () => (await hub.exchange({ ...asked, ...now(), claims })).claimed.map(({ status }) => status);
      expect(await ask()).toEqual(['granted', 'granted']);
      await new Promise((done) => void setTimeout(done, 300));
      expect(await ask()).toEqual(['unknown', 'granted']);
    });

    it('takes hostile names and keys as data', async () => {
      const hub = await open();
      const hostile = JSON.parse(
        '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
      ) as Json;
      const a = await hub.join('__proto__', 0);
      const b = await hub.join('a\n{b}', 0);
      const waiting = [
        { requestId: '__proto__', at: 900, outcome: hostile },
        { requestId: 'a b\nc', at: 900, outcome: 'x\ny z' },
      ];
      const told = flush(1, { waiting, delta: envelope('k', hostile) });
      await hub.exchange(round(b.replica, { cursor: b.cursor, flush: told }));
      const got = await hub.exchange(round(a.replica, { cursor: a.cursor, claims: ['__proto__', 'a b\nc'] }));
      expect(JSON.stringify(got.deltas[0]!.state)).toBe(JSON.stringify(hostile));
      expect(JSON.stringify(got.claimed.map((claim) => 'outcome' in claim && claim.outcome))).toBe(
        JSON.stringify([hostile, 'x\ny z']),
      );
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    });
  });
}
