import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../../../src/core/index.ts';
import { gaussian } from '../../../src/stats/special/erf.ts';
import { erf, erfc, erfcx } from '../../../src/stats/special/index.ts';
import { expectClose } from '../../support/golden.ts';

describe('erf, erfc and erfcx', () => {
  it('agree with each other', () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 26, noNaN: true }), (x) => {
        expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThanOrEqual(3e-16);
        expect(erf(-x)).toBe(-erf(x));
        expectClose(erfcx(x), erfc(x) / gaussian(x, 1), 1e-15);
        expectClose(erfc(-x), 2 - erfc(x), 3e-16);
      }),
      { seed: 42, numRuns: 1000 },
    );
  });

  it('are right to the last digits where most p-values come from', () => {
    // By mpmath.
    for (const [x, lower, upper] of [
      [-0.7, -0.6778011938374184, 1.6778011938374184],
      [0.3, 0.3286267594591274, 0.6713732405408726],
      [0.6, 0.6038560908479259, 0.3961439091520741],
      [0.8749, 0.7840225819637185, 0.2159774180362814],
      [0.9, 0.7969082124228322, 0.20309178757716786],
      [1, 0.8427007929497149, 0.15729920705028513],
      [1.2, 0.9103139782296353, 0.08968602177036464],
      [1.25, 0.9229001282564583, 0.07709987174354177],
    ] as const) {
      expectClose(erf(x), lower, 2.3e-16, `erf(${x})`);
      expectClose(erfc(x), upper, 4e-16, `erfc(${x})`);
    }
  });

  it('do not jump where one approximation gives way to the next', () => {
    for (const x of [0.5, 0.875, 1, 1.25, 2, 6, -0.5, -0.875, -1.25]) {
      const [below, above] = [x - 2 ** -50, x + 2 ** -50];
      for (const f of [erf, erfc, erfcx]) expectClose(f(below), f(above), 3e-14, `${f.name} at ${x}`);
    }
  });

  it('reach their limits', () => {
    expect([erf(Number.POSITIVE_INFINITY), erf(Number.NEGATIVE_INFINITY), erf(0)]).toEqual([1, -1, 0]);
    expect([erfc(Number.POSITIVE_INFINITY), erfc(Number.NEGATIVE_INFINITY), erfc(0)]).toEqual([0, 2, 1]);
    expect([erfcx(Number.POSITIVE_INFINITY), erfcx(Number.NEGATIVE_INFINITY), erfcx(0)]).toEqual([
      0,
      Number.POSITIVE_INFINITY,
      1,
    ]);
    expect(erfc(26.5)).toBeGreaterThan(0);
    expect(erfc(28)).toBe(0);
    expectClose(erfcx(1e100), 1 / (1e100 * Math.sqrt(Math.PI)), 1e-15);
  });

  it('refuse NaN', () => {
    for (const f of [erf, erfc, erfcx]) expect(() => f(Number.NaN)).toThrow(InvalidOptionError);
  });

  it('keep the digits of the square', () => {
    // exp(-scale x^2) by mpmath.
    for (const [x, scale, want] of [
      [5.123456789, 1, 3.9797207247692044e-12],
      [20.3, 1, 1.0754418989816755e-179],
      [37.1, 0.5, 1.3072723687206494e-299],
      [12.7, 2, 8.040555012071339e-141],
    ] as const) {
      expectClose(gaussian(x, scale), want, 6e-16, `gaussian(${x}, ${scale})`);
    }
  });
});
