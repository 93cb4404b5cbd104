import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../src/core/errors.ts';
import { isUnit, type Unit, unitText } from '../../src/core/Unit.ts';

describe('unitText', () => {
  it('knows a unit by its text, whatever its type', () => {
    expect([1, 1n, '1'].map(unitText)).toEqual(['1', '1', '1']);
    expect([0, -0, 0n, '0'].map(unitText)).toEqual(['0', '0', '0', '0']);
    expect([-1.5, 1e21, 10n ** 21n].map(unitText)).toEqual(['-1.5', '1e+21', '1000000000000000000000']);
  });

  it('keeps text as it is', () => {
    for (const text of ['01', ' ', 'é', 'e\u0301', '\ud83d\ude00', '\u0000']) expect(unitText(text)).toBe(text);
  });

  it('refuses what a missing id turns into', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '', undefined, null, {}, true]) {
      expect(isUnit(value)).toBe(false);
      expect(() => unitText(value as Unit)).toThrow(InvalidOptionError);
    }
    for (const value of [0, -3, 'x', 0n]) expect(isUnit(value)).toBe(true);
  });
});
