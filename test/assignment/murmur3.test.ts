import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur3, murmur3Int32 } from '../../src/assignment/murmur3.ts';
import { readGolden } from '../support/golden.ts';

const golden = readGolden<{ murmur3: [text: string, seed: number, hash: number][] }>('assignment.json');

/** The definition over bytes, straight. */
function ofBytes(bytes: Uint8Array, seed: number): number {
  const scramble = (k: number): number => {
    const x = Math.imul(k, 0xcc9e2d51);
    return Math.imul((x << 15) | (x >>> 17), 0x1b873593);
  };
  let h = seed | 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const blocks = bytes.length >> 2;
  for (let i = 0; i < blocks; i += 1) {
    h ^= scramble(view.getInt32(4 * i, true));
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
  }
  const tail = bytes.slice(4 * blocks).reduceRight((word, byte) => (word << 8) | byte, 0);
  if (bytes.length % 4 > 0) h ^= scramble(tail);
  h ^= bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

describe('murmur3', () => {
  it('gives the frozen vectors, which an independent implementation wrote', () => {
    expect(golden.murmur3.length).toBeGreaterThan(100);
    for (const [text, seed, hash] of golden.murmur3) expect(murmur3(text, seed), JSON.stringify(text)).toBe(hash);
  });

  it('agrees with published values', () => {
    expect(murmur3('', 0)).toBe(0);
    expect(murmur3('', 1)).toBe(0x514e28b7);
    expect(murmur3('hello', 0)).toBe(0x248bfa47);
    expect(murmur3('The quick brown fox jumps over the lazy dog', 0x9747b28c)).toBe(0x2fa826cd);
  });

  it('hashes the bytes that TextEncoder writes, whatever the text, lone surrogates included', () => {
    const encoder = new TextEncoder();
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string(), loneSurrogates);
    fc.assert(
      fc.property(text, fc.nat(0xffffffff), (s, seed) => murmur3(s, seed) === ofBytes(encoder.encode(s), seed)),
      { seed: 42, numRuns: 600 },
    );
  });

  it('is the same number unsigned and signed', () => {
    for (const text of ['a', 'user-1', 'é']) expect(murmur3Int32(text, 5) >>> 0).toBe(murmur3(text, 5));
  });
});

const loneSurrogates = fc.array(fc.constantFrom('a', '\ud83d', '\ude00', 'é', '日')).map((parts) => parts.join(''));
