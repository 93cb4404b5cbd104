import { describe, expect, it } from 'vitest';
import { thinned } from '../../../src/stats/ranks/PairSet.ts';

const upTo = (length: number) => Float64Array.from({ length }, (_, i) => i);

describe('thinned', () => {
  it('keeps the middle of equal parts, from 256 observations on, then every eighth, at most 8192', () => {
    expect(thinned(upTo(768))).toEqual(Float64Array.from({ length: 256 }, (_, i) => 3 * i + 1));
    expect(thinned(upTo(8 * 512))).toEqual(Float64Array.from({ length: 512 }, (_, i) => 8 * i + 4));
    expect(thinned(upTo(16 * 8192))).toEqual(Float64Array.from({ length: 8192 }, (_, i) => 16 * i + 8));
  });

  it('leaves alone what is at most twice as large as what would remain', () => {
    const small = upTo(512);
    expect(thinned(small)).toBe(small);
    expect(thinned(upTo(513))).toHaveLength(256);
  });
});
