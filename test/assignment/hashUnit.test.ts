import { describe, expect, it } from 'vitest';
import { hashSeed } from '../../src/assignment/hashSeed.ts';
import { hashUnit } from '../../src/assignment/hashUnit.ts';
import { murmur3 } from '../../src/assignment/murmur3.ts';
import { InvalidOptionError } from '../../src/core/errors.ts';
import type { Unit } from '../../src/core/Unit.ts';
import { independenceZ, uniformityZ } from '../support/chiSquaredZ.ts';

const N = 60_000;
const ids: Record<string, (i: number) => Unit> = {
  'counting numbers': (i) => i,
  'bigints far out': (i) => 10n ** 20n + BigInt(i),
  'prefixed numbers': (i) => `user-${i}`,
  'uuid-like': (i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
  'single characters of all planes': (i) => String.fromCodePoint(i < 0xd800 ? i + 1 : i + 0x800),
  'beyond ASCII': (i) => `użytkownik-${i}-😀`,
};
const bin = (hash: number, bins: number): number => Math.floor((hash / 2 ** 32) * bins);

describe('hashUnit', () => {
  it('hashes the text of a unit', () => {
    expect(hashUnit('user-1', 7)).toBe(murmur3('user-1', 7));
    expect(new Set([0, -0, 0n, '0'].map((unit) => hashUnit(unit, 7)))).toEqual(new Set([murmur3('0', 7)]));
    expect(hashUnit('user-1', hashSeed('arm', 'yield-v2', ''))).toBe(2839270141);
  });

  it('refuses what is not a unit', () => {
    for (const unit of ['', Number.NaN, undefined, null])
      expect(() => hashUnit(unit as Unit, 1)).toThrow(InvalidOptionError);
  });

  it.each(Object.keys(ids))('is uniform over %s', (kind) => {
    for (const name of ['a', 'yield-v2', 'żółć']) {
      const seed = hashSeed('arm', name, '');
      const counts = new Array<number>(500).fill(0);
      for (let i = 0; i < N; i += 1) counts[bin(hashUnit(ids[kind]!(i), seed), 500)]! += 1;
      expect(Math.abs(uniformityZ(counts)), name).toBeLessThan(4);
    }
  });

  it('is independent between experiments with similar names, and between the decisions of one', () => {
    const seeds = [
      ...['exp-1', 'exp-2', 'exp-3', 'exp-11', 'exp', 'Exp'].map((name) => hashSeed('arm', name, '')),
      ...['exposure', 'namespace', 'holdout'].map((decision) => hashSeed(decision, 'exp-1', '')),
      hashSeed('arm', 'exp-1', '1'),
    ];
    const users = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);
    const bins = seeds.map((seed) => users.map((user) => bin(hashUnit(user, seed), 10)));
    let pairs = 0;
    bins.forEach((a, i) => {
      bins.slice(i + 1).forEach((b) => {
        const table = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
        a.forEach((row, user) => {
          table[row]![b[user]!]! += 1;
        });
        pairs += 1;
        expect(Math.abs(independenceZ(table)), `pair ${pairs}`).toBeLessThan(4);
      });
    });
    expect(pairs).toBe(45);
  });
});
