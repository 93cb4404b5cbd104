import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumber, type NumberFormat } from '../../../src/core/text/formatNumber.ts';

describe('formatNumber', () => {
  const cases: [number, NumberFormat | undefined, string][] = [
    [0, undefined, '0'],
    [-0, undefined, '0'],
    [1, undefined, '1'],
    [0.5, undefined, '0.5'],
    [12345.678, undefined, '12,346'],
    [999.96, undefined, '1,000'],
    [9999.6, undefined, '10,000'],
    [1234567, undefined, '1,234,567'],
    [999_999_999_999_999, undefined, '999,999,999,999,999'],
    [1e15, undefined, '1e15'],
    [1.23456e20, undefined, '1.235e20'],
    [0.098765, undefined, '0.09877'],
    [-0.00012345, undefined, '-0.0001234'],
    [1e-6, undefined, '0.000001'],
    [1.2e-9, undefined, '1.2e-9'],
    [-3e-10, undefined, '-3e-10'],
    [1 / 3, { significant: 2 }, '0.33'],
    [1234.5, { significant: 1 }, '1,235'],
    [2, { decimals: 2 }, '2.00'],
    [2, { decimals: 2, sign: true }, '+2.00'],
    [-0.001, { decimals: 2 }, '0.00'],
    [-0.001, { decimals: 2, sign: true }, '0.00'],
    [0, { sign: true }, '0'],
    [1234.5678, { decimals: 3 }, '1,234.568'],
    [1e-9, { decimals: 3 }, '0.000'],
    [1e22, { decimals: 3 }, '1e22'],
    [Number.NaN, undefined, 'n/a'],
    [Number.NaN, { decimals: 2, sign: true }, 'n/a'],
    [Number.POSITIVE_INFINITY, undefined, '∞'],
    [Number.POSITIVE_INFINITY, { sign: true }, '+∞'],
    [Number.NEGATIVE_INFINITY, { decimals: 2 }, '-∞'],
  ];
  it.each(cases)('writes %d with %j as %s', (value, format, text) => {
    expect(formatNumber(value, format)).toBe(text);
  });

  it('reads back to within half of its last significant digit', () => {
    const value = fc.double({ min: -1e20, max: 1e20, noNaN: true });
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 15 }), (x, significant) => {
        const back = Number(formatNumber(x, { significant }).replaceAll(',', ''));
        expect(Math.abs(back - x)).toBeLessThanOrEqual(Math.abs(x) * 0.5 * 10 ** (1 - significant) * (1 + 1e-9));
      }),
      { seed: 42, numRuns: 1000 },
    );
  });
});
