import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../../src/core/text/displayWidth.ts';
import { wrapText } from '../../../src/core/text/wrapText.ts';

describe('wrapText', () => {
  it('breaks at spaces, and within a word that is too long', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefgh ij', 3)).toEqual(['abc', 'def', 'gh', 'ij']);
    expect(wrapText('日本語です', 5)).toEqual(['日本', '語で', 'す']);
    expect(wrapText('first\nsecond line', 20)).toEqual(['first', 'second line']);
    expect(wrapText('', 5)).toEqual(['']);
  });

  it('fits every line and loses nothing but spaces', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '日', '😀', '\n') });
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 12 }), (t, width) => {
        const lines = wrapText(t, width);
        expect(lines.every((line) => displayWidth(line) <= width)).toBe(true);
        expect(lines.join('').replaceAll(' ', '')).toBe(t.replaceAll(/[ \n]/g, ''));
      }),
      { seed: 42, numRuns: 500 },
    );
  });
});
