import { describe, expect, it } from 'vitest';
import { displayWidth, padText } from '../../../src/core/text/displayWidth.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['champion', 8],
    ['żółć', 4],
    ['e\u0301', 1],
    ['日本語', 6],
    ['한국', 4],
    ['😀', 2],
    ['👍🏽', 2],
    ['a\u200db', 2],
    ['∞ ± █', 5],
    ['ＡＢ', 4],
  ])('of %j is %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

describe('padText', () => {
  it('fills up by columns, not by UTF-16 units, and never cuts', () => {
    expect(padText('日本', 6)).toBe('日本  ');
    expect(padText('ab', 4, 'right')).toBe('  ab');
    expect(padText('abcdef', 3)).toBe('abcdef');
  });
});
