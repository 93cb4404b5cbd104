import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJson, encodeJson, type Json } from '../../src/core/json.ts';
import { openSnapshot } from '../../src/core/snapshot.ts';

const roundTrip = (value: unknown) => decodeJson(JSON.parse(JSON.stringify(encodeJson(value))) as Json);

describe('encodeJson and decodeJson', () => {
  it('bring back any plain data, and what JSON alone would lose', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withTypedArray: false,
          withNullPrototype: false,
          key: fc.string().filter((key) => key !== '__proto__'),
        }),
        (value) => {
          expect(roundTrip(value)).toEqual(value);
        },
      ),
      { seed: 42, numRuns: 500 },
    );
    const special = [Number.NaN, Number.POSITIVE_INFINITY, -0, 12n, new Date(3), new Float64Array([1, Number.NaN])];
    expect(roundTrip(special)).toEqual(special);
    expect(roundTrip({ $number: '1', $$x: { $typed: 'Float64Array' } })).toEqual({
      $number: '1',
      $$x: { $typed: 'Float64Array' },
    });
  });

  it('touches no prototype', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}') as Json;
    const value = decodeJson(hostile) as Record<string, unknown>;
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('leaves functions and class instances out', () => {
    class Model {}
    expect(roundTrip({ f: () => 1, m: new Model() })).toEqual({ f: undefined, m: undefined });
  });

  it('brings back maps, sets, buffers, holes and dates that are none', () => {
    const map = new Map<unknown, unknown>([[1, new Set(['a', Number.NaN])]]);
    expect(roundTrip(map)).toEqual(map);
    expect(roundTrip(Buffer.from([1, 255]))).toEqual(new Uint8Array([1, 255]));
    // biome-ignore lint/suspicious/noSparseArray: what a caller's input may hold
    expect(roundTrip([1, , 3])).toEqual([1, undefined, 3]);
    expect(roundTrip(new Date(Number.NaN))).toEqual(new Date(Number.NaN));
  });

  it('cuts circles, depth and objects that cannot be read, and keeps the rest', () => {
    const circle: Record<string, unknown> = { x: 1 };
    circle.self = circle;
    circle.twice = [circle.x, { y: 2 }];
    expect(roundTrip(circle)).toEqual({ x: 1, self: undefined, twice: [1, { y: 2 }] });
    const shared = { y: 1 };
    expect(roundTrip([shared, shared])).toEqual([shared, shared]);
    let deep: unknown = 'bottom';
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(() => roundTrip({ deep, kept: 1 })).not.toThrow();
    expect((roundTrip({ deep, kept: 1 }) as { kept: number }).kept).toBe(1);
    const thrower = {
      get a(): number {
        throw new Error('unreadable');
      },
    };
    expect(roundTrip({ thrower, kept: 1 })).toEqual({ thrower: undefined, kept: 1 });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(roundTrip([proxy, 1])).toEqual([undefined, 1]);
  });
});

describe('openSnapshot', () => {
  const good = { kind: 'k', version: 2, name: 'n', state: { x: 1 }, nested: {} };
  it('takes what fits and migrates what is older', () => {
    expect(openSnapshot(good, { kind: 'k', version: 2, name: 'n' })).toEqual({ x: 1 });
    const migrations = { 2: (state: Json) => ({ ...(state as { x: number }), y: 2 }) };
    expect(openSnapshot(good, { kind: 'k', version: 3, name: 'n', migrations })).toEqual({ x: 1, y: 2 });
  });
  it.each([
    [{ ...good, kind: 'other' }, 'kind must be "k", got "other"'],
    [{ ...good, name: 'm' }, 'name must be "n", got "m"'],
    [{ ...good, version: 3 }, 'newer'],
    [{ ...good, version: 1 }, 'no migration from version 1'],
    [{ ...good, state: null }, 'no state'],
    [undefined, 'must have kind and version'],
    ['text', 'must have kind and version'],
  ])('refuses %j', (snapshot, message) => {
    expect(() => openSnapshot(snapshot, { kind: 'k', version: 2, name: 'n' })).toThrow(message);
  });
});
