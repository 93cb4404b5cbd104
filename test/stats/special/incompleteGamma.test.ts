import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/index.ts';
import { erfc, incompleteGamma, logGamma } from '../../../src/stats/special/index.ts';
import { expectClose } from '../../support/golden.ts';

const shape = fc.double({ min: Math.log(1e-3), max: Math.log(1e6), noNaN: true }).map(Math.exp);

describe('incompleteGamma', () => {
  it('has closed forms for shapes 1/2, 1 and 2', () => {
    for (const x of [1e-10, 0.3, 1.19, 1.21, 5, 50, 600]) {
      expectClose(incompleteGamma(0.5, x).upper, erfc(Math.sqrt(x)), 3e-13, `x = ${x}`);
      expectClose(incompleteGamma(1, x).upper, Math.exp(-x), 2e-16, `x = ${x}`);
      expectClose(incompleteGamma(1, x).lower, -Math.expm1(-x), 1e-14, `x = ${x}`);
      expectClose(incompleteGamma(2, x).upper, (1 + x) * Math.exp(-x), x < 2 ? 1e-14 : 5e-16, `x = ${x}`);
    }
  });

  it('sums what is finite: whole and half shapes above the mean, to the last digits', () => {
    const fromMpmath: readonly (readonly [number, number, number])[] = [
      [0.5, 0.5, 0.3173105078629141],
      [1.5, 2.6, 0.15772445039666289],
      [2.5, 2.5, 0.41588018699550794],
      [7, 9, 0.206780839859987],
      [14.5, 60, 4.920821020640403e-13],
      [29.5, 700, 7.650917379760501e-254],
      [30, 30, 0.4757169861063199],
    ];
    for (const [a, x, upper] of fromMpmath) {
      expectClose(incompleteGamma(a, x).upper, upper, 2e-15, `a = ${a}, x = ${x}`);
      // A shape beside it takes the continued fraction.
      expectClose(incompleteGamma(a * (1 + 1e-13), x).upper, upper, 1e-11, `a = ${a}, x = ${x}`);
    }
  });

  it('keeps the recurrence Q(a + 1, x) = Q(a, x) + x^a e^-x / Γ(a + 1)', () => {
    fc.assert(
      fc.property(shape, fc.double({ min: -6, max: 6, noNaN: true }), (a, z) => {
        const x = Math.max(a + z * Math.sqrt(a), a / 100);
        const step = Math.exp(a * Math.log(x) - x - logGamma(a + 1));
        const [here, next] = [incompleteGamma(a, x), incompleteGamma(a + 1, x)];
        // The step itself loses a ln x in its exponent.
        const tolerance = 4e-16 * (20 + a * Math.abs(Math.log(x)) + x);
        expect(Math.abs(next.upper - here.upper - step)).toBeLessThanOrEqual(tolerance * step + 1e-15);
        expect(Math.abs(here.lower - next.lower - step)).toBeLessThanOrEqual(tolerance * step + 1e-15);
      }),
      { seed: 42, numRuns: 500 },
    );
  });

  it('has no seam between series, fraction and quadrature', () => {
    for (const a of [0.499999, 0.5, 1.2, 1999.9, 2000, 250000]) {
      for (const x of [1.2, a, a - 2 * Math.sqrt(a), a + 2 * Math.sqrt(a)]) {
        if (!(x > 0)) continue;
        const [below, above] = [incompleteGamma(a, x * (1 - 1e-14)), incompleteGamma(a, x * (1 + 1e-14))];
        expectClose(below.lower, above.lower, 1e-10, `a = ${a}, x = ${x}`, 1e-300);
        expectClose(below.upper, above.upper, 1e-10, `a = ${a}, x = ${x}`, 1e-300);
      }
    }
  });

  it('does not hang or fail for shapes far beyond those of statistics', () => {
    for (const a of [1e8, 1e12, 1e15]) {
      const { lower, upper } = incompleteGamma(a, a);
      // The median lies 1/3 below the mean.
      expectClose(upper - lower, -2 / (3 * Math.sqrt(2 * Math.PI * a)), 1e-2);
      expectClose(incompleteGamma(a, a + 5 * Math.sqrt(a)).upper, 2.8665157187919333e-7, 1e-2);
    }
    expect(incompleteGamma(1e-300, 1).lower).toBe(1);
    expectClose(incompleteGamma(1e-300, 1).upper, 0.21938393439552029e-300, 1e-14);
  });

  it('answers at the ends and refuses the rest', () => {
    expect(incompleteGamma(3, 0)).toEqual({ lower: 0, upper: 1 });
    expect(incompleteGamma(3, Number.POSITIVE_INFINITY)).toEqual({ lower: 1, upper: 0 });
    for (const [a, x] of [
      [0, 1],
      [-1, 1],
      [Number.NaN, 1],
      [Number.POSITIVE_INFINITY, 1],
      [1, -1e-9],
      [1, Number.NaN],
    ]) {
      expect(() => incompleteGamma(a ?? 0, x ?? 0)).toThrow(InvalidOptionError);
    }
  });

  it('has no upper tail left, not NaN, where the powers of a finite sum would overflow', () => {
    expect(incompleteGamma(30, 1e12)).toEqual({ lower: 1, upper: 0 });
    expect(incompleteGamma(29.5, 1e300)).toEqual({ lower: 1, upper: 0 });
  });
});
