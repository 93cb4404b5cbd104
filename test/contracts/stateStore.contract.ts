import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Json, StateStore } from '../../src/core/index.ts';

/** How the contract makes a store. */
export interface StateStoreFactory {
  /** The class's name. */
  readonly name: string;
  /** A store over the same place whenever it is called; one at a time. */
  open(): Promise<StateStore>;
  /** How many events it keeps a key, as `open` makes it. */
  readonly eventCapacity: number;
  /** Whether a value outlives the store object. */
  readonly durable: boolean;
  /** Ends what `open` needs. */
  end?(): Promise<void>;
}

const HOSTILE: Json = JSON.parse(
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"a":[{"__proto__":{"x":1}}]}',
) as Json;

/** What every state store promises. */
export function stateStoreContract({ name, open, eventCapacity, durable, end }: StateStoreFactory): void {
  describe(`${name} is a state store`, () => {
    let count = 0;
    const fresh = (): string => {
      count += 1;
      return `key ${count}`;
    };
    let store: StateStore | undefined;
    const opened = async (): Promise<StateStore> => {
      store ??= await open();
      return store;
    };
    const reopened = async (): Promise<StateStore> => {
      await store?.close?.();
      store = undefined;
      return opened();
    };
    afterAll(async () => {
      await store?.close?.();
      await end?.();
    });

    it('holds nothing of a key that was never set', async () => {
      const it = await opened();
      expect(await it.load(fresh())).toBeUndefined();
      expect(await it.events(fresh())).toEqual([]);
    });

    it('creates at version 0 only, and replaces at the version it holds only', async () => {
      const it = await opened();
      const key = fresh();
      expect(await it.compareAndSet(key, 3, 'no')).toEqual({ ok: false, version: 0 });
      expect(await it.compareAndSet(key, 0, { a: 1 })).toEqual({ ok: true, version: 1 });
      expect(await it.compareAndSet(key, 0, 'no')).toEqual({ ok: false, version: 1 });
      expect(await it.compareAndSet(key, 1, { a: 2 })).toEqual({ ok: true, version: 2 });
      expect(await it.compareAndSet(key, 1, 'no')).toEqual({ ok: false, version: 2 });
      expect(await it.load(key)).toEqual({ version: 2, value: { a: 2 } });
    });

    it('lets one of many writers win, every time', async () => {
      const it = await opened();
      const key = fresh();
      for (let round = 0; round < 10; round += 1) {
        const results = await Promise.all(
          Array.from({ length: 8 }, (_, i) => it.compareAndSet(key, round, [round, i])),
        );
        expect(results.filter(({ ok }) => ok)).toEqual([{ ok: true, version: round + 1 }]);
        const winner = results.findIndex(({ ok }) => ok);
        expect(await it.load(key)).toEqual({ version: round + 1, value: [round, winner] });
      }
    });

    it('gives back any JSON as it was', async () => {
      const it = await opened();
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), fc.string({ minLength: 1, unit: 'binary' }), async (value, key) => {
          // What JSON itself does to a value (-0 becomes 0) is not the store's to undo.
          const plain = JSON.parse(JSON.stringify(value)) as Json;
          const version = (await it.load(key))?.version ?? 0;
          expect(await it.compareAndSet(key, version, plain)).toEqual({ ok: true, version: version + 1 });
          expect(await it.load(key)).toEqual({ version: version + 1, value: plain });
        }),
        { seed: 42, numRuns: 60 },
      );
    });

    it('keeps keys apart that look alike', async () => {
      const it = await opened();
      const keys = [
        'a/b',
        'a\\b',
        'a:b',
        '{a}b',
        'a}b{',
        '..',
        '../x',
        '.',
        'A',
        'a',
        'é',
        'e\u0301',
        ' ',
        '%2E',
        'con',
        'x'.repeat(500),
        '\ud800',
        '\udc00',
        '\ufffd',
        '%d800',
      ];
      for (const key of keys) expect(await it.compareAndSet(key, 0, key)).toMatchObject({ ok: true });
      for (const key of keys) expect(await it.load(key)).toEqual({ version: 1, value: key });
    });

    it('holds a value of some megabytes', async () => {
      const it = await opened();
      const key = fresh();
      const value = Array.from({ length: 40_000 }, (_, i) => ({ id: `request-${i}`, note: 'ü'.repeat(20) }));
      await it.compareAndSet(key, 0, value);
      expect((await it.load(key))?.value).toEqual(value);
    });

    it('keeps what was given, whatever becomes of the object', async () => {
      const it = await opened();
      const key = fresh();
      const value = { list: [1] };
      await it.compareAndSet(key, 0, value);
      value.list.push(2);
      const got = (await it.load(key))!.value as { list: number[] };
      got.list.push(3);
      expect((await it.load(key))!.value).toEqual({ list: [1] });
    });

    it('takes hostile keys as data: no prototype is touched', async () => {
      const it = await opened();
      const key = fresh();
      await it.compareAndSet(key, 0, HOSTILE);
      await it.append(key, [HOSTILE]);
      const value = (await it.load(key))!.value;
      expect(JSON.stringify(value)).toBe(JSON.stringify(HOSTILE));
      expect(JSON.stringify(await it.events(key))).toBe(JSON.stringify([HOSTILE]));
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
      await it.compareAndSet('__proto__', 0, 1);
      expect(await it.load('__proto__')).toEqual({ version: 1, value: 1 });
      expect(await it.load('constructor')).toBeUndefined();
    });

    it('appends events in order, and lets the oldest go', async () => {
      const it = await opened();
      const key = fresh();
      await it.append(key, [{ n: 0 }, { n: 1 }]);
      await it.append(key, []);
      await it.append(key, [{ n: 2, text: 'line\nbreak' }]);
      expect(await it.events(key)).toEqual([{ n: 0 }, { n: 1 }, { n: 2, text: 'line\nbreak' }]);
      expect(await it.events(key, 1)).toEqual([{ n: 2, text: 'line\nbreak' }]);
      for (let n = 3; n < eventCapacity * 3; n += 7) {
        await it.append(
          key,
          Array.from({ length: 7 }, (_, i) => ({ n: n + i })),
        );
      }
      const kept = (await it.events(key)) as { n: number }[];
      expect(kept.length).toBe(eventCapacity);
      expect(kept.map(({ n }) => n)).toEqual(Array.from(kept, (_, i) => kept[0]!.n + i));
      expect(await it.load(key)).toBeUndefined();
    });

    it('forgets a key and its events', async () => {
      const it = await opened();
      const key = fresh();
      await it.compareAndSet(key, 0, 1);
      await it.append(key, [1]);
      await it.remove(key);
      await it.remove(key);
      expect(await it.load(key)).toBeUndefined();
      expect(await it.events(key)).toEqual([]);
      expect(await it.compareAndSet(key, 0, 2)).toEqual({ ok: true, version: 1 });
    });

    it('refuses keys, versions and limits that are none', async () => {
      const it = await opened();
      const refused = { code: 'ERR_INVALID_OPTION' };
      await expect(it.load('')).rejects.toMatchObject(refused);
      await expect(it.load(undefined as never)).rejects.toMatchObject(refused);
      await expect(it.compareAndSet('k', -1, 1)).rejects.toMatchObject(refused);
      await expect(it.compareAndSet('k', Number.NaN, 1)).rejects.toMatchObject(refused);
      await expect(it.events('k', 0)).rejects.toMatchObject(refused);
    });

    it('refuses what is no JSON, and keeps nothing of it', async () => {
      const it = await opened();
      const key = fresh();
      const circle: Json[] = [];
      circle.push(circle);
      const none = [undefined, () => 1, 10n, circle, Symbol('s')] as unknown as Json[];
      for (const value of none) {
        await expect(it.compareAndSet(key, 0, value)).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' });
        await expect(it.append(key, [1, value])).rejects.toMatchObject({ code: 'ERR_INVALID_OPTION' });
      }
      expect(await it.load(key)).toBeUndefined();
      expect(await it.events(key)).toEqual([]);
      await it.append(key, [null, [1, [2]], 'x', 0, false]);
      expect(await it.events(key)).toEqual([null, [1, [2]], 'x', 0, false]);
    });

    it.runIf(durable)('has it still when it is opened again', async () => {
      const key = fresh();
      const it = await opened();
      await it.compareAndSet(key, 0, { a: 1 });
      await it.append(key, ['one']);
      const again = await reopened();
      expect(await again.load(key)).toEqual({ version: 1, value: { a: 1 } });
      await again.append(key, ['two']);
      expect(await again.events(key)).toEqual(['one', 'two']);
      expect(await again.compareAndSet(key, 1, 2)).toEqual({ ok: true, version: 2 });
    });

    it.runIf(durable)('rejects once it is closed', async () => {
      const it = await opened();
      await it.close?.();
      await expect(it.load('k')).rejects.toMatchObject({ code: 'ERR_CLOSED' });
      await it.close?.();
      store = undefined;
    });
  });
}
