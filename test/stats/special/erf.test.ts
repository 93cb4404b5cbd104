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

  it('do not jump where one approximation gives way to the next', () => {
    for (const x of [0.5, 1, 2, 6, -0.5]) {
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
});
