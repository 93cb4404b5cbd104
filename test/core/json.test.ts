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
    expect(roundTrip({ f: () => 1, m: new Map() })).toEqual({ f: undefined, m: undefined });
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
