import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPValue } from '../../../src/core/text/formatPValue.ts';

describe('formatPValue', () => {
  it.each([
    [0.0342, '0.034'],
    [0.34, '0.34'],
    [0.5, '0.50'],
    [0.00034, '0.00034'],
    [0.00001, '1e-5'],
    [3.21e-12, '3.2e-12'],
    [2e-310, '2e-310'],
    [0, '<5e-324'],
    [1, '1'],
    [0.9949, '0.99'],
    [0.9999, '>0.99'],
    [0.05, '0.050'],
    [0.04996, '0.04996'],
    [0.0504, '0.0504'],
    [Number.NaN, 'n/a'],
    [1.2, 'n/a'],
  ])('writes %d as %s', (p, text) => {
    expect(formatPValue(p)).toBe(text);
  });

  it('reads on the side of alpha on which it is', () => {
    const p = fc.double({ min: 0, max: 0.99, noNaN: true, minExcluded: true });
    const alpha = fc.constantFrom(0.05, 0.01, 0.001, 0.1);
    fc.assert(
      fc.property(
        fc.oneof(
          p,
          p.map((x) => 0.05 + (x - 0.5) * 1e-4),
        ),
        alpha,
        (value, a) => {
          const read = Number(formatPValue(value, { alpha: a }));
          expect(read < a).toBe(value < a);
          expect(read > a).toBe(value > a);
        },
      ),
      { seed: 42, numRuns: 1000 },
    );
  });
});
