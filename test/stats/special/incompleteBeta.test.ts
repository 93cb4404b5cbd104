import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/index.ts';
import { incompleteBeta, logBeta } from '../../../src/stats/special/index.ts';
import { expectClose } from '../../support/golden.ts';

const shape = fc.double({ min: Math.log(1e-3), max: Math.log(1e6), noNaN: true }).map(Math.exp);

describe('incompleteBeta', () => {
  it('has closed forms where a parameter is 1', () => {
    for (const x of [1e-100, 0.1, 0.5, 0.77]) {
      expectClose(incompleteBeta(0.4, 1, x).lower, x ** 0.4, 1e-13, `x = ${x}`);
      expectClose(incompleteBeta(1, 0.4, x).upper, (1 - x) ** 0.4, 1e-13, `x = ${x}`);
      expectClose(incompleteBeta(1, 7, x).lower, -Math.expm1(7 * Math.log1p(-x)), 1e-13, `x = ${x}`);
    }
    expect(incompleteBeta(2, 3, 0.25)).toEqual({ lower: 0.26171875000000006, upper: 0.73828125 });
  });

  it('keeps the recurrence I_x(a, b) - I_x(a + 1, b) = x^a y^b / (a B(a, b))', () => {
    const z = fc.double({ min: -6, max: 6, noNaN: true });
    fc.assert(
      fc.property(shape, shape, z, (a, b, offset) => {
        const mean = a / (a + b);
        const x = mean + offset * Math.sqrt((mean * (1 - mean)) / (a + b + 1));
        if (!(x > 1e-9 && x < 1 - 1e-9)) return;
        const step = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - Math.log(a) - logBeta(a, b));
        const [here, next] = [incompleteBeta(a, b, x), incompleteBeta(a + 1, b, x)];
        const tolerance = 4e-16 * (20 + a * Math.abs(Math.log(x)) + b * Math.abs(Math.log1p(-x)));
        expect(Math.abs(here.lower - next.lower - step)).toBeLessThanOrEqual(tolerance * step + 1e-15);
        expect(Math.abs(next.upper - here.upper - step)).toBeLessThanOrEqual(tolerance * step + 1e-15);
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  it('takes y where 1 - x would have lost it', () => {
    expect(incompleteBeta(3, 0.5, 1).upper).toBe(0);
    const { lower, upper } = incompleteBeta(3, 0.5, 1, 1e-60);
    expect(lower).toBe(1);
    // y^b / (b B(b, a)) is all there is of it.
    expectClose(upper, Math.sqrt(1e-60) / (0.5 * Math.exp(logBeta(3, 0.5))), 1e-14);
    expect(incompleteBeta(0.5, 3, 1e-60, 1)).toEqual({ lower: upper, upper: lower });
  });

  it('has no seam between series, fraction and quadrature', () => {
    for (const [a, b] of [
      [0.499999, 3],
      [0.5, 3],
      [3, 0.4999],
      [9999.9, 2e4],
      [10000, 2e4],
      [1e6, 1e6],
    ] as const) {
      const mean = a / (a + b);
      const sd = Math.sqrt((mean * (1 - mean)) / (a + b + 1));
      const seams = [0.5, 1.2 / b, 1 - 1.2 / a, mean, mean - Math.SQRT2 * sd, mean + Math.SQRT2 * sd];
      for (const x of seams.filter((at) => at > 0 && at < 1)) {
        const [below, above] = [incompleteBeta(a, b, x * (1 - 1e-15)), incompleteBeta(a, b, x * (1 + 1e-15))];
        expectClose(below.lower, above.lower, 1e-11, `${a}, ${b}, ${x}`, 1e-300);
        expectClose(below.upper, above.upper, 1e-11, `${a}, ${b}, ${x}`, 1e-300);
      }
    }
  });

  it('has no seam in y either, where x is close to 1', () => {
    for (const [a, b] of [
      [1e6, 0.7],
      [1e6, 0.4999],
      [1e5, 3],
    ] as const) {
      const [y0, y1] = [(1.2 / a) * (1 - 1e-14), (1.2 / a) * (1 + 1e-14)];
      const [below, above] = [incompleteBeta(a, b, 1 - y0, y0), incompleteBeta(a, b, 1 - y1, y1)];
      expectClose(below.lower, above.lower, 1e-13, `${a}, ${b}`);
      expectClose(below.upper, above.upper, 1e-13, `${a}, ${b}`);
    }
  });

  it('does not hang or fail for parameters far beyond those of statistics', () => {
    for (const a of [1e8, 1e12, 1e15]) {
      expectClose(incompleteBeta(a, a, 0.5).lower, 0.5, 1e-15);
      const x = 0.5 - 5 / Math.sqrt(8 * a);
      expectClose(incompleteBeta(a, a, x).lower, 2.8665157187919333e-7, 1e-2);
    }
    expectClose(incompleteBeta(1e-200, 1e-200, 0.3).lower, 0.5, 1e-15);
  });

  it('answers at the ends and refuses the rest', () => {
    expect(incompleteBeta(2, 3, 0)).toEqual({ lower: 0, upper: 1 });
    expect(incompleteBeta(2, 3, 1)).toEqual({ lower: 1, upper: 0 });
    const bad = [
      [0, 1, 0.5],
      [1, 0, 0.5],
      [-1, 1, 0.5],
      [Number.NaN, 1, 0.5],
      [1, Number.POSITIVE_INFINITY, 0.5],
      [1e16, 1, 0.5],
      [1, 1e16, 0.5],
      [1, 1, -0.1],
      [1, 1, 1.1],
      [1, 1, Number.NaN],
    ];
    for (const [a, b, x] of bad)
      expect(() => incompleteBeta(a ?? 0, b ?? 0, x ?? 0), `${a}, ${b}, ${x}`).toThrow(InvalidOptionError);
    for (const y of [0.51, -1e-20, Number.NaN]) expect(() => incompleteBeta(1, 1, 0.5, y)).toThrow(InvalidOptionError);
    expect(() => incompleteBeta(1, 1, 0.25, 0.8)).toThrow(/y.*\[0\.75, 0\.75\]/);
    expect(() => incompleteBeta(1, 1, 1, -1e-20)).toThrow(InvalidOptionError);
  });
});
