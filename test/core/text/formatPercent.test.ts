import { describe, expect, it } from 'vitest';
import { formatPercent } from '../../../src/core/text/formatPercent.ts';

describe('formatPercent', () => {
  it.each([
    [0.1234, undefined, '12.3%'],
    [0, undefined, '0.0%'],
    [1, undefined, '100.0%'],
    [2.5, undefined, '250.0%'],
    [-0.05, { sign: true, decimals: 0 }, '-5%'],
    [0.05, { sign: true }, '+5.0%'],
    [0.95, { decimals: 0 }, '95%'],
    [12.3456, undefined, '1,234.6%'],
  ])('writes %d with %j as %s', (fraction, format, text) => {
    expect(formatPercent(fraction, format)).toBe(text);
  });

  it('never reads as nothing or all where it is not', () => {
    expect(formatPercent(0.00004)).toBe('0.004%');
    expect(formatPercent(-0.00004, { sign: true })).toBe('-0.004%');
    expect(formatPercent(0.99996)).toBe('99.996%');
    expect(formatPercent(0.996, { decimals: 0 })).toBe('99.6%');
    expect(formatPercent(1.0001, { decimals: 0 })).toBe('100.01%');
    expect(formatPercent(0.9999999)).toBe('99.99999%');
    expect(formatPercent(3e-18)).toBe('3e-16%');
  });

  it('says what is not a number', () => {
    expect(formatPercent(Number.NaN)).toBe('n/a');
    expect(formatPercent(Number.NEGATIVE_INFINITY)).toBe('-∞%');
  });
});
