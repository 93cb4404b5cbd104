import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashSeed } from '../../src/assignment/hashSeed.ts';
import { readGolden } from '../support/golden.ts';

const golden = readGolden<{ hashSeed: [parts: string[], seed: number][] }>('assignment.json');

describe('hashSeed', () => {
  it('gives the frozen vectors', () => {
    for (const [parts, seed] of golden.hashSeed) expect(hashSeed(...parts), JSON.stringify(parts)).toBe(seed);
  });

  it('keeps apart what concatenation would not', () => {
    const ways = [['ab', 'c'], ['a', 'bc'], ['abc'], ['a', 'b', 'c'], ['abc', ''], ['', 'abc'], ['1:a', 'b'], ['a1:b']];
    expect(new Set(ways.map((parts) => hashSeed(...parts))).size).toBe(ways.length);
  });

  it('separates any two lists of parts, but for the 2^-32 that a hash must', () => {
    const parts = fc.array(fc.string({ maxLength: 6 }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        return hashSeed(...a) !== hashSeed(...b);
      }),
      { seed: 42, numRuns: 2000 },
    );
  });
});
