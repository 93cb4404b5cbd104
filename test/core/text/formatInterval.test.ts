import { describe, expect, it } from 'vitest';
import { formatInterval, type IntervalFormat } from '../../../src/core/text/formatInterval.ts';
import { formatPercent } from '../../../src/core/text/formatPercent.ts';

const inf = Number.POSITIVE_INFINITY;

describe('formatInterval', () => {
  const cases: [readonly [number, number], IntervalFormat | undefined, string][] = [
    [[0.01234, 0.04631], undefined, '[0.0123, 0.0463]'],
    [[1203.4, 1323.4], undefined, '[1,203, 1,323]'],
    [[-1, 1], undefined, '[-1.00, 1.00]'],
    [[-inf, 1.2], undefined, '(-∞, 1.2]'],
    [[-1, inf], { level: 0.95 }, '95% [-1, ∞)'],
    [[0.1, 0.2], { level: 0.999 }, '99.9% [0.100, 0.200]'],
    [[0.5, 0.5], undefined, '[0.5, 0.5]'],
    [[-0.021, 0.034], { format: (end) => formatPercent(end, { sign: true }) }, '[-2.1%, +3.4%]'],
    [[Number.NaN, 1], undefined, 'n/a'],
    [[1e-15, 2e-15], undefined, '[1e-15, 2e-15]'],
  ];
  it.each(cases)('writes %j with %j as %s', (interval, format, text) => {
    expect(formatInterval(interval, format)).toBe(text);
  });

  it('never lets an end read as 0 that is not: whether 0 is inside is the question', () => {
    expect(formatInterval([0.00003, 0.0341])).toBe('[0.00003, 0.0341]');
    expect(formatInterval([-12, -0.0004])).toBe('[-12.0, -0.0004]');
    expect(formatInterval([0, 12])).toBe('[0.0, 12.0]');
  });
});
